import { expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import {
	BOB,
	CALLBACK,
	NO_EMAIL,
	type OAuth2World,
	openOAuth2,
	SUSPENDED_APP,
} from "./open-oauth2.ts";

async function expectDeadEnd({ x }: OAuth2World, url: string): Promise<void> {
	const page = await fetch(url, { redirect: "manual" });
	expect(page.status).toBe(400);
	expect(page.headers.get("location")).toBeNull();
	const html = await page.text();
	expect(html).toContain("Something went wrong");
	expect(html).toContain("You weren't able to give access to the App.");
	// The form cannot be sent past the page either.
	const form = new URLSearchParams(new URL(url).search);
	form.set("account", BOB.id);
	form.set("decision", "approve");
	const sent = await fetch(`${x.url}/i/oauth2/authorize`, {
		method: "POST",
		redirect: "manual",
		body: form,
	});
	expect(sent.status).toBe(400);
}

test("a visitor approves, and comes back with the state and a code", async () => {
	const world = await openOAuth2();

	const callback = new URL(await approveAtX(world.authorizeUrl(), { accountId: BOB.id }));

	expect(`${callback.origin}${callback.pathname}`).toBe(CALLBACK);
	expect([...callback.searchParams.keys()]).toEqual(["state", "code"]);
	expect(callback.searchParams.get("state")).toBe("state of the browser");
	expect(callback.searchParams.get("code")).toMatch(/^[\w-]{64}$/);
});

test("a visitor cancels, and comes back with access_denied and the state", async () => {
	const world = await openOAuth2();

	const callback = new URL(await cancelAtX(world.authorizeUrl()));

	expect(Object.fromEntries(callback.searchParams)).toEqual({
		error: "access_denied",
		state: "state of the browser",
	});
});

test("a visitor who approved before is asked again", async () => {
	const world = await openOAuth2();
	await world.signIn();

	const page = await fetch(world.authorizeUrl(), { redirect: "manual" });

	expect(page.status).toBe(200);
	expect(await page.text()).toContain("Allow confidential to access your account?");
});

test("the page says what the app asks for", async () => {
	const world = await openOAuth2();
	const asked = { scope: "users.read users.email <b>" };

	const html = await (await fetch(world.authorizeUrl(asked))).text();

	expect(html).toContain("<li>See any account that you can see</li>");
	expect(html).toContain("<li>See your e-mail address</li>");
	expect(html).toContain("<li>&lt;b&gt;</li>");
});

test.each([
	["an unknown client id", { client_id: "unknown" }],
	["no client id", { client_id: undefined }],
	["a callback that is not registered", { redirect_uri: `${CALLBACK}/` }],
	["a registered callback with a query", { redirect_uri: `${CALLBACK}?brand=1` }],
	["another response type", { response_type: "token" }],
	["no state", { state: undefined }],
	["a state of 501 characters", { state: "s".repeat(501) }],
	["no scope", { scope: "" }],
	["no challenge", { code_challenge: undefined }],
	["no challenge method", { code_challenge_method: undefined }],
	["the challenge method plain", { code_challenge_method: "plain" }],
	["an unknown challenge method", { code_challenge_method: "S512" }],
])("%s ends on X's own page", async (_, changes) => {
	const world = await openOAuth2();

	await expectDeadEnd(world, world.authorizeUrl(changes));
});

test.each([
	["S256", { code_challenge_method: "S256" }],
	["s256, as twitter-api-v2 writes it,", { code_challenge_method: "s256" }],
	["a state of 500 characters", { state: "s".repeat(500) }],
])("%s leads to the consent page", async (_, changes) => {
	const world = await openOAuth2();

	expect((await fetch(world.authorizeUrl(changes))).status).toBe(200);
});

test("an app whose e-mail switch is off must not ask for the address", async () => {
	const world = await openOAuth2();
	const withEmail = { scope: "users.read tweet.read users.email" };

	await expectDeadEnd(world, world.authorizeUrl(withEmail, NO_EMAIL));
	expect((await fetch(world.authorizeUrl({}, NO_EMAIL))).status).toBe(200);
});

test("a suspended app ends on X's own page", async () => {
	const world = await openOAuth2();

	await expectDeadEnd(world, world.authorizeUrl({}, SUSPENDED_APP));
});

test("the fault swapped-token sends a visitor back with another state", async () => {
	const world = await openOAuth2();
	world.x.answerNext({ call: "callback", fault: "swapped-token", account: BOB.id });

	const callback = await approveAtX(world.authorizeUrl(), { accountId: BOB.id });

	expect(new URL(callback).searchParams.get("state")).toBe("resworb eht fo etats");
});
