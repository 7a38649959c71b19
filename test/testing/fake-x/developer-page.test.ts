import { expect, onTestFinished, test } from "vitest";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { signedFetch } from "./signed-fetch.ts";

const CALLBACK = "http://127.0.0.1:8080/callback";
const ONE = { apiKey: "one", apiKeySecret: "s", callbacks: [CALLBACK] };
const TWO = { apiKey: "two", apiKeySecret: "s", callbacks: [CALLBACK] };
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };
const BEA = { id: "2", screenName: "bea", name: "<b>Bea</b>" };

async function open(): Promise<{ x: FakeX; developer: HttpVisitor }> {
	const x = await startFakeX({ apps: [ONE, TWO], accounts: [ADA, BEA] });
	onTestFinished(() => x.close());
	const developer = new HttpVisitor();
	await developer.open(`${x.url}/_fake`);
	return { x, developer };
}

async function requestToken(x: FakeX, { apiKey, apiKeySecret } = ONE): Promise<Response> {
	return signedFetch({
		method: "POST",
		url: `${x.url}/oauth/request_token`,
		apiKey,
		apiKeySecret,
		oauth: { oauth_callback: CALLBACK },
	});
}

async function consentPage(x: FakeX, developer: HttpVisitor): Promise<string> {
	const form = new URLSearchParams(await (await requestToken(x)).text());
	const url = `${x.url}/oauth/authenticate?oauth_token=${form.get("oauth_token")}`;
	return (await developer.open(url)).html;
}

test("a developer chooses who is logged in, and renames them", async () => {
	const { x, developer } = await open();
	const page = `${x.url}/_fake`;

	await developer.post(page, [
		["do", "account"],
		["account", BEA.id],
	]);
	expect(developer.seen.html).toContain("@bea is logged in");
	expect(developer.seen.html).not.toContain("<b>Bea");
	expect(await consentPage(x, developer)).toMatch(/<option value="2" selected>/);

	await developer.post(page, [
		["do", "rename"],
		["account", BEA.id],
		["handle", "beatrice"],
	]);
	expect(await consentPage(x, developer)).toContain("@beatrice");
	const rename = (handle: string) =>
		developer.post(page, [
			["do", "rename"],
			["account", BEA.id],
			["handle", handle],
		]);
	// Accounts of X's first years have up to 20 characters.
	expect((await developer.open(page)).html).toContain('id="handle" name="handle" maxlength="20"');
	expect(await rename("an_early_long_handle")).toMatchObject({ status: 200 });
	expect(await consentPage(x, developer)).toContain("@an_early_long_handle");
	for (const wrong of ["no handle", "", "a".repeat(21), "ada\n", "ädä"]) {
		expect(await rename(wrong), wrong).toMatchObject({ status: 400 });
	}
	expect(await consentPage(x, developer)).toContain("@an_early_long_handle");
});

test("a developer makes one app's call go wrong, and right again", async () => {
	const { x, developer } = await open();
	const page = `${x.url}/_fake`;
	await developer.post(page, [
		["do", "fault"],
		["call", "request_token"],
		["fault", "415"],
		["app", "two"],
		["of", ""],
		["times", "always"],
	]);

	expect((await requestToken(x, ONE)).status).toBe(200);
	expect((await requestToken(x, TWO)).status).toBe(403);
	expect((await requestToken(x, TWO)).status).toBe(403);
	await developer.post(page, [["do", "clear"]]);
	expect((await requestToken(x, TWO)).status).toBe(200);
	const nonsense = await developer.post(page, [
		["do", "fault"],
		["call", "request_token"],
		["fault", "nonsense"],
	]);
	expect(nonsense).toMatchObject({ status: 400, html: expect.stringContaining("fault is one of") });
});

test("programs list and clear scenarios", async () => {
	const { x } = await open();
	const url = `${x.url}/_fake/scenario`;
	const scenario = { call: "verify_credentials", fault: "hang", account: "1", times: "always" };
	await fetch(url, { method: "POST", body: JSON.stringify(scenario) });
	expect(await (await fetch(url)).json()).toEqual([scenario]);

	await fetch(url, { method: "DELETE" });
	expect(await (await fetch(url)).json()).toEqual([]);
});

test.each([
	["suspended", "416"],
	["native", "417"],
] as const)("an app that is %s gets the code %s", async (state, code) => {
	const x = await startFakeX({ apps: [{ ...ONE, state }], accounts: [ADA] });
	onTestFinished(() => x.close());

	const answer = await requestToken(x);

	expect(answer.status).toBe(401);
	expect(await answer.text()).toContain(code);
});

test("without the switch Sign in with X, X asks everybody every time", async () => {
	const x = await startFakeX({ apps: [{ ...ONE, signInWithX: false }], accounts: [ADA] });
	onTestFinished(() => x.close());
	for (let time = 0; time < 2; time += 1) {
		const form = new URLSearchParams(await (await requestToken(x)).text());
		const visitor = new HttpVisitor();
		const page = await visitor.open(
			`${x.url}/oauth/authenticate?oauth_token=${form.get("oauth_token")}`,
		);
		expect(page.status).toBe(200);
		await visitor.submit("/oauth/authenticate", { account: ADA.id, decision: "approve" });
	}
});
