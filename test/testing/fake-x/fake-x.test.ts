import { describe, expect, it } from "vitest";
import { startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import {
	ADA,
	APP,
	accessToken,
	approved,
	BAD_TOKEN,
	BAD_VERIFIER,
	BOB,
	CALLBACK,
	call,
	expectError,
	expectPlain,
	NATIVE_APP,
	newRequestToken,
	OTHER_APP,
	openFakeXForEachTest,
	page,
	profileOf,
	requestToken,
	signedIn,
	time,
	x,
} from "./open-fake-x.ts";

openFakeXForEachTest();

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

	it("refuses a used nonce, unless its signature was bad", async () => {
		await expectError(await requestToken({ nonce: "once", apiKeySecret: "wrong" }), 401, 32);
		expect((await requestToken({ nonce: "once" })).status).toBe(200);
		await expectError(await requestToken({ nonce: "once" }), 401, 32);
	});

	it.each([-301, 301])("refuses a timestamp that is off by %i seconds", async (seconds) => {
		const timestamp = time.now / 1000 + seconds;
		await expectError(await requestToken({ timestamp }), 401, 135);
	});

	it.each([-300, 300])("takes a timestamp that is off by %i seconds", async (seconds) => {
		const timestamp = time.now / 1000 + seconds;
		expect((await requestToken({ timestamp })).status).toBe(200);
	});

	it("sends its time in the Date header", async () => {
		const { headers } = await requestToken();
		expect(headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
	});

	it.each([
		["another signature method", { oauth: { oauth_signature_method: "PLAINTEXT" } }],
		["another version", { oauth: { oauth_version: "2.0" } }],
		["a nonce outside ASCII", { nonce: "ñ" }],
		["a timestamp that is not a number", { oauth: { oauth_timestamp: "soon" } }],
		["a repeated parameter", { form: "a=1&a=2" }],
		["a parameter with different values in header and body", { form: "oauth_version=1.0a" }],
	])("refuses %s as malformed", async (_, changes) => {
		await expectError(await requestToken(changes), 400, 215);
	});

	it("refuses a request without an OAuth header", async () => {
		const url = `${x.url}/oauth/request_token`;
		const accept = "application/json";
		await expectError(await fetch(url, { method: "POST", headers: { accept } }), 400, 215);
		const headers = { accept, authorization: 'OAuth a="b" c' };
		await expectError(await fetch(url, { method: "POST", headers }), 400, 215);
	});

	it("refuses a request token without a callback", async () => {
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
		time.now += 15 * 60 * 1000;
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

	it("refuses the profile for an unknown, foreign or missing access token", async () => {
		await expectError(await profileOf({ token: "12-a", tokenSecret: "" }), 401, 89);
		const token = await signedIn(APP, ADA.id);
		await expectError(await profileOf(token, "", OTHER_APP), 401, 89);
		await expectError(await call("GET", "/1.1/account/verify_credentials.json"), 400, 215);
	});

	it("counts signed calls and not pages", async () => {
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

	it("answers the next calls as the scenario says", async () => {
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

	it("answers 404 for any other page", async () => {
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

	it("refuses to start with an account id that is not a number", async () => {
		const accounts = [{ ...BOB, id: "bob" }];
		await expect(startFakeX({ apps: [], accounts })).rejects.toThrow(TypeError);
	});
});
