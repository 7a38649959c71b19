// Users of a SupportPal are found or created by its REST API before they get there.
import { describe, expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { handedUser } from "../../../src/helpdesk/hand-off/hand-off-tokens.ts";
import { SupportPalUsers } from "../../../src/helpdesk/hand-off/supportpal-users.ts";
import { PublicHttp } from "../../../src/ports/public-http.ts";
import { ADA, DESK } from "../../kit/hand-off/handed.ts";
import {
	API_TOKEN,
	agree,
	confirmedUser,
	deliver,
	deliveryIn,
	openHandOff,
} from "../../kit/hand-off/open-hand-off.ts";

async function handOver(desk: Parameters<typeof openHandOff>[1] = {}) {
	const open = await openHandOff("supportpal", { withApi: true, ...desk });
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	return { open, visitor, answer: () => agree(visitor) };
}

test("a new user is created there once, with the address that was proven here", async () => {
	const { open, visitor, answer } = await handOver({ desk: { remoteBrandId: 2 } });
	expect(visitor.seen.html).toContain("your name: <bdi><strong>Grace Hopper</strong></bdi>");
	expect(open.product.calls).toEqual([]);
	await answer();
	expect(open.product.users).toEqual([
		{
			// A number, as in its own client for PHP.
			brand_id: 2,
			firstname: "Grace",
			lastname: "Hopper",
			email: "grace@example.com",
			email_verified: true,
			send_email: false,
			language_code: "en",
		},
	]);
	expect(await deliver(deliveryIn(visitor))).toMatchObject({ status: 302 });
	await visitor.open(open.page);
	expect(open.product.calls.map(([method, query]) => [method, query])).toEqual([
		["GET", "?email=grace%40example.com&limit=1&brand_id=2"],
		["POST", ""],
		["GET", "?email=grace%40example.com&limit=1&brand_id=2"],
	]);
	expect(open.product.users).toHaveLength(1);
});

test("an account that is there already stays as it is, whatever its address is", async () => {
	const { open, visitor, answer } = await handOver();
	const there = { id: 7, email: "grace@example.com", email_verified: 0, password: "somebody's" };
	open.product.users.push(there);
	await answer();
	expect(open.product.users).toEqual([there]);
	expect(open.product.calls.map(([method]) => method)).toEqual(["GET"]);
	expect(await deliver(deliveryIn(visitor))).toMatchObject({ status: 302 });
});

test("of two browsers of a new user, both get there, and one creates the user", async () => {
	const { open, visitor, answer } = await handOver();
	open.product.faults.set("GET", (response) => {
		// The other browser creates the user after this one has looked.
		open.product.faults.delete("GET");
		open.product.users.push({ email: "grace@example.com" });
		response.end(JSON.stringify({ status: "success", data: [] }));
	});
	await answer();
	expect(open.product.calls.map(([method]) => method)).toEqual(["GET", "POST", "GET"]);
	expect(await deliver(deliveryIn(visitor))).toMatchObject({ status: 302 });
	expect(open.product.users).toHaveLength(1);
});

test("a search that ignores its filter finds nobody else", async () => {
	const { open, answer } = await handOver();
	open.product.faults.set("GET", (response) => {
		response.end(JSON.stringify({ status: "success", data: [{ email: "root@example.com" }] }));
	});
	await answer();
	expect(open.product.users.map(({ email }) => email)).toEqual(["grace@example.com"]);
});

describe("there is no token, a page with a code, and a line in the log when the API", () => {
	test.each([
		["refuses the token", "GET", 401, "{}", "answered with the status 401"],
		["redirects", "GET", 302, "", "answered with the status 302"],
		["fails", "GET", 500, "", "answered with the status 500"],
		["answers something else", "GET", 200, "<html>", "something else than success"],
		["says that it failed", "GET", 200, '{"status":"error"}', "something else than success"],
		["answers too much", "GET", 200, "x".repeat(20_000), "not answered: too-large"],
		["refuses a new user", "POST", 422, '{"status":"error"}', "answered with the status 422"],
	] as const)("%s", async (_, method, status, body, why) => {
		const { open, visitor, answer } = await handOver();
		open.product.faults.set(method, (response) => {
			response.writeHead(status, { location: `${open.product.address}/elsewhere` }).end(body);
		});
		const { status: shown, html } = await answer();
		expect(shown).toBe(502);
		expect(deliveryIn(visitor).action).toBe("");
		const [, trace = ""] = /<code>([0-9a-f]{10})<\/code>/.exec(html) ?? [];
		const line = open.log.find((each) => each.includes(trace)) ?? expect.fail("no line");
		expect(JSON.parse(line).fields.why).toContain(why);
		expect(line).not.toContain("grace@example.com");
		expect(line).not.toContain(API_TOKEN);

		// It works again once the API does.
		open.product.faults.clear();
		await visitor.open(open.page);
		expect(await deliver(deliveryIn(visitor))).toMatchObject({ status: 302 });
	});

	test("is at a private address that nobody has allowed", async () => {
		const { open, answer } = await handOver({ helpdesk: { allowPrivate: [] } });
		expect((await answer()).status).toBe(502);
		expect(open.log.join("\n")).toContain("--allow-private and its host");
		expect(open.product.calls).toEqual([]);
	});
});

test("without an API token nobody is looked up or created", async () => {
	const { open, visitor, answer } = await handOver({ withApi: false });
	expect(visitor.seen.html).not.toContain("your name");
	await answer();
	expect(open.product.calls).toEqual([]);
	expect(deliveryIn(visitor).fields.has("token")).toBe(true);
});

test.each([
	["Ada Lovelace", "Ada", "Lovelace"],
	["Ada", "Ada", "-"],
	["Ada King Lovelace", "Ada", "King Lovelace"],
])("the name %s is sent as %s and %s", async (name, firstname, lastname) => {
	const bodies: string[] = [];
	const users = new SupportPalUsers({
		send: async ({ body }) => {
			bodies.push(body ?? "");
			return { kind: "answer", status: 200, headers: {}, body: '{"status":"success","data":[]}' };
		},
	});
	const user = handedUser({ ...ADA, name }, DESK) ?? expect.fail("nobody");
	expect(await users.findOrCreate(DESK, user, secret(API_TOKEN))).toEqual({ kind: "done" });
	expect(JSON.parse(bodies[1] ?? "")).toMatchObject({ firstname, lastname, language_code: "en" });
});

test("a call goes to the internet only, unless the operator names the host", async () => {
	const http = new PublicHttp({ allowPrivate: [] });
	const users = new SupportPalUsers(http);
	for (const address of ["http://support.example.com", "https://127.0.0.1", "https://10.0.0.1/x"]) {
		const place = { address, remoteBrandId: null };
		expect(await users.check(place, secret(API_TOKEN))).toMatchObject({ kind: "failed" });
	}
	await http.close();
});
