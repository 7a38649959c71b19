import { expect, test, vi } from "vitest";
import { ACORN, DeskVisitor, HARBOR, ScriptedDesk } from "../kit/routes/scripted-desk.ts";

const CALLBACK = new URL(ACORN.callbackUrl).pathname;
const FORM = { "content-type": "application/x-www-form-urlencoded" };

test("a form with the field of its browser reaches the plugin without the field", async () => {
	const desk = new ScriptedDesk();
	const answer = await new DeskVisitor(desk).press([
		["b", "2"],
		["a", " &ä"],
		["b", ""],
	]);

	expect(answer.status).toBe(200);
	expect(desk.requests).toMatchObject([
		{ brandId: "acorn", method: "POST", clientNetwork: "192.0.2.7" },
	]);
	expect(desk.requests[0]?.form).toEqual([
		["button", "probe"],
		["b", "2"],
		["a", " &ä"],
		["b", ""],
	]);
});

test("a form on the plugin's page has the field of the browser, with the cookie where it has none", async () => {
	const desk = new ScriptedDesk();
	const visitor = new DeskVisitor(desk);
	const page = await visitor.request(CALLBACK);
	const [, value = ""] = /name="login_form" value="(\w+)"/.exec(await page.text()) ?? [];
	await visitor.post(ACORN.continuePath, [["login_form", value]]);

	expect(desk.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
	expect([...visitor.cookies]).toEqual([["__Host-login-form.acorn", value]]);
});

test.each<[string, Record<string, string>, (own: string, foreign: string) => [string, string][]]>([
	["without the field", {}, () => []],
	["with another browser's field", {}, (_, foreign) => [["login_form", foreign]]],
	[
		"with the field twice",
		{},
		(own) => [
			["login_form", own],
			["login_form", own],
		],
	],
	["from another site", { "sec-fetch-site": "cross-site" }, (own) => [["login_form", own]]],
	["from a site beside it", { "sec-fetch-site": "same-site" }, (own) => [["login_form", own]]],
	["from another origin", { origin: "https://evil.example" }, (own) => [["login_form", own]]],
])("a form %s reaches no hook", async (_, headers, fields) => {
	const desk = new ScriptedDesk();
	const [visitor, stranger] = [new DeskVisitor(desk), new DeskVisitor(desk)];
	const proofOf = async (each: DeskVisitor) =>
		(await each.button()).fields.find(([name]) => name === "login_form")?.[1] ?? "";
	const [own, foreign] = [await proofOf(visitor), await proofOf(stranger)];

	for (const path of [ACORN.startPath, ACORN.continuePath]) {
		const { status } = await visitor.post(path, fields(own, foreign), headers);
		expect(status).toBe(403);
	}
	expect(desk.requests).toEqual([]);
});

test("a page with the referrer policy no-referrer sends forms that reach the plugin", async () => {
	const desk = new ScriptedDesk();
	const { status } = await new DeskVisitor(desk).press([], { origin: "null" });

	expect([status, desk.requests.length]).toEqual([200, 1]);
});

test.each([
	["HEAD", CALLBACK, {}, 405],
	["HEAD", ACORN.continuePath, {}, 405],
	["GET", ACORN.startPath, {}, 405],
	["PUT", ACORN.continuePath, {}, 405],
	["POST", CALLBACK, {}, 405],
	["GET", CALLBACK, { "sec-purpose": "prefetch;prerender" }, 503],
	["GET", ACORN.continuePath, { purpose: "prefetch" }, 503],
	["POST", ACORN.startPath, { "content-type": "application/json" }, 415],
	["GET", "/login/nowhere", {}, 404],
])("%s %s with %j reaches no hook and gets %i", async (method, path, headers, expected) => {
	const desk = new ScriptedDesk();
	const answer = await new DeskVisitor(desk).request(path, { method, headers });

	expect(answer.status).toBe(expected);
	expect(desk.requests).toEqual([]);
	expect(answer.headers.get("cache-control")).toBe("no-store");
});

test.each([
	["with more bytes than a form has", "a".repeat(64 * 1024 + 1)],
	["with more fields than a form has", "a&".repeat(1000)],
])("a body %s is refused, also one whose length is not known", async (_, text) => {
	const desk = new ScriptedDesk();
	for (const body of [text, new Blob([text]).stream()]) {
		const init = { method: "POST", body, headers: FORM, duplex: "half" as const };
		const answer = await desk.routes(new DeskVisitor(desk).requestTo(ACORN.startPath, init));
		expect(answer.status).toBe(413);
	}
	expect(desk.requests).toEqual([]);
});

test("of two brands with the same paths, the host of a request tells the brand", async () => {
	const desk = new ScriptedDesk();
	for (const { baseUrl } of [ACORN, HARBOR]) {
		await new DeskVisitor(desk, baseUrl).request(CALLBACK);
	}
	const nowhere = await new DeskVisitor(desk, "https://evil.example").request(CALLBACK);

	expect(desk.requests.map(({ brandId, locale }) => [brandId, locale])).toEqual([
		["acorn", "en"],
		["harbor", "de"],
	]);
	expect(nowhere.status).toBe(404);
});

test("a helpdesk can tell the brand itself", async () => {
	const desk = new ScriptedDesk({ brandId: () => "harbor" });
	await new DeskVisitor(desk).request(CALLBACK);

	expect(desk.requests[0]?.brandId).toBe("harbor");
});

test.each([
	["de-at", "de-AT"],
	["<script>", "en"],
	["", "en"],
	[undefined, "en"],
])("the language %j reaches the plugin as %s", async (tag, expected) => {
	const desk = new ScriptedDesk({ locale: () => tag });
	await new DeskVisitor(desk).request(CALLBACK);

	expect(desk.requests[0]?.locale).toBe(expected);
});

test("an IPv4 address in IPv6 is an IPv4 address, and a network is a /64", async () => {
	for (const [address, expected] of [
		["::ffff:192.0.2.9", ["192.0.2.9", "192.0.2.9"]],
		["2001:db8:1:2:3::4", ["2001:db8:1:2:3::4", "2001:db8:1:2::/64"]],
	] as const) {
		const desk = new ScriptedDesk({ clientAddress: () => address });
		await new DeskVisitor(desk).request(CALLBACK);
		const [request] = desk.requests;
		expect([request?.clientAddress, request?.clientNetwork]).toEqual(expected);
	}
});

test("a network that starts too many log-ins has to wait, and its callbacks go on", async () => {
	const asked: unknown[] = [];
	const secondsToWait = (...values: unknown[]) => {
		asked.push(values);
		return 6.2;
	};
	const desk = new ScriptedDesk({ secondsToWait });
	const visitor = new DeskVisitor(desk);
	const answer = await visitor.press();
	await visitor.request(CALLBACK);

	expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
	expect(asked).toEqual([["acorn", "192.0.2.7"]]);
	expect(desk.requests).toHaveLength(1);
});

test("a plugin that is not active, and a hook that is not there, have no page", async () => {
	let isActive = false;
	const desk = new ScriptedDesk({}, (each) => {
		const routed = each.plugin("probe");
		const { continueLogin: _, ...plugin } = routed.plugin;
		return [{ ...routed, plugin, isActive: () => isActive }];
	});
	const visitor = new DeskVisitor(desk);

	expect((await visitor.request(CALLBACK)).status).toBe(404);
	expect((await visitor.button()).fields).toEqual([]);
	isActive = true;
	expect((await visitor.request(CALLBACK)).status).toBe(200);
	expect((await visitor.request(ACORN.continuePath)).status).toBe(404);
});

test("a hook that fails or takes too long is reported, and the visitor sees the helpdesk's page", async () => {
	vi.useFakeTimers();
	try {
		const desk = new ScriptedDesk();
		const visitor = new DeskVisitor(desk, HARBOR.baseUrl);
		const error = new Error("canary");
		desk.answer = () => Promise.reject(error);
		const failed = await visitor.request(CALLBACK);
		desk.answer = () => new Promise(() => {});
		const slow = visitor.request(CALLBACK);
		await vi.advanceTimersByTimeAsync(30_000);

		expect(failed.status).toBe(502);
		expect(await failed.text()).toContain("Auf unserer Seite ist etwas schiefgegangen");
		expect((await slow).status).toBe(504);
		expect(desk.reports).toEqual([
			["probe", "handleCallback", error],
			["probe", "handleCallback", expect.objectContaining({ name: "SlowHookError" })],
		]);
	} finally {
		vi.useRealTimers();
	}
});

test("a helpdesk's own CSRF protection takes the place of the routes'", async () => {
	const desk = new ScriptedDesk({
		csrf: {
			field: () => ["own", `"<1>"`],
			check: (_, form) => form.some(([name, value]) => name === "own" && value === `"<1>"`),
		},
	});
	const visitor = new DeskVisitor(desk);
	const refused = await visitor.post(ACORN.startPath, [["own", "2"]]);
	await visitor.press();

	expect(refused.status).toBe(403);
	expect(desk.requests.map(({ form }) => form)).toEqual([[["button", "probe"]]]);
	expect([...visitor.cookies]).toEqual([]);
});
