import { expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ADA, BOB, CONFIDENTIAL, type OAuth2World, openOAuth2, PUBLIC } from "./open-oauth2.ts";
import { signedFetch } from "./signed-fetch.ts";

test.each([
	["credits-depleted", 402, { title: "CreditsDepleted" }],
	["spend-cap-reached", 403, { title: "SpendCapReached", reset_date: "2026-04-14" }],
	["usage-capped", 429, { title: "UsageCapExceeded" }],
	["client-not-enrolled", 403, { reason: "client-not-enrolled" }],
	["user-suspended", 403, { detail: "The user used for authentication is suspended" }],
	["user-locked", 403, { title: "Forbidden" }],
	["problem-json", 401, { title: "Unauthorized" }],
	["problem-403", 403, { title: "Forbidden" }],
	["problem-429", 429, { title: "Too Many Requests" }],
	["problem-503", 503, { title: "Service Unavailable" }],
	["invalid-code", 400, { error: "invalid_request" }],
	["invalid-client", 400, { error: "invalid_client" }],
	["unauthorized-client", 401, { error: "unauthorized_client" }],
])("the fault %s answers one token call and one profile call", async (fault, status, body) => {
	const world = await openOAuth2();
	world.x.answerNext({ call: "oauth2_token", fault });
	world.x.answerNext({ call: "users_me", fault });
	const code = await world.approve();

	const refused = await world.exchange(code);

	expect(refused.status).toBe(status);
	expect(await refused.json()).toMatchObject(body);
	const granted = (await (await world.exchange(code)).json()) as { access_token: string };
	const noProfile = await world.me(granted.access_token);
	expect(noProfile.status).toBe(status);
	expect(await noProfile.json()).toMatchObject(body);
	expect((await world.me(granted.access_token)).status).toBe(200);
});

test("the fault truncated-json breaks an answer off", async () => {
	const world = await openOAuth2();
	world.x.answerNext({ call: "users_me", fault: "truncated-json" });
	const token = await world.signIn();

	await expect(world.me(token).then((answer) => answer.text())).rejects.toThrow(TypeError);
});

test("the fault other-token gives a token of another shape that works", async () => {
	const world = await openOAuth2();
	world.x.answerNext({ call: "oauth2_token", fault: "other-token" });

	const answer = await world.exchange(await world.approve());

	const body = (await answer.json()) as { access_token: string };
	expect(body).toMatchObject({ token_type: "Bearer", access_token: expect.any(String) });
	expect(body).not.toHaveProperty("expires_in");
	// RFC 6750, section 2.1: the characters of a token.
	expect(body.access_token).toMatch(/^[\w.~+/-]{500,}=+$/);
	expect((await world.me(body.access_token)).status).toBe(200);
});

test("the fault other-account gives the profile of another account", async () => {
	const world = await openOAuth2();
	world.x.answerNext({ call: "users_me", fault: "other-account" });
	const token = await world.signIn(ADA.id);

	expect(await (await world.me(token)).json()).toMatchObject({ data: { id: BOB.id } });
	expect(await (await world.me(token)).json()).toMatchObject({ data: { id: ADA.id } });
});

test("the fault errors-beside-data answers 200 with data and errors", async () => {
	const world = await openOAuth2();
	world.x.answerNext({ call: "users_me", fault: "errors-beside-data" });

	const answer = await world.me(await world.signIn());

	expect(answer.status).toBe(200);
	expect(await answer.json()).toMatchObject({
		data: { id: ADA.id },
		errors: [{ title: "Authorization Error" }],
	});
});

test.each([
	["its API key", "public"],
	["its client id", PUBLIC.clientId],
])("a scenario is about the app that %s names", async (_, app) => {
	const world = await openOAuth2();
	for (const call of ["oauth2_token", "users_me", "oauth2_revoke"] as const) {
		world.x.answerNext({ call, fault: "problem-503", app, times: 2 });
	}

	const other = await world.signIn();
	expect((await world.me(other)).status).toBe(200);
	expect((await world.revoke(other)).status).toBe(200);
	const code = await world.approve(ADA.id, PUBLIC);
	expect((await world.exchange(code, PUBLIC)).status).toBe(503);
	expect((await world.exchange("unknown", PUBLIC)).status).toBe(503);
	const granted = (await (await world.exchange(code, PUBLIC)).json()) as { access_token: string };
	expect((await world.me(granted.access_token)).status).toBe(503);
	expect((await world.revoke(granted.access_token, PUBLIC)).status).toBe(503);
});

test("a scenario is about the account of the code and of the token", async () => {
	const world = await openOAuth2();
	for (const call of ["oauth2_token", "users_me", "oauth2_revoke"] as const) {
		world.x.answerNext({ call, fault: "problem-503", account: BOB.id });
	}

	const other = await world.signIn(ADA.id);
	expect((await world.me(other)).status).toBe(200);
	expect((await world.revoke(other)).status).toBe(200);
	const code = await world.approve(BOB.id);
	expect((await world.exchange(code)).status).toBe(503);
	const granted = (await (await world.exchange(code)).json()) as { access_token: string };
	expect((await world.me(granted.access_token)).status).toBe(503);
	expect((await world.revoke(granted.access_token)).status).toBe(503);
});

test("a client id selects the calls of OAuth 1.0a as well", async () => {
	const { x } = await openOAuth2();
	const { clientId: app } = PUBLIC;
	x.answerNext({ call: "request_token", fault: "130", app, times: "always" });
	const requestToken = (apiKey: string) =>
		signedFetch({ method: "POST", url: `${x.url}/oauth/request_token`, apiKey, apiKeySecret: "s" });

	expect((await requestToken("public")).status).toBe(503);
	expect((await requestToken("confidential")).status).not.toBe(503);
});

/** @returns the status of the token call and of the profile call of one sign-in. */
async function statusesOf(world: OAuth2World, client: typeof CONFIDENTIAL | typeof PUBLIC) {
	const granted = await world.exchange(await world.approve(ADA.id, client), client);
	const { access_token: token } = (await granted.json()) as { access_token: string };
	return [granted.status, (await world.me(token)).status];
}

test("in the incident of 30 June 2026, fresh tokens are refused until it is cleared", async () => {
	const world = await openOAuth2();
	const url = `${world.x.url}/_fake/scenario`;
	const body = JSON.stringify({ incident: "2026-06-30" });

	expect((await fetch(url, { method: "POST", body })).status).toBe(200);

	for (let signIn = 0; signIn < 3; signIn += 1) {
		expect(await statusesOf(world, CONFIDENTIAL)).toEqual([200, 401]);
	}
	expect(await (await fetch(url)).json()).toEqual([{ incident: "2026-06-30" }]);
	await fetch(url, { method: "DELETE" });
	expect(await statusesOf(world, CONFIDENTIAL)).toEqual([200, 200]);
});

test("an incident can be about one app", async () => {
	const world = await openOAuth2();
	world.x.answerNext({ incident: "2026-06-30", app: PUBLIC.clientId });

	expect(await statusesOf(world, PUBLIC)).toEqual([200, 401]);
	expect(await statusesOf(world, CONFIDENTIAL)).toEqual([200, 200]);
});

test("a developer starts the incident and lets everything go right again", async () => {
	const world = await openOAuth2();
	const developer = new HttpVisitor();
	const page = `${world.x.url}/_fake`;
	const press = (fields: [string, string][]) => developer.post(page, fields);
	await developer.open(page);

	await press([
		["do", "incident"],
		["incident", "2026-06-30"],
	]);
	expect(developer.seen.html).toContain("{&quot;incident&quot;:&quot;2026-06-30&quot;}");
	expect(await statusesOf(world, CONFIDENTIAL)).toEqual([200, 401]);

	await press([["do", "clear"]]);
	expect(await statusesOf(world, CONFIDENTIAL)).toEqual([200, 200]);
	const wrong = await press([
		["do", "incident"],
		["incident", "2020-01-01"],
	]);
	expect(wrong).toMatchObject({
		status: 400,
		html: expect.stringContaining("incident is one of 2026-06-30"),
	});
});
