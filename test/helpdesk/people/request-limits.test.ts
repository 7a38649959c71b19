import { BlockList } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";

const HOUR = 60 * 60_000;
const STRANGER = "203.0.113.1";
const OWNER = "198.51.100.1";
const EMAIL = "grace@example.com";

async function openBehindProxy(): Promise<OpenHelpdesk> {
	const trustedProxies = new BlockList();
	trustedProxies.addAddress("127.0.0.1");
	return openHelpdesk({ startLimit: 1000, trustedProxies });
}

/** Sends a form from a client address, in a new browser. @param page a page with a form. */
async function send(
	{ portal }: OpenHelpdesk,
	path: string,
	address: string,
	email: string,
	page = path,
): Promise<Response> {
	const visitor = new HttpVisitor();
	const { html } = await visitor.open(`${portal}${page}`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	const body = new URLSearchParams({ _csrf: proof, name: "G", email, password: "correct horse" });
	const headers = { "x-forwarded-for": address };
	return visitor.request(`${portal}${path}`, { method: "POST", headers, body });
}

test.each(["/register", "/forgot"] as const)(
	"finding 6: one network sends %s twenty times an hour, and then waits; others do not",
	async (path) => {
		const open = await openBehindProxy();
		const statuses: number[] = [];
		for (let index = 0; index < 20; index += 1) {
			const { status } = await send(open, path, STRANGER, `p${index}@example.com`);
			statuses.push(status);
		}
		expect(new Set(statuses)).toEqual(new Set([200]));

		const refused = await send(open, path, STRANGER, EMAIL);

		expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3600"]);
		expect(await refused.text()).toContain("Wait an hour and try again.");
		// The other form, another network, and the next hour.
		const other = path === "/register" ? "/forgot" : "/register";
		expect((await send(open, other, STRANGER, EMAIL)).status).toBe(200);
		expect((await send(open, path, OWNER, EMAIL)).status).toBe(200);
		open.clock.advance(HOUR);
		expect((await send(open, path, STRANGER, EMAIL)).status).toBe(200);
	},
);

test.each([
	["/reset", "/forgot"],
	["/register/confirm", "/register"],
])(
	"finding 2: one network has twenty passwords an hour hashed by %s, and stops nobody else",
	async (path, page) => {
		const open = await openBehindProxy();
		const statuses: number[] = [];
		for (let index = 0; index < 21; index += 1) {
			statuses.push((await send(open, path, STRANGER, EMAIL, page)).status);
		}

		expect(statuses).toEqual([...Array.from({ length: 20 }, () => 400), 429]);
		expect((await send(open, path, OWNER, EMAIL, page)).status).toBe(400);
	},
);

test("finding 11: strangers in many networks who register an address do not stop its owner", async () => {
	const open = await openBehindProxy();
	for (let index = 0; index < 12; index += 1) {
		await send(open, "/register", `203.0.113.${index}`, EMAIL);
	}

	expect((await send(open, "/register", OWNER, EMAIL)).status).toBe(200);
});

test("finding 6: addresses of one IPv6 network share a limit", async () => {
	const open = await openBehindProxy();
	for (let index = 0; index < 20; index += 1) {
		await send(open, "/forgot", `2001:db8:1:2::${index + 1}`, EMAIL);
	}

	expect((await send(open, "/forgot", "2001:db8:1:2:ffff::1", EMAIL)).status).toBe(429);
	expect((await send(open, "/forgot", "2001:db8:1:3::1", EMAIL)).status).toBe(200);
});

test("finding 11: one network has five letters an hour written to an address, and stops nobody else's", async () => {
	const open = await openBehindProxy();
	for (let index = 0; index < 7; index += 1) {
		await send(open, "/register", STRANGER, EMAIL);
	}
	await send(open, "/register", OWNER, EMAIL);
	await send(open, "/register", STRANGER, "other@example.com");

	await eventually(async () => {
		const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/mailbox`);
		expect(html.split(`To ${EMAIL},`)).toHaveLength(1 + 5 + 1);
		expect(html).toContain("To other@example.com,");
	});
});

test("no limit without a limit of log-ins, and no address of a person in the storage", async () => {
	const unlimited = await openCore();
	for (let index = 0; index < 50; index += 1) {
		expect(await unlimited.requestLimits.secondsToWait("register", STRANGER)).toBe(0);
	}
	const open = await openBehindProxy();
	await send(open, "/register", STRANGER, EMAIL);

	const counts = await eventually(async () => {
		const found = await stored(open.storage, ["request-counts"]);
		expect(found).toHaveLength(2);
		return found.join();
	});

	expect(counts).not.toContain(STRANGER);
	expect(counts).not.toContain(EMAIL);
});
