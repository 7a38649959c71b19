import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { newDataFolder, type Ready, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const BRANDS = [
	["acorn", "Acorn Outdoor"],
	["harbor", "Harbor Music"],
] as const;

// Each brand has one account, because X asks nobody twice for the same app.
const ADA = { id: "2244994945", handle: "@ada_l", email: "ada@example.com" };
const ZOE = { id: "9007199254740993", handle: "@zoe_oe", email: "zoe@example.com" };

async function logInAsOperator(page: Page, { admin, operator }: Ready): Promise<void> {
	await page.goto(admin);
	await page.getByLabel("E-mail address").fill(operator.email);
	await page.getByLabel("Password").fill(operator.password ?? "");
	await page.getByRole("button", { name: "Log in" }).click();
}

async function goTo(page: Page, ...links: readonly string[]): Promise<void> {
	for (const name of links) {
		await page.getByRole("link", { name, exact: true }).first().click();
	}
}

async function setUp(page: Page, ready: Ready): Promise<void> {
	await goTo(page, "Third-Party Integrations");
	await page.getByRole("cell", { name: "Disabled" }).waitFor();
	await page.getByRole("button", { name: "Activate", exact: true }).click();
	expect(await page.getByRole("status").textContent()).toContain("X is active");

	await goTo(page, "Social Login");
	await page.getByText("No integration is active and set up").waitFor();

	for (const [id, name] of BRANDS) {
		await goTo(page, "Third-Party Integrations", "Settings");
		await goTo(page, name);
		expect(await page.getByLabel("Callback URL").inputValue()).toBe(
			`${ready.portals[id]}/login/x-login/callback`,
		);
		await page.getByLabel("API key", { exact: true }).fill(` ${ready.fakeX.apiKey} `);
		await page.getByLabel("API key secret").fill(ready.fakeX.apiKeySecret);
		await page.getByRole("button", { name: "Save", exact: true }).click();
		expect(await page.getByRole("status").textContent()).toContain("saved");
		expect(await page.getByLabel("API key secret").inputValue()).toBe("");
		expect(await page.content()).not.toContain(ready.fakeX.apiKeySecret);
	}
	await switchOn(page);
}

async function switchOn(page: Page): Promise<void> {
	await goTo(page, "Social Login", "Manage");
	for (const [, name] of BRANDS) {
		await page.getByLabel(name).check();
	}
	await page.getByRole("button", { name: "Submit" }).click();
	expect(await page.getByRole("status").textContent()).toContain("Saved");
}

async function callsToX({ fakeX }: Ready): Promise<Record<string, number>> {
	const answer = await fetch(`${fakeX.url}/_fake/stats`);
	return ((await answer.json()) as { calls: Record<string, number> }).calls;
}

async function visitBrand(
	context: BrowserContext,
	ready: Ready,
	id: string,
	account: typeof ADA,
): Promise<void> {
	const { hostname } = new URL(ready.fakeX.url);
	const signedInAtX = {
		name: "fake_x_account",
		value: account.id,
		domain: hostname,
		path: "/oauth",
	};
	await context.addCookies([signedInAtX]);
	const page = await context.newPage();
	const portal = ready.portals[id] ?? "";
	const before = await callsToX(ready);

	// Cancel at X leads back to a page that offers another try.
	await page.goto(`${portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.getByRole("button", { name: "Cancel" }).click();
	await page.getByRole("link", { name: /Return to/ }).click();
	expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Log-in cancelled");

	// Signing up takes the retry and keeps the return path.
	await page.getByRole("button", { name: "Try again with X" }).click();
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL(`${portal}/account`);
	await page.getByText(account.email).waitFor();
	await page.getByText(account.handle, { exact: true }).waitFor();
	const signedUp = await callsToX(ready);
	expect(signedUp["request_token"]).toBe((before["request_token"] ?? 0) + 2);
	expect(signedUp["access_token"]).toBe((before["access_token"] ?? 0) + 1);
	expect(signedUp["verify_credentials"]).toBe((before["verify_credentials"] ?? 0) + 1);

	// Logging out and in again asks X for nothing but the name.
	await page.getByRole("button", { name: "Log out", exact: true }).click();
	await page.goto(`${portal}/login`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.waitForURL(`${portal}/`);
	await page.getByRole("button", { name: "Log out", exact: true }).waitFor();
	expect((await callsToX(ready))["verify_credentials"]).toBe(signedUp["verify_credentials"]);
}

/** Switches the first brand to OAuth 2.0. */
async function switchToOAuth2(page: Page, { fakeX }: Ready): Promise<void> {
	await goTo(page, "Third-Party Integrations", "Settings", BRANDS[0][1]);
	await page.locator("[name=protocol]").selectOption("oauth2");
	await page.locator("[name=clientId]").fill(fakeX.clientId);
	await page.locator("[name=clientSecret]").fill(fakeX.clientSecret);
	await page.getByRole("button", { name: "Save", exact: true }).click();
	expect(await page.getByRole("status").textContent()).toContain("saved");
	expect(await page.content()).not.toContain(fakeX.clientSecret);
}

/** Logs in by OAuth 2.0 after a Cancel. X asks every time, and it leads back without a page of its own. */
async function logInByOAuth2(page: Page, ready: Ready, portal: string): Promise<void> {
	const { origin } = new URL(ready.fakeX.url);
	await page.context().addCookies([{ name: "fake_x_account", value: ADA.id, url: origin }]);
	const before = await callsToX(ready);
	await page.goto(`${portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.getByRole("button", { name: "Cancel" }).click();
	expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Log-in cancelled");
	expect(await callsToX(ready)).toEqual(before);

	await page.getByRole("button", { name: "Try again with X" }).click();
	await page.getByRole("button", { name: "Authorize app" }).click();
	await page.waitForURL(`${portal}/account`);
	await page.getByText(ADA.email).waitFor();
	await page.getByText(ADA.handle, { exact: true }).waitFor();
	expect(await callsToX(ready)).toEqual({ ...before, oauth2_token: 1, users_me: 1 });
}

test("an administrator sets X up, visitors of both brands log in, cancel and return, and notice no switch to OAuth 2.0", async () => {
	const data = await newDataFolder();
	const { ready, printed, process: helpdesk } = await startHelpdeskProcess(data);
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const operator = await (await browser.newContext({ locale: "en-GB" })).newPage();
	const visitors = await browser.newContext({ locale: "en-GB" });
	const seen: string[] = [];
	visitors.on("request", (request) => seen.push(request.url()));

	await logInAsOperator(operator, ready);
	await setUp(operator, ready);
	await visitBrand(visitors, ready, "harbor", ZOE);
	await visitBrand(visitors, ready, "acorn", ADA);

	// Deactivating removes the button and keeps the link. Activating again loses nothing.
	await goTo(operator, "Third-Party Integrations");
	await operator.getByRole("button", { name: "Deactivate" }).click();
	await operator.getByText("1 person has X linked at Acorn Outdoor").waitFor();
	await operator.getByRole("button", { name: "Deactivate" }).click();
	expect(await operator.getByRole("status").textContent()).toContain("deactivated");
	const page = await visitors.newPage();
	const portal = ready.portals["acorn"] ?? "";
	await page.goto(`${portal}/account`);
	await page.getByText(ADA.handle, { exact: true }).waitFor();
	await page.getByRole("button", { name: "Log out", exact: true }).click();
	await page.goto(`${portal}/login`);
	expect(await page.getByRole("button", { name: "Log in with X" }).count()).toBe(0);

	await operator.getByRole("button", { name: "Activate", exact: true }).click();
	await page.goto(`${portal}/login`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.waitForURL(`${portal}/`);
	await page.goto(`${portal}/account`);
	await page.getByText(ADA.handle, { exact: true }).waitFor();

	// The same person has the same account by the other protocol.
	await switchToOAuth2(operator, ready);
	await page.getByRole("button", { name: "Log out", exact: true }).click();
	await logInByOAuth2(page, ready, portal);

	// The log has nothing that anybody could log in with.
	const secrets = seen.flatMap((url) => {
		const { searchParams } = new URL(url);
		const names = ["oauth_verifier", "oauth_token", "state", "code", "code_challenge"];
		return names.flatMap((name) => searchParams.getAll(name));
	});
	expect(secrets.length).toBeGreaterThan(9);
	const { apiKeySecret, clientSecret } = ready.fakeX;
	const password = ready.operator.password ?? "";
	for (const secret of [...secrets, apiKeySecret, clientSecret, password]) {
		expect(printed()).not.toContain(secret);
	}
	helpdesk.kill("SIGTERM");
	const [code] = await new Promise<[number | null]>((resolve) =>
		helpdesk.once("exit", (exitCode) => resolve([exitCode])),
	);
	expect(code).toBe(0);
});
