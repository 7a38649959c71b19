import { BlockList } from "node:net";
import { expect, test } from "vitest";
import { AttemptLimit } from "../../../src/helpdesk/people/attempt-limit.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { exchange, headOf } from "../../kit/helpdesk/raw-http.ts";

test("an address can start a limited number of log-ins a minute at each brand", () => {
	const clock = new MockClock();
	const limit = new AttemptLimit(2, clock);
	const start = (brandId: string, address: string) => limit.secondsToWait(brandId, address);

	expect([start("a", "1"), start("a", "1"), start("a", "1")]).toEqual([0, 0, 60]);
	expect([start("a", "2"), start("b", "1")]).toEqual([0, 0]);
	clock.advance(59_001);
	expect(start("a", "1")).toBe(1);
	clock.advance(999);
	expect(start("a", "1")).toBe(0);
});

test("0 is no limit", () => {
	const limit = new AttemptLimit(0, new MockClock());

	expect(Array.from({ length: 1000 }, () => limit.secondsToWait("a", "1"))).not.toContain(60);
});

/** Opens a helpdesk behind a proxy that passes on the visitor's address. */
async function openBehindProxy(startLimit: number): Promise<OpenHelpdesk> {
	const proxies = new BlockList();
	proxies.addAddress("127.0.0.1");
	return openHelpdesk({ startLimit, trustedProxies: proxies });
}

async function post(
	{ portal }: OpenHelpdesk,
	path: string,
	from: string,
	fields: Readonly<Record<string, string>> = {},
): Promise<Response> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	return visitor.request(`${portal}${path}`, {
		method: "POST",
		headers: { "x-forwarded-for": from },
		body: new URLSearchParams({ _csrf: proof, ...fields }),
	});
}

test("a visitor who starts too often has to wait, and X is not called", async () => {
	const open = await openBehindProxy(2);
	await setUpX(open);
	const start = (from: string) => post(open, "/login/x-login/start", from);

	expect((await start("192.0.2.1")).status).toBe(303);
	expect((await start("192.0.2.1")).status).toBe(303);
	const refused = await start("192.0.2.1");
	expect(refused.status).toBe(429);
	expect(refused.headers.get("retry-after")).toBe("60");
	expect(await refused.text()).toContain("Wait a minute");
	expect((await start("192.0.2.2")).status).toBe(303);
	expect(open.fakeX.stats().total).toBe(3);
});

test("a visitor who starts too often from the addresses of one IPv6 network has to wait", async () => {
	const open = await openBehindProxy(2);
	await setUpX(open);
	const start = async (from: string) => (await post(open, "/login/x-login/start", from)).status;

	expect(await start("2001:db8:1:2::1")).toBe(303);
	expect(await start("2001:db8:1:2:ffff::2")).toBe(303);
	expect(await start("2001:0db8:1:2::3")).toBe(429);
	expect(await start("2001:db8:1:3::1")).toBe(303);
	expect(await start("::ffff:192.0.2.1")).toBe(303);
	expect(await start("::ffff:192.0.2.2")).toBe(303);
});

test("a visitor who guesses passwords from the addresses of one IPv6 network has to wait", async () => {
	const open = await openBehindProxy(2);
	const guess = async (from: string, email: string) =>
		(await post(open, "/login", from, { email, password: "a guess" })).status;

	expect(await guess("2001:db8:1:2::1", "a@example.com")).toBe(400);
	expect(await guess("2001:db8:1:2::2", "b@example.com")).toBe(400);
	expect(await guess("2001:db8:1:2::3", "c@example.com")).toBe(429);
	expect(await guess("2001:db8:1:3::1", "d@example.com")).toBe(400);
});

test.each([
	["ports", ["198.51.100.7:51234", "198.51.100.7:51235", "198.51.100.7"], "198.51.100.8:51234"],
	[
		"brackets",
		["[2001:db8::1]:443", '"[2001:db8::2]:444"', "[2001:db8::3]"],
		"[2001:db8:0:1::1]:443",
	],
	[
		"hops",
		["unknown, 192.0.2.7:1", "_hidden, 192.0.2.7:2", "192.0.2.9:3, 192.0.2.7"],
		"192.0.2.8:1",
	],
])("a visitor behind a proxy that writes %s is counted as one", async (_, [a, b, c], other) => {
	const open = await openBehindProxy(2);
	await setUpX(open);
	const start = async (from = "") => (await post(open, "/login/x-login/start", from)).status;
	const guess = async (from = "") =>
		(
			await post(open, "/login", from, {
				email: `${from.replace(/\W/g, "-")}@example.com`,
				password: "a guess",
			})
		).status;

	expect([await start(a), await start(b), await start(c), await start(other)]).toEqual([
		...[303, 303, 429, 303],
	]);
	expect([await guess(a), await guess(b), await guess(c), await guess(other)]).toEqual([
		...[400, 400, 429, 400],
	]);
});

test("several X-Forwarded-For headers are one list, and the last address with a port counts", async () => {
	const { helpdesk, ...open } = await openBehindProxy(1);
	await setUpX({ helpdesk, ...open });
	const start = async (...lines: readonly string[]): Promise<number> => {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/login`);
		const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
		const body = String(new URLSearchParams({ _csrf: proof }));
		const answer = await exchange(
			open.portal,
			"POST /login/x-login/start HTTP/1.1",
			`Host: ${new URL(open.portal).host}`,
			...lines.map((value) => `X-Forwarded-For: ${value}`),
			`Cookie: ${[...visitor.cookies].map((pair) => pair.join("=")).join("; ")}`,
			"Content-Type: application/x-www-form-urlencoded",
			`Content-Length: ${body.length}`,
			"Connection: close",
			"",
			body,
		);
		return headOf(answer).status;
	};

	expect(await start("203.0.113.1:1", "198.51.100.7:51234")).toBe(303);
	expect(await start("203.0.113.2:2", "198.51.100.7:51235")).toBe(429);
	expect(await start("198.51.100.7:1", "203.0.113.3:51235")).toBe(303);
});
