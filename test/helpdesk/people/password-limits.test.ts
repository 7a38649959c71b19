import { BlockList } from "node:net";
import { expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

/** The time limit for tests that hash many passwords on a machine that may be busy. */
const LONG = 180_000;

/** Sends a number of forms, one after the other. @returns their statuses. */
async function statusesOf(count: number, send: () => ReturnType<HttpVisitor["submit"]>) {
	const statuses: number[] = [];
	for (let index = 0; index < count; index += 1) {
		statuses.push((await send()).status);
	}
	return statuses;
}

test(
	"in a stolen session guesses at the current password are limited, and a right one waits as well",
	async () => {
		const { helpdesk, operator, clock } = await openHelpdesk({ startLimit: 1000 });
		const { password } = helpdesk.operator;
		const change = async (current: string) => {
			await operator.open(`${helpdesk.adminUrl}/profile`);
			return operator.submit("/admin/profile", { current, new: "a new password of mine" });
		};

		const statuses = await statusesOf(11, () => change("a guess"));

		expect(statuses.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 400));
		expect(statuses.at(-1)).toBe(429);
		expect(await change(password ?? "")).toMatchObject({
			status: 429,
			html: expect.stringContaining("Too many attempts"),
		});
		clock.advance(60_000);
		expect((await change(password ?? "")).html).toContain("Your password is changed");
	},
	LONG,
);

const PASSWORD = "correct horse";
const GRACE = "grace@example.com";

async function logIn(visitor: HttpVisitor, url: string, email: string, password: string) {
	await visitor.open(url);
	return visitor.submit(new URL(url).pathname, { email, password });
}

/** A browser in which a user whose address nobody has proven logged in and out again. */
async function browserOf(email: string, open: OpenHelpdesk): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await logInUnconfirmed(visitor, open, { name: "Grace", email, password: PASSWORD });
	await visitor.submit("/logout");
	return visitor;
}

/** Guesses as a visitor who was never logged in, until they have to wait. */
async function guessUntilRefused(url: string, email: string): Promise<void> {
	const stranger = new HttpVisitor();
	const guess = () => logIn(stranger, url, email, "a guess");
	expect((await statusesOf(12, guess)).at(-1)).toBe(429);
}

test(
	"strangers who guess an operator's password do not lock them out of browsers in which they were logged in",
	async () => {
		const { helpdesk, operator } = await openHelpdesk({ startLimit: 1000 });
		const url = `${helpdesk.adminUrl}/login`;
		const { email } = helpdesk.operator;
		const password = helpdesk.operator.password ?? "";
		await operator.open(helpdesk.adminUrl);
		await operator.submit("/admin/logout");

		await guessUntilRefused(url, email);

		expect(await logIn(new HttpVisitor(), url, email, password)).toMatchObject({ status: 429 });
		expect(await logIn(operator, url, email, password)).toMatchObject({
			status: 200,
			url: helpdesk.adminUrl,
		});
	},
	LONG,
);

test(
	"strangers who guess a user's password do not lock them out of browsers in which they were logged in",
	async () => {
		const open = await openHelpdesk({ startLimit: 1000 });
		const { portal } = open;
		const url = `${portal}/login`;
		const known = await browserOf(GRACE, open);
		const ofAnotherUser = await browserOf("eve@example.com", open);

		await guessUntilRefused(url, GRACE);

		for (const stranger of [new HttpVisitor(), ofAnotherUser]) {
			expect(await logIn(stranger, url, GRACE, PASSWORD)).toMatchObject({ status: 429 });
		}
		expect(await logIn(known, url, GRACE, PASSWORD)).toMatchObject({
			status: 200,
			html: expect.stringContaining("You are logged in"),
		});
	},
	LONG,
);

test(
	"guesses from a known browser are limited as well, and lock nobody else out",
	async () => {
		const open = await openHelpdesk({ startLimit: 1000 });
		const { portal } = open;
		const url = `${portal}/login`;
		const known = await browserOf(GRACE, open);

		const statuses = await statusesOf(11, () => logIn(known, url, GRACE, "a guess"));

		expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
		expect(await logIn(known, url, GRACE, PASSWORD)).toMatchObject({ status: 429 });
		expect(await logIn(new HttpVisitor(), url, GRACE, PASSWORD)).toMatchObject({ status: 200 });
	},
	LONG,
);

test(
	"a user who sets a password from a letter can log in however many strangers guess, even one who made the account",
	async () => {
		const open = await openHelpdesk({ startLimit: 1000 });
		const url = `${open.portal}/login`;
		const squatter = await browserOf(GRACE, open);
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/forgot`);
		await visitor.submit("/forgot", { email: GRACE });
		const link = await eventually(async () => {
			const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/mailbox`);
			return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? expect.fail("no letter");
		});
		await guessUntilRefused(url, GRACE);

		await visitor.open(link);
		await visitor.submit("/reset", { password: "another horse" });

		expect(await logIn(squatter, url, GRACE, PASSWORD)).toMatchObject({ status: 429 });
		expect(await logIn(visitor, url, GRACE, "another horse")).toMatchObject({ status: 200 });
	},
	LONG,
);

test(
	"attempts beyond the limit of an address lock nobody out of an account",
	async () => {
		const trustedProxies = new BlockList();
		trustedProxies.addAddress("127.0.0.1");
		const open = await openHelpdesk({ startLimit: 5, trustedProxies });
		const { portal } = open;
		const from = async (address: string, password: string): Promise<number> => {
			const visitor = new HttpVisitor();
			const { html } = await visitor.open(`${portal}/login`);
			const proof = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
			const body = new URLSearchParams({ _csrf: proof, email: GRACE, password });
			const headers = { "x-forwarded-for": address };
			return (await visitor.request(`${portal}/login`, { method: "POST", headers, body })).status;
		};
		await browserOf(GRACE, open);

		const statuses: number[] = [];
		for (let index = 0; index < 20; index += 1) {
			statuses.push(await from("203.0.113.1", "a guess"));
		}

		expect(statuses.filter((status) => status === 429)).toHaveLength(15);
		expect(await from("198.51.100.1", PASSWORD)).toBe(303);
	},
	LONG,
);

test("a log-in with X makes the browser known", async () => {
	const open = await openHelpdesk({ startLimit: 1000 });
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	const answer = await visitor.request(await approveAtX(url));

	const lines = answer.headers.getSetCookie();
	const device = lines.find((line) => line.startsWith("portal-acorn-device="));
	expect(device).toMatch(/; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/);
});
