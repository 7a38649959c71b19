// Tests that the administrator learns of a problem before a visitor does.
import { readFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { createMockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import { NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";

type House = Awaited<ReturnType<typeof openHouse>>;

async function check({ host }: Pick<House, "host">, id: string) {
	const { checks } = await host.plugin.checkSetup("brand");
	for (const { message } of checks) {
		expect(Object.keys(en)).toContain(message);
	}
	return checks.find((each) => each.id === id);
}

test("the check of a good set-up makes one call to X, involves no visitor and stores nothing", async () => {
	const house = await openHouse();

	expect(await house.host.plugin.checkSetup("brand")).toMatchObject({
		checks: [
			{ id: "address", state: "ok" },
			{ id: "connection", state: "ok" },
			{ id: "clock", state: "ok" },
			{ id: "profile", state: "unknown" },
		],
	});
	expect(house.fakeX.stats()).toMatchObject({ calls: { request_token: 1 }, total: 1 });
	expect((await house.host.storage.list([])).entries).toEqual([]);
});

/** Faults of request_token, in each body that X uses, with the problem that the administrator reads. */
const TOLD: readonly (readonly [fault: string, problem: string])[] = [
	["32", "bad-keys"],
	["32-xml", "bad-keys"],
	["415", "callback-not-approved"],
	["415-xml", "callback-not-approved"],
	["416", "app-suspended"],
	["416-xml", "app-suspended"],
	["417", "no-callback-registered"],
	["417-xml", "no-callback-registered"],
	["hash-xml", "no-callback-registered"],
	["87", "app-not-permitted"],
	["87-xml", "app-not-permitted"],
	["88", "rate-limited"],
	["88-xml", "rate-limited"],
	["215", "malformed-call"],
	["130", "over-capacity"],
	["credits-depleted", "no-credits"],
	["client-not-enrolled", "app-not-enrolled"],
	["problem-json", "bad-keys"],
	["plain-text", "bad-keys"],
	["html", "over-capacity"],
	["html-401", "bad-keys"],
	["block-page", "intercepted"],
	["country-block", "intercepted"],
	["captive-portal", "intercepted"],
	["empty", "unreadable"],
	["redirect", "redirected"],
	["reset", "reset"],
	["truncated", "reset"],
	["huge", "too-large"],
];

test.each(TOLD)(
	"X's fault %s is reported as %s, with the text to paste",
	async (fault, problem) => {
		const house = await openHouse();
		house.fakeX.answerNext({ call: "request_token", fault, times: "always" });

		expect(await check(house, "connection")).toEqual({
			id: "connection",
			state: "failed",
			message: `x-problem.${problem}`,
			values: { callbackUrl: house.host.brands[0]?.callbackUrl },
		});
	},
);

/** X's number, status and words for each cause that one call can show; the problem; the problem by the status alone. */
const CAUSES = [
	[32, 401, "Could not authenticate you.", "bad-keys", "bad-keys"],
	[
		415,
		403,
		"Callback URL not approved for this client application.",
		"callback-not-approved",
		"forbidden",
	],
	[
		417,
		401,
		"Desktop applications only support the oauth_callback value 'oob'",
		"no-callback-registered",
		"bad-keys",
	],
	[416, 401, "Invalid / suspended application", "app-suspended", "bad-keys"],
	[87, 403, "Client is not permitted to perform this action.", "app-not-permitted", "forbidden"],
	[135, 401, "Timestamp out of bounds.", "clock-off", "bad-keys"],
	[88, 429, "Rate limit exceeded", "rate-limited", "rate-limited"],
	[130, 503, "Over capacity", "over-capacity", "over-capacity"],
] as const;

test("a clock whose time X refuses is not reported as right", async () => {
	const house = await openHouse();
	house.fakeX.answerNext({ call: "request_token", fault: "135", times: "always" });

	expect(await check(house, "connection")).toMatchObject({ message: "x-problem.clock-off" });
	expect(await check(house, "clock")).toMatchObject({
		state: "unknown",
		message: "check.clock.disputed",
	});
});

/** Every observed shape of X's bodies, and whether it shows the cause, by number or by X's sentence. */
const SHAPES = {
	JSON: [
		"application/json",
		true,
		(code: number, words: string) => JSON.stringify({ errors: [{ code, message: words }] }),
	],
	"XML with a number": [
		"application/xml",
		true,
		(code: number, words: string) =>
			`<?xml version='1.0' encoding='UTF-8'?><errors><error code="${code}">${words}</error></errors>`,
	],
	"XML without one": [
		"application/xml",
		true,
		(_: number, words: string) =>
			`<hash><error>${words}</error><request>/oauth/request_token</request></hash>`,
	],
	"plain text": ["text/html", true, (_: number, words: string) => words],
	"problem JSON": [
		"application/problem+json",
		false,
		(_: number, _words: string, status: number) =>
			JSON.stringify({ title: "CANARY", type: "about:blank", status }),
	],
	empty: ["text/html", false, () => ""],
} as const;

describe.each(CAUSES)("X's %i (status %i, %s)", (code, status, words, own, ofStatus) => {
	test.each(Object.entries(SHAPES))("as %s", async (_, [contentType, tells, bodyOf]) => {
		const house = await openHouse();
		const body = bodyOf(code, words, status);
		const answer = { call: "request_token", status, contentType, body, times: "always" } as const;
		house.fakeX.answerNext(answer);

		const message = `x-problem.${tells ? own : ofStatus}`;
		expect(await check(house, "connection")).toMatchObject({ state: "failed", message });
		// The visitor's page has only our own words.
		const end = await house.host.newBrowser().pressButton();
		const shown = "page" in end ? `${end.page.title} ${end.page.html}` : "";
		expect(shown).toContain("X");
		expect(shown).not.toContain(words);
		expect(shown).not.toContain("CANARY");
	});
});

test.each([
	[400, "intercepted"],
	[401, "intercepted"],
	[403, "intercepted"],
	[451, "intercepted"],
	[511, "intercepted"],
	[407, "proxy-refused"],
	[302, "redirected"],
	[429, "rate-limited"],
	[502, "over-capacity"],
	[503, "over-capacity"],
	[504, "over-capacity"],
])("a page with the status %i is told apart from X's answers", async (status, problem) => {
	const house = await openHouse();
	const body = '<!DOCTYPE html><html><body><h1>CANARY</h1>{"code": 32}</body></html>';
	const answer = { call: "request_token", status, contentType: "text/html", body } as const;
	house.fakeX.answerNext({ ...answer, times: "always" });

	const message = `x-problem.${problem}`;
	expect(await check(house, "connection")).toMatchObject({ state: "failed", message });
	const end = await house.host.newBrowser().pressButton();
	const shown = "page" in end ? `${end.page.title} ${end.page.html}` : "";
	expect(shown).toContain("X");
	expect(shown).not.toMatch(/CANARY|refuses this site/);
});

test("a proxy that requires a log-in and an untrusted certificate are reported as such", async () => {
	const house = await openHouse();
	const status = 407;
	house.fakeX.answerNext({ call: "request_token", status, body: "<html>", times: "always" });
	expect(await check(house, "connection")).toMatchObject({ message: "x-problem.proxy-refused" });

	const pem = (name: string) =>
		readFile(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), "utf8");
	const tls = { key: await pem("key"), cert: await pem("cert") };
	const fakeX = await startFakeX({ apps: [], accounts: [NO_EMAIL], tls });
	const host = createMockHost({
		plugin: await builtPlugin(),
		origins: { "api.x.com": fakeX.url },
	});
	onTestFinished(async () => {
		await host.close();
		await fakeX.close();
	});
	host.settings.save("brand", { apiKey: "k", apiKeySecret: "s" });
	expect(await check({ host }, "connection")).toMatchObject({ message: "x-problem.tls" });
});

test("X does not answer: the report says so within five seconds", async () => {
	const house = await openHouse();
	house.fakeX.answerNext({ call: "request_token", fault: "hang", times: "always" });

	expect(await check(house, "connection")).toMatchObject({ message: "x-problem.timeout" });
});

test.each([
	["nobody listens there", "http://127.0.0.1:1", "x-problem.reset"],
	["there is no such host", "http://x.invalid", "x-problem.dns"],
])("%s", async (_, origin, message) => {
	const host = createMockHost({
		plugin: await builtPlugin(),
		origins: { "api.x.com": origin },
	});
	onTestFinished(() => host.close());
	host.settings.save("brand", { apiKey: "k", apiKeySecret: "s" });

	expect(await check({ host }, "connection")).toMatchObject({ state: "failed", message });
});

test.each([
	[90_000, "check.clock.slow", "90"],
	[-3_600_000, "check.clock.fast", "3600"],
])("a clock that is off by %i ms is reported in seconds", async (skew, message, seconds) => {
	const brand = mockBrand("brand");
	const keys = { apiKey: "k", apiKeySecret: "s" };
	const clock = new MockClock();
	const fakeX = await startFakeX({
		apps: [{ ...keys, callbacks: [brand.callbackUrl] }],
		accounts: [NO_EMAIL],
		clock: { now: () => clock.now() + skew },
	});
	const plugin = await builtPlugin();
	const origins = { "api.x.com": fakeX.url };
	const host = createMockHost({ plugin, brands: [brand], clock, origins });
	onTestFinished(async () => {
		await host.close();
		await fakeX.close();
	});
	host.settings.save("brand", keys);

	expect(await check({ host }, "clock")).toEqual({
		id: "clock",
		state: "failed",
		message,
		values: { seconds },
	});
	expect(await check({ host }, "connection")).toMatchObject({ state: "ok" });
});

test.each([
	["no keys", {}, "keys", "check.keys.missing"],
	[
		"plain http beyond loopback",
		{ baseUrl: "http://help.example.com" },
		"address",
		"check.address.not-https",
	],
	[
		"a callback on another host",
		{ baseUrl: "https://help.example.com", callbackUrl: "https://other.example.com/callback" },
		"address",
		"check.address.other-host",
	],
])("%s", async (_, changes, id, message) => {
	const host = createMockHost({
		plugin: await builtPlugin(),
		brands: [mockBrand("brand", changes)],
		origins: { "api.x.com": "http://127.0.0.1:1" },
	});
	onTestFinished(() => host.close());

	expect(await check({ host }, id)).toMatchObject({ state: "failed", message });
});

test("recent log-ins show what one call cannot, and the report calls it likely", async () => {
	const house = await openHouse({ accounts: [NO_EMAIL] });
	const { host, fakeX } = house;
	await throughX(host.newBrowser());
	expect(await check(house, "profile")).toMatchObject({ state: "unknown" });
	await throughX(host.newBrowser());
	await throughX(host.newBrowser());
	expect(await check(house, "profile")).toMatchObject({
		state: "likely",
		message: "check.email.likely-off",
		values: { count: "3" },
	});

	fakeX.answerNext({ call: "verify_credentials", fault: "453", times: "always" });
	await throughX(host.newBrowser());
	expect(await check(house, "profile")).toMatchObject({
		state: "likely",
		message: "x-problem.access-level",
	});
	const other = await openHouse();
	await throughX(other.host.newBrowser());
	expect(await check(other, "profile")).toMatchObject({ state: "ok" });
});
