// Under OAuth 2.0 the profile names the visitor. Without one that can be read, nobody is named.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { goToX, throughX, titleOf } from "../../kit/plugin/at-x.ts";
import { endsIn, type House } from "../../kit/plugin/attempts.ts";
import { ADA, openHouse } from "../../kit/plugin/open-house.ts";

const VICTIM = { id: "1", screenName: "victim", name: "Victim", email: "victim@example.com" };
const OAUTH2 = { protocol: "oauth2", accounts: [VICTIM, ADA] } as const;

/** Lets the victim sign up, so that an id that is guessed would open an account. */
async function openWithVictim(): Promise<House> {
	const house = await openHouse(OAUTH2);
	await throughX(house.host.newBrowser(), { accountId: VICTIM.id });
	house.fakeX.resetStats();
	return house;
}

function profile(house: House, body: string): void {
	house.fakeX.answerNext({ call: "users_me", status: 200, body, times: 2 });
}

test.each([
	["a number", '{"data":{"id":1,"username":"victim"}}'],
	["a number above 2^53", '{"data":{"id":9007199254740993,"username":"ada"}}'],
	["a number with an exponent", '{"data":{"id":1e0,"username":"victim"}}'],
	["missing", '{"data":{"username":"victim","confirmed_email":"victim@example.com"}}'],
	["null", '{"data":{"id":null}}'],
	["empty", '{"data":{"id":""}}'],
	["a list", '{"data":{"id":["1"]}}'],
	["an object", '{"data":{"id":{"toString":"1"}}}'],
	["of 21 digits", '{"data":{"id":"100000000000000000001"}}'],
	["negative", '{"data":{"id":"-1"}}'],
	["hexadecimal", '{"data":{"id":"0x1"}}'],
	["of other digits", '{"data":{"id":"١"}}'],
	["with a space", '{"data":{"id":"1 "}}'],
	["with a line end", '{"data":{"id":"1\\n"}}'],
	["an identity", '{"data":{"id":"x:1"}}'],
	["beside the data", '{"id":"1","data":{"username":"victim"}}'],
	["in a list of people", '{"data":[{"id":"1"}]}'],
	["in the errors", '{"errors":[{"id":"1"}]}'],
	["in the prototype", '{"__proto__":{"data":{"id":"1"}}}'],
	["in the prototype of the data", '{"data":{"__proto__":{"id":"1"}}}'],
	["in the constructor", '{"data":{"constructor":{"prototype":{"id":"1"}}}}'],
	["of version 1.1", '{"id":1,"id_str":"1","screen_name":"victim"}'],
	["in a text", '"{\\"data\\":{\\"id\\":\\"1\\"}}"'],
	["in no JSON", "data[id]=1"],
])("an id that is %s names nobody, and X is asked once more", async (_, body) => {
	const house = await openWithVictim();
	const { host, fakeX } = house;
	profile(house, body);
	const browser = host.newBrowser();

	const end = await throughX(browser, { accountId: ADA.id });

	expect(end).toMatchObject({ kind: "refused", code: "x-unavailable" });
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 2 });
	expect(browser.currentUserId).toBeUndefined();
	expect(host.users.all()).toHaveLength(1);
	const ended = endsIn(host).at(-1);
	expect(ended).toMatchObject({ fields: { problem: "unreadable" } });
	expect([ended?.subject, ended?.userId]).toEqual([undefined, undefined]);
});

test("no identity is guessed from the answer to the exchange, whatever it says of the visitor", async () => {
	const { host, fakeX } = await openWithVictim();
	const claims = { sub: "1", id: "1", user_id: "1", username: "victim", scope: "users.read" };
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
	for (const token of [`${VICTIM.id}-opaque`, `${part({ alg: "none" })}.${part(claims)}.`]) {
		const body = JSON.stringify({ ...claims, access_token: token, id_token: token });
		fakeX.answerNext({ call: "oauth2_token", status: 200, body });
		// The fake X does not know the token.
		const browser = host.newBrowser();

		const end = await throughX(browser, { accountId: ADA.id });

		expect(end).toMatchObject({ kind: "refused", code: "x-unavailable" });
		expect(browser.currentUserId).toBeUndefined();
	}
	expect(host.users.all()).toHaveLength(1);
	expect(inspect(host.events, { depth: 9 })).not.toContain("opaque");
});

test.each([
	["no token", "{}"],
	["a token that is a number", '{"access_token":1}'],
	["an empty token", '{"access_token":""}'],
	["a token with a line end", '{"access_token":"a\\r\\nx-injected: 1"}'],
	["a token in the prototype", '{"__proto__":{"access_token":"a"}}'],
	["a token of 1.0a", "oauth_token=a&oauth_token_secret=b&user_id=1"],
])("an exchange that gives %s names nobody, and the profile is not asked for", async (_, body) => {
	const { host, fakeX } = await openWithVictim();
	fakeX.answerNext({ call: "oauth2_token", status: 200, body });

	expect(await throughX(host.newBrowser(), { accountId: ADA.id })).toMatchObject({
		kind: "refused",
		code: "x-unavailable",
	});
	expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 0 });
});

test("the id alone decides: a handle and a name of another user, and errors beside the data, change nothing", async () => {
	const house = await openWithVictim();
	const { host } = house;
	const { id } = ADA;
	const data = { id, username: "victim", name: "Victim" };
	profile(house, JSON.stringify({ data, errors: [{ title: "Authorization Error" }] }));
	const browser = host.newBrowser();

	const end = await throughX(browser, { accountId: ADA.id });

	expect(titleOf(end)).toBe("What is your e-mail address?");
	expect(browser.currentUserId).toBeUndefined();
	expect(endsIn(host)).toHaveLength(1);
});

test.each([
	["is a number", 7],
	["is a list", ["ada"]],
	["is missing", undefined],
	["shows nothing", "\u3164\u200b"],
])("a handle that %s is replaced by the id", async (_, username) => {
	const house = await openHouse(OAUTH2);
	profile(house, JSON.stringify({ data: { id: ADA.id, username, confirmed_email: ADA.email } }));

	expect(await throughX(house.host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(house.host.users.all()).toMatchObject([{ name: ADA.id }]);
	expect((await house.host.plugin.exportLinks("brand", undefined)).links).toMatchObject([
		{ identityId: `x:${ADA.id}` },
	]);
});

test.each(["Tom &amp; Jerry", "&lt;b&gt;", "<b>Tom</b>", "می\u200cخواهم & 👨\u200d👩\u200d👧"])(
	"under OAuth 2.0 X does not escape names: %j stays as it is",
	async (name) => {
		const { host } = await openHouse({ ...OAUTH2, accounts: [{ ...ADA, name }] });

		await throughX(host.newBrowser());

		expect(host.users.all()).toMatchObject([{ name }]);
	},
);

test.each([
	["not there, beside an `email`", undefined],
	["null", null],
	["an empty one", ""],
	["a list", ["ada@example.com"]],
	["an invalid one", "ada@@example.com"],
	["one with a line end", "ada@example.com\r\nBcc: eve@example.com"],
])("a confirmed_email that is %s counts as none", async (_, email) => {
	const house = await openHouse(OAUTH2);
	const data = { id: ADA.id, username: "ada", confirmed_email: email, email: "eve@example.com" };
	profile(house, JSON.stringify({ data }));

	const end = await throughX(house.host.newBrowser());

	expect(titleOf(end)).toBe("What is your e-mail address?");
	expect(house.host.users.all()).toEqual([]);
});

test("a confirmed_email counts in canonical form", async () => {
	const house = await openHouse(OAUTH2);
	const data = { id: ADA.id, username: "ada", confirmed_email: " Ada@ＥＸＡＭＰＬＥ.com " };
	profile(house, JSON.stringify({ data }));

	expect(await throughX(house.host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(house.host.users.all()).toMatchObject([{ email: "ada@example.com" }]);
});

describe("the nine seconds of a request", () => {
	/** A house where a call takes nine seconds: the first one of this kind that X receives. */
	async function openSlowHouse(slow: "oauth2_token" | "users_me") {
		const clock = new MockClock();
		let isArmed = false;
		const clockAtX = {
			now: () => {
				if (isArmed && house.fakeX.stats().calls[slow] === 1) {
					isArmed = false;
					clock.advance(9_000);
				}
				return clock.now();
			},
		};
		const house: House = await openHouse({ ...OAUTH2, clock, clockAtX });
		const browser = house.host.newBrowser();
		const callback = await approveAtX(await goToX(browser));
		isArmed = true;
		return { ...house, comeBack: () => browser.openCallback(callback) };
	}

	test("a profile is not asked for once they are over", async () => {
		const { host, fakeX, comeBack } = await openSlowHouse("oauth2_token");

		expect(await comeBack()).toMatchObject({ code: "x-unavailable" });
		expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 0 });
		expect(endsIn(host)).toMatchObject([{ fields: { problem: "timeout" } }]);
	});

	test("a profile that failed is not asked for again once they are over", async () => {
		const { fakeX, comeBack } = await openSlowHouse("users_me");
		fakeX.answerNext({ call: "users_me", status: 503, body: "{}" });

		expect(await comeBack()).toMatchObject({ code: "x-unavailable" });
		expect(fakeX.stats().calls).toMatchObject({ oauth2_token: 1, users_me: 1 });
	});
});

test.each([
	["its limit for one visitor", 429, {}],
	["a token that it refuses one visitor", 401, { title: "Unauthorized" }],
])("%s, met again and again, stops nobody else's log-ins", async (_, status, body) => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2" });
	fakeX.answerNext({ call: "users_me", status, body: JSON.stringify(body), times: "always" });
	for (let again = 0; again < 12; again += 1) {
		expect(await throughX(host.newBrowser())).toMatchObject({ code: "x-unavailable" });
	}
	host.clock.advance(10_000);
	const page = { page: "login", brandId: "brand", locale: "en", returnPath: "/" } as const;
	const [button] = await host.plugin.renderLoginButtons(page);
	expect(button?.note).toBeUndefined();
	const { checks } = await host.plugin.checkSetup("brand");
	expect(checks.some(({ id }) => id === "profile-oauth2")).toBe(status === 401);
	fakeX.clearScenarios();
	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-in" });
});
