import { expect, test } from "vitest";
import { OAuth2Grants } from "../../../src/testing/fake-x/oauth2-grants.ts";
import {
	ADA,
	BOB,
	basic,
	CALLBACK,
	CONFIDENTIAL,
	GONE,
	NO_EMAIL,
	openOAuth2,
	PUBLIC,
	SHUT,
	VERIFIER,
} from "./open-oauth2.ts";

const WITH_EMAIL = { scope: "users.read tweet.read users.email" };
const NO_HEADER = {
	error: "unauthorized_client",
	error_description: "Missing valid authorization header",
};
const WRONG_CODE = {
	error: "invalid_request",
	error_description: "Value passed for the authorization code was invalid.",
};

async function expectRefusal(answer: Response, status: number, body: object): Promise<void> {
	expect(await answer.json()).toEqual(body);
	expect(answer.status).toBe(status);
}

test.each([
	["confidential", CONFIDENTIAL],
	["public", PUBLIC],
])("a %s client gets a token for two hours and reads who signed in", async (_, client) => {
	const world = await openOAuth2();
	const code = await world.approve(ADA.id, client, WITH_EMAIL);

	const answer = await world.exchange(code, client);

	expect(answer.status).toBe(200);
	const { access_token: token, ...rest } = (await answer.json()) as Record<string, string>;
	expect(rest).toEqual({ token_type: "bearer", expires_in: 7200, ...WITH_EMAIL });
	const me = await world.me(token ?? "");
	expect(await me.json()).toEqual({
		data: { id: ADA.id, name: ADA.name, username: "ada", confirmed_email: ADA.email },
	});
	world.time.now += 7200 * 1000 - 1;
	expect((await world.me(token ?? "")).status).toBe(200);
	world.time.now += 1;
	const unauthorized = { title: "Unauthorized", type: "about:blank", status: 401 };
	await expectRefusal(await world.me(token ?? ""), 401, {
		...unauthorized,
		detail: "Unauthorized",
	});
});

test.each([
	["without the scope", ADA, {}, "confirmed_email"],
	["when it is not asked for", ADA, WITH_EMAIL, "description"],
	["of an account without one", BOB, WITH_EMAIL, "confirmed_email"],
])("no address comes %s", async (_, account, changes, fields) => {
	const world = await openOAuth2();
	const token = await world.signIn(account.id, CONFIDENTIAL, changes);

	const { data } = (await (await world.me(token, fields)).json()) as { data: object };

	expect(data).not.toHaveProperty("confirmed_email");
});

test("the profile needs both scopes", async () => {
	const world = await openOAuth2();
	const token = await world.signIn(ADA.id, CONFIDENTIAL, { scope: "users.read" });

	const answer = await world.me(token);

	expect(answer.status).toBe(403);
	expect(answer.headers.get("content-type")).toContain("application/problem+json");
});

test("a code is good once, and for 30 seconds", async () => {
	const world = await openOAuth2();
	const used = await world.approve();
	expect((await world.exchange(used)).status).toBe(200);
	await expectRefusal(await world.exchange(used), 400, WRONG_CODE);

	const [inTime, late] = [await world.approve(), await world.approve()];
	world.time.now += 29_999;
	expect((await world.exchange(inTime)).status).toBe(200);
	world.time.now += 1;
	await expectRefusal(await world.exchange(late), 400, WRONG_CODE);
	await expectRefusal(await world.exchange("unknown"), 400, WRONG_CODE);
});

test("the code of another app is refused and stays good", async () => {
	const world = await openOAuth2();
	const code = await world.approve();

	await expectRefusal(await world.exchange(code, NO_EMAIL), 400, WRONG_CODE);

	expect((await world.exchange(code)).status).toBe(200);
});

test.each([
	["another callback", { redirect_uri: `${CALLBACK}?` }, "redirect uri did not match the uri"],
	["another verifier", { code_verifier: `${VERIFIER}x` }, "code verifier did not match the code"],
	["no code", { code: undefined }, "Missing required parameter [code]."],
	["no callback", { redirect_uri: undefined }, "Missing required parameter [redirect_uri]."],
	["no verifier", { code_verifier: undefined }, "Missing required parameter [code_verifier]."],
	["no grant type", { grant_type: undefined }, "Missing required parameter [grant_type]."],
	["another grant type", { grant_type: "password" }, "grant type was invalid"],
])("a call with %s is an invalid_request", async (_, changes, words) => {
	const world = await openOAuth2();

	const answer = await world.exchange(await world.approve(), CONFIDENTIAL, changes);

	expect(answer.status).toBe(400);
	expect(await answer.json()).toEqual({
		error: "invalid_request",
		error_description: expect.stringContaining(words),
	});
});

test.each([
	["a secret in the body", {}, { client_id: CONFIDENTIAL.clientId, client_secret: "any" }],
	["no header of a confidential client", {}, { client_id: CONFIDENTIAL.clientId }],
	["a wrong secret", { authorization: basic({ ...CONFIDENTIAL, clientSecret: "no" }) }, {}],
	["an empty secret", { authorization: basic({ ...CONFIDENTIAL, clientSecret: "" }) }, {}],
	[
		"a secret with encoded signs",
		{ authorization: basic({ ...CONFIDENTIAL, clientSecret: "%2Dsecret%5Fof%2Dthe%2Dapp" }) },
		{},
	],
	["a public client's header", { authorization: basic(PUBLIC) }, {}],
	[
		"a public client's secret in the body",
		{},
		{ client_id: PUBLIC.clientId, client_secret: "any" },
	],
	["another scheme", { authorization: "Bearer any" }, { client_id: PUBLIC.clientId }],
])("%s gets 401 unauthorized_client", async (_, headers, fields) => {
	const { x } = await openOAuth2();
	const body = new URLSearchParams({
		...fields,
		grant_type: "authorization_code",
		code: "any",
	});

	const answer = await fetch(`${x.url}/2/oauth2/token`, { method: "POST", headers, body });

	await expectRefusal(answer, 401, NO_HEADER);
});

test.each([
	["in the header", { authorization: basic({ clientId: "unknown", clientSecret: "s" }) }, {}],
	["in the body", {}, { client_id: "unknown" }],
])("an unknown client id %s is invalid_client, and none is a missing parameter", async (...row) => {
	const [, headers, fields] = row;
	const { x } = await openOAuth2();
	const url = `${x.url}/2/oauth2/token`;
	const body = new URLSearchParams(fields);

	await expectRefusal(await fetch(url, { method: "POST", headers, body }), 400, {
		error: "invalid_client",
		error_description: "Value passed for the client id was invalid.",
	});
	await expectRefusal(await fetch(url, { method: "POST" }), 400, {
		error: "invalid_request",
		error_description: "Missing required parameter [client_id].",
	});
});

test("a new sign-in ends the earlier token of the same account and app alone", async () => {
	const world = await openOAuth2();
	const first = await world.signIn(ADA.id);
	const [ofBob, ofAnotherApp] = [await world.signIn(BOB.id), await world.signIn(ADA.id, PUBLIC)];

	const second = await world.signIn(ADA.id);

	expect((await world.me(first)).status).toBe(401);
	for (const token of [second, ofBob, ofAnotherApp]) {
		expect((await world.me(token)).status).toBe(200);
	}
});

test("an app revokes its own tokens alone", async () => {
	const world = await openOAuth2();
	const token = await world.signIn();

	expect((await world.revoke(token, NO_EMAIL)).status).toBe(400);
	expect((await world.me(token)).status).toBe(200);
	expect((await world.revoke(token, { ...CONFIDENTIAL, clientSecret: "wrong" })).status).toBe(401);
	const revoked = await world.revoke(token);
	expect(revoked.status).toBe(200);
	expect(await revoked.json()).toEqual({ revoked: true });
	expect((await world.me(token)).status).toBe(401);
	expect((await world.revoke(token)).status).toBe(200);
	expect(world.x.stats().calls.oauth2_revoke).toBe(4);
});

test("the scope offline.access brings a refresh token, which is good once", async () => {
	const world = await openOAuth2();
	const scope = "users.read tweet.read offline.access";
	const first = await world.exchange(await world.approve(ADA.id, PUBLIC, { scope }), PUBLIC);
	const { access_token: old, refresh_token: token } = (await first.json()) as Record<
		string,
		string
	>;
	const refresh = () =>
		world.exchange("", PUBLIC, { grant_type: "refresh_token", refresh_token: token });

	const again = await refresh();

	expect(again.status).toBe(200);
	const renewed = (await again.json()) as Record<string, string>;
	expect(renewed).toMatchObject({ scope, refresh_token: expect.any(String) });
	expect((await world.me(renewed["access_token"] ?? "")).status).toBe(200);
	expect((await world.me(old ?? "")).status).toBe(401);
	await expectRefusal(await refresh(), 400, {
		error: "invalid_request",
		error_description: "Value passed for the token was invalid.",
	});
});

test.each([
	["suspended", GONE, "The user used for authentication is suspended"],
	["locked", SHUT, "temporarily locked"],
])("an account that is %s approves, and its profile is refused", async (_, account, words) => {
	const world = await openOAuth2();

	const answer = await world.me(await world.signIn(account.id));

	expect(answer.status).toBe(403);
	expect(await answer.json()).toMatchObject({
		title: "Forbidden",
		status: 403,
		detail: expect.stringContaining(words),
	});
});

test("the limit of X's profile call counts for each account", async () => {
	const world = await openOAuth2();
	const token = await world.signIn(BOB.id);
	const answers: Response[] = [];
	for (let call = 0; call < 76; call += 1) {
		answers.push(await world.me(token));
	}

	expect(answers.slice(0, 75).every(({ status }) => status === 200)).toBe(true);
	expect(answers.at(-1)?.status).toBe(429);
	expect(answers.at(-1)?.headers.get("x-rate-limit-remaining")).toBe("0");
	expect((await world.me(await world.signIn(ADA.id))).status).toBe(200);
});

test("codes and tokens that ended are forgotten", () => {
	const time = { now: 0 };
	const grants = new OAuth2Grants({ now: () => time.now });
	const app = { apiKey: "key", apiKeySecret: "s", callbacks: [CALLBACK], clientId: "id" };
	const scope = "users.read tweet.read";
	const request = { app, redirectUri: CALLBACK, scope, state: "s", challenge: "c" };
	const account = (index: number) => ({ id: String(index), screenName: "a", name: "A" });
	for (let index = 0; index < 12_000; index += 1) {
		grants.issueCode(request, account(index));
	}
	expect(grants.size).toBe(10_000);

	time.now += 30_000;
	for (let index = 0; index < 500; index += 1) {
		grants.issueTokens({ app, scope, account: account(index % 100) });
	}
	expect(grants.size).toBe(100);

	time.now += 7200 * 1000;
	grants.issueCode(request, account(1));
	expect(grants.size).toBe(1);
});
