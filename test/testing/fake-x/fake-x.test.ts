import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import { type SignedFetch, signedFetch } from "./signed-fetch.ts";

const CALLBACK = "http://localhost:3000/x-login/callback";
const APP = { apiKey: "key", apiKeySecret: "key secret" };
const OTHER_APP = { apiKey: "other", apiKeySecret: "other secret" };
const NATIVE_APP = { apiKey: "native", apiKeySecret: "native secret" };
const NO_EMAIL_APP = { apiKey: "no-email", apiKeySecret: "no-email secret" };
const ADA = {
	id: "9007199254740993",
	screenName: "ada",
	name: "Ada Lövelace",
	email: "ada@x.test",
};
const BOB = { id: "12", screenName: "bob", name: "Bob" };

let now: number;
let x: FakeX;

beforeEach(async () => {
	now = Date.UTC(2026, 0, 1);
	x = await startFakeX({
		apps: [
			{ ...APP, callbacks: [CALLBACK] },
			{ ...OTHER_APP, callbacks: [CALLBACK] },
			{ ...NATIVE_APP, callbacks: [] },
			{ ...NO_EMAIL_APP, callbacks: [CALLBACK], emailAllowed: false },
		],
		accounts: [ADA, BOB],
		clock: { now: () => now },
	});
});

afterEach(() => x.close());

type Keys = Pick<SignedFetch, "apiKey" | "apiKeySecret">;
type Changes = Partial<SignedFetch>;
interface Token {
	readonly token: string;
	readonly tokenSecret: string;
}

function call(method: "GET" | "POST", path: string, changes: Changes = {}): Promise<Response> {
	const timestamp = Math.floor(now / 1000);
	return signedFetch({ method, url: `${x.url}${path}`, ...APP, timestamp, ...changes });
}

function requestToken(changes: Changes = {}): Promise<Response> {
	const oauth = { oauth_callback: CALLBACK, ...changes.oauth };
	return call("POST", "/oauth/request_token", { ...changes, oauth });
}

async function newRequestToken(keys: Keys = APP, callback = CALLBACK): Promise<Token> {
	return tokenOf(await requestToken({ ...keys, oauth: { oauth_callback: callback } }));
}

async function tokenOf(response: Response): Promise<Token> {
	const form = new URLSearchParams(await response.text());
	expect(response.status).toBe(200);
	return {
		token: form.get("oauth_token") ?? "",
		tokenSecret: form.get("oauth_token_secret") ?? "",
	};
}

function page(name: "authenticate" | "authorize", { token }: Token, more = ""): string {
	return `${x.url}/oauth/${name}?oauth_token=${token}${more}`;
}

function verifierOf(callback: string): string {
	return new URL(callback).searchParams.get("oauth_verifier") ?? "";
}

async function approved(keys: Keys = APP, accountId = ADA.id): Promise<[Token, string]> {
	const token = await newRequestToken(keys);
	return [token, verifierOf(await approveAtX(page("authorize", token), { accountId }))];
}

function accessToken(token: Token, verifier: string, changes: Changes = {}): Promise<Response> {
	const oauth = { oauth_verifier: verifier };
	return call("POST", "/oauth/access_token", { ...token, oauth, ...changes });
}

function profileOf(token: Token, query = "?include_email=true", keys: Keys = APP) {
	return call("GET", `/1.1/account/verify_credentials.json${query}`, { ...token, ...keys });
}

async function signedIn(keys: Keys, accountId: string): Promise<Token> {
	const [token, verifier] = await approved(keys, accountId);
	return tokenOf(await accessToken(token, verifier, keys));
}

async function expectError(response: Response, status: number, code: number): Promise<void> {
	expect(await response.json()).toEqual({ errors: [{ code, message: expect.any(String) }] });
	expect(response.status).toBe(status);
}

async function expectPlain(response: Response, message: string): Promise<void> {
	expect(await response.text()).toBe(message);
	expect(response.status).toBe(401);
	expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
}

const BAD_TOKEN = "Invalid request token.";
const BAD_VERIFIER = "Error processing your OAuth request: Invalid oauth_verifier parameter";

describe("a sign-in at the fake X", () => {
	it("leads from a request token to the profile", async () => {
		const first = await requestToken();
		expect(first.headers.get("content-type")).toBe("text/html; charset=utf-8");
		expect(await first.clone().text()).toMatch(/&oauth_callback_confirmed=true$/);
		const token = await tokenOf(first);
		const callback = new URL(await approveAtX(page("authenticate", token)));
		expect(`${callback.origin}${callback.pathname}`).toBe(CALLBACK);
		expect(callback.searchParams.get("oauth_token")).toBe(token.token);
		const second = await accessToken(token, verifierOf(callback.href));
		const form = new URLSearchParams(await second.clone().text());
		expect(form.get("user_id")).toBe(ADA.id);
		expect(form.get("screen_name")).toBe(ADA.screenName);
		expect(form.get("oauth_token")).toMatch(/^9007199254740993-.{40}$/);
		const profile = await profileOf(await tokenOf(second));
		expect(profile.headers.get("content-type")).toBe("application/json;charset=utf-8");
		expect(profile.headers.get("x-access-level")).toBe("read");
		const text = await profile.text();
		expect(text).toContain('"id":9007199254740993,');
		expect(JSON.parse(text)).toMatchObject({
			id_str: ADA.id,
			name: ADA.name,
			screen_name: ADA.screenName,
			email: ADA.email,
			profile_image_url_https: expect.stringMatching(/^https:.*_normal\.png$/),
		});
	});

	it("takes the verifier from the form body or the query as well", async () => {
		const [one, verifierOfOne] = await approved();
		const inForm = { oauth: {}, form: `oauth_verifier=${verifierOfOne}` };
		expect((await accessToken(one, "", inForm)).status).toBe(200);
		const [two, verifierOfTwo] = await approved();
		const url = `${x.url}/oauth/access_token?oauth_verifier=${verifierOfTwo}`;
		expect((await accessToken(two, "", { oauth: {}, url })).status).toBe(200);
	});

	it("keeps the query of the callback", async () => {
		const token = await newRequestToken(APP, `${CALLBACK}?brand=2&next=%2Fen`);
		const callback = await approveAtX(page("authorize", token));
		expect(callback.startsWith(`${CALLBACK}?brand=2&next=%2Fen&oauth_token=`)).toBe(true);
	});

	it("gives a null email for an account without one, and none unless asked", async () => {
		const token = await signedIn(APP, BOB.id);
		expect(await (await profileOf(token)).json()).toMatchObject({ id: 12, email: null });
		expect(await (await profileOf(token, "")).json()).not.toHaveProperty("email");
	});

	it("gives no email to an app that may not have it", async () => {
		const token = await signedIn(NO_EMAIL_APP, ADA.id);
		const profile = await profileOf(token, "?include_email=true", NO_EMAIL_APP);
		expect(await profile.json()).not.toHaveProperty("email");
	});

	it("redirects at once from authenticate after an approval, and from nowhere else", async () => {
		await approved();
		const token = await newRequestToken();
		const manual = { redirect: "manual" } as const;
		expect((await fetch(page("authorize", token), manual)).status).toBe(200);
		expect((await fetch(page("authenticate", token, "&force_login=true"), manual)).status).toBe(
			200,
		);
		const redirect = await fetch(page("authenticate", token), manual);
		expect(redirect.status).toBe(302);
		const verifier = verifierOf(redirect.headers.get("location") ?? "");
		expect((await accessToken(token, verifier)).status).toBe(200);
	});

	it("asks an account that has not approved the app yet", async () => {
		await approved();
		const cookie = `fake_x_account=${BOB.id}`;
		const url = page("authenticate", await newRequestToken());
		expect((await fetch(url, { headers: { cookie } })).status).toBe(200);
		const other = page("authenticate", await newRequestToken(OTHER_APP));
		expect((await fetch(other)).status).toBe(200);
	});

	it("labels the buttons and the accounts", async () => {
		const token = await newRequestToken();
		const authenticate = await (await fetch(page("authenticate", token))).text();
		expect(authenticate).toContain(">Sign in</button>");
		expect(authenticate).toContain(">Cancel</button>");
		expect(authenticate).toContain('<label for="account">Account</label>');
		const authorize = await (await fetch(page("authorize", token))).text();
		expect(authorize).toContain(">Authorize app</button>");
	});

	it("comes back from a denial with nothing but the denied token", async () => {
		const token = await newRequestToken(APP, `${CALLBACK}?provider=x`);
		const callback = await cancelAtX(page("authenticate", token));
		expect(callback).toBe(`${CALLBACK}?provider=x&denied=${token.token}`);
		await expectPlain(await accessToken(token, "any"), BAD_TOKEN);
	});

	it.each(["authenticate", "authorize"] as const)(
		"shows an error page at %s for a dead token",
		async (name) => {
			const [spent, verifier] = await approved();
			await accessToken(spent, verifier);
			const unknown = { token: "unknown", tokenSecret: "" };
			const old = await newRequestToken();
			now += 15 * 60 * 1000;
			for (const token of [spent, unknown, old]) {
				const response = await fetch(page(name, token), { redirect: "manual" });
				expect(response.status).toBe(401);
				expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
				expect(await response.text()).toContain("The request token for this page is invalid");
			}
		},
	);
});

describe("the fake X", () => {
	it("refuses a bad signature", async () => {
		const response = await requestToken({ signature: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" });
		expect(response.headers.get("www-authenticate")).toContain("api_error_code=32");
		expect(await response.json()).toEqual({
			errors: [{ code: 32, message: "Could not authenticate you." }],
		});
		expect(response.status).toBe(401);
		await expectError(await requestToken({ apiKeySecret: "wrong" }), 401, 32);
	});

	it("refuses an unknown consumer", async () => {
		await expectError(await requestToken({ apiKey: "unknown" }), 401, 32);
	});

	it("refuses a nonce that was used before, unless the signature was bad then", async () => {
		await expectError(await requestToken({ nonce: "once", apiKeySecret: "wrong" }), 401, 32);
		expect((await requestToken({ nonce: "once" })).status).toBe(200);
		await expectError(await requestToken({ nonce: "once" }), 401, 32);
	});

	it.each([-301, 301])("refuses a timestamp that is off by %i seconds", async (seconds) => {
		const timestamp = now / 1000 + seconds;
		await expectError(await requestToken({ timestamp }), 401, 135);
	});

	it.each([-300, 300])("takes a timestamp that is off by %i seconds", async (seconds) => {
		const timestamp = now / 1000 + seconds;
		expect((await requestToken({ timestamp })).status).toBe(200);
	});

	it("tells its time in the Date header", async () => {
		const { headers } = await requestToken();
		expect(headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
	});

	it.each([
		["another signature method", { oauth: { oauth_signature_method: "PLAINTEXT" } }],
		["another version", { oauth: { oauth_version: "2.0" } }],
		["a nonce outside ASCII", { nonce: "ñ" }],
		["a timestamp that is no number", { oauth: { oauth_timestamp: "soon" } }],
		["a parameter that comes twice", { form: "a=1&a=2" }],
		["a parameter of the header that is another in the body", { form: "oauth_version=1.0a" }],
	])("refuses %s as malformed", async (_, changes) => {
		await expectError(await requestToken(changes), 400, 215);
	});

	it("refuses a request without OAuth header", async () => {
		const url = `${x.url}/oauth/request_token`;
		const accept = "application/json";
		await expectError(await fetch(url, { method: "POST", headers: { accept } }), 400, 215);
		const headers = { accept, authorization: 'OAuth a="b" c' };
		await expectError(await fetch(url, { method: "POST", headers }), 400, 215);
	});

	it("refuses a request token without callback", async () => {
		await expectError(await call("POST", "/oauth/request_token"), 400, 215);
	});

	it.each([
		`${CALLBACK}/`,
		"http://localhost:3001/x-login/callback",
		"https://localhost:3000/x-login/callback",
		"oob",
		`${CALLBACK}?a=\n`,
	])("does not approve the callback %j", async (callback) => {
		const oauth = { oauth_callback: callback };
		await expectError(await requestToken({ oauth }), 403, 415);
	});

	it("answers in XML unless asked for JSON", async () => {
		const oauth = { oauth_callback: "http://localhost/" };
		const response = await requestToken({ oauth, accept: "*/*" });
		expect(response.status).toBe(403);
		expect(response.headers.get("content-type")).toBe("application/xml; charset=utf-8");
		expect(await response.text()).toContain('<errors><error code="415">Callback URL not approved');
	});

	it("refuses an app that has no callbacks", async () => {
		await expectError(await requestToken(NATIVE_APP), 401, 417);
	});

	it("exchanges a request token once", async () => {
		const [token, verifier] = await approved();
		expect((await accessToken(token, verifier)).status).toBe(200);
		await expectPlain(await accessToken(token, verifier), BAD_TOKEN);
	});

	it("refuses a wrong, a missing and another token's verifier, and keeps the token", async () => {
		const [token, verifier] = await approved();
		const [, otherVerifier] = await approved();
		await expectPlain(await accessToken(token, "wrong"), BAD_VERIFIER);
		await expectPlain(await accessToken(token, otherVerifier), BAD_VERIFIER);
		await expectPlain(await accessToken(token, "", { oauth: {} }), BAD_VERIFIER);
		expect((await accessToken(token, verifier)).status).toBe(200);
	});

	it("refuses a request token that nobody approved", async () => {
		await expectPlain(await accessToken(await newRequestToken(), ""), BAD_VERIFIER);
	});

	it("refuses the request token of another app", async () => {
		const [token, verifier] = await approved();
		await expectPlain(await accessToken(token, verifier, OTHER_APP), BAD_TOKEN);
	});

	it("refuses a request token after fifteen minutes", async () => {
		const [token, verifier] = await approved();
		now += 15 * 60 * 1000;
		await expectPlain(await accessToken(token, verifier), BAD_TOKEN);
	});

	it("refuses an exchange signed with another secret or without a token", async () => {
		const [token, verifier] = await approved();
		await expectError(await accessToken(token, verifier, { tokenSecret: "wrong" }), 401, 32);
		await expectPlain(
			await call("POST", "/oauth/access_token"),
			"Reverse auth credentials are invalid",
		);
	});

	it("refuses the profile for an unknown access token, or another app's, or none", async () => {
		await expectError(await profileOf({ token: "12-a", tokenSecret: "" }), 401, 89);
		const token = await signedIn(APP, ADA.id);
		await expectError(await profileOf(token, "", OTHER_APP), 401, 89);
		await expectError(await call("GET", "/1.1/account/verify_credentials.json"), 400, 215);
	});

	it("counts signed calls but no pages", async () => {
		const token = await signedIn(APP, ADA.id);
		await profileOf(token);
		await requestToken({ apiKeySecret: "wrong" });
		const calls = { request_token: 2, access_token: 1, verify_credentials: 1 };
		expect(x.stats()).toMatchObject({ calls, total: 4 });
		expect(x.stats().connections).toBeGreaterThan(0);
		expect(x.stats().bytes.received).toBeGreaterThan(500);
		expect(x.stats().bytes.sent).toBeGreaterThan(500);
		expect(await (await fetch(`${x.url}/_fake/stats`)).json()).toMatchObject({ calls, total: 4 });
		x.resetStats();
		expect(x.stats().total).toBe(0);
	});

	it("answers the next calls as told", async () => {
		x.answerNext({ call: "request_token", status: 503, body: "<html>", contentType: "text/html" });
		const told = await requestToken();
		expect([told.status, await told.text()]).toEqual([503, "<html>"]);
		expect(told.headers.get("content-type")).toBe("text/html");
		expect((await requestToken()).status).toBe(200);
	});

	it("takes scenarios over HTTP", async () => {
		const scenario = { call: "access_token", status: 429, body: "{}", times: 2 };
		const url = `${x.url}/_fake/scenario`;
		const posted = await fetch(url, { method: "POST", body: JSON.stringify(scenario) });
		expect(posted.status).toBe(200);
		const [token, verifier] = await approved();
		expect((await accessToken(token, verifier)).status).toBe(429);
		expect((await accessToken(token, verifier)).status).toBe(429);
		expect((await accessToken(token, verifier)).status).toBe(200);
	});

	it.each([
		"",
		"null",
		'{"call":"other","status":200,"body":""}',
		'{"call":"access_token","status":99,"body":""}',
		'{"call":"access_token","status":200,"body":1}',
		'{"call":"access_token","status":200,"body":"","contentType":"a\\nb"}',
		'{"call":"access_token","status":200,"body":"","times":0}',
	])("refuses the scenario %j", async (body) => {
		const response = await fetch(`${x.url}/_fake/scenario`, { method: "POST", body });
		expect(response.status).toBe(400);
	});

	it("knows no other page", async () => {
		await expectError(await fetch(`${x.url}/2/tweets`), 404, 34);
		await expectError(await fetch(`${x.url}/oauth/request_token`), 404, 34);
	});

	it("refuses a body that is too large", async () => {
		const body = "a".repeat(64 * 1024 + 1);
		const response = await fetch(`${x.url}/oauth/request_token`, { method: "POST", body });
		expect(response.status).toBe(413);
	});

	it("survives forms and cookies of any kind", async () => {
		const token = await newRequestToken();
		const url = `${x.url}/oauth/authorize`;
		for (const form of [
			"",
			"%",
			"oauth_token=%ff",
			`oauth_token=${token.token}&decision=approve&account=9`,
		]) {
			const headers = { "content-type": "application/x-www-form-urlencoded" };
			expect((await fetch(url, { method: "POST", headers, body: form })).status).toBe(401);
		}
		const headers = { cookie: "fake_x_account=%; a" };
		expect((await fetch(page("authorize", token), { headers })).status).toBe(200);
	});

	it("refuses to start with an account id that is no number", async () => {
		const accounts = [{ ...BOB, id: "bob" }];
		await expect(startFakeX({ apps: [], accounts })).rejects.toThrow(TypeError);
	});
});

describe("the visitor of the fake X", () => {
	it("chooses the account", async () => {
		const [token, verifier] = await approved(APP, BOB.id);
		const form = new URLSearchParams(await (await accessToken(token, verifier)).text());
		expect(form.get("user_id")).toBe(BOB.id);
	});

	it("stops at a dead request token", async () => {
		const url = page("authorize", { token: "unknown", tokenSecret: "" });
		await expect(approveAtX(url)).rejects.toThrow("answers 401");
		await expect(cancelAtX(url)).rejects.toThrow("answers 401");
	});
});
