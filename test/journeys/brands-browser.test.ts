// Two brands on host names of their own, over TLS, behind a proxy that leads both to one port, in a real browser.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { openTlsSite, pem, type TlsSite } from "../kit/browser/open-tls-site.ts";
import { logInToAdministration } from "../kit/browser/set-up-x.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { freePorts, newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const KEYS = { apiKey: "brands-key", apiKeySecret: "brands-secret" };
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };

async function openSites() {
	const [help, shop] = await Promise.all(
		["help.helpdesk.example", "shop.other.example"].map(openTlsSite),
	);
	if (help === undefined || shop === undefined) {
		throw new Error("a site did not open");
	}
	const port = await freePorts();
	for (const site of [help, shop]) {
		site.target = `http://127.0.0.1:${port}`;
	}
	return { help, shop, port };
}

async function setUpAt(page: Page, brand: string): Promise<void> {
	await page.getByRole("link", { name: "Third-Party Integrations", exact: true }).first().click();
	await page.getByRole("link", { name: "Settings", exact: true }).last().click();
	await page.getByRole("link", { name: brand, exact: true }).click();
	await page.getByLabel("API key", { exact: true }).fill(KEYS.apiKey);
	await page.getByLabel("API key secret").fill(KEYS.apiKeySecret);
	await page.getByRole("button", { name: "Save and test", exact: true }).click();
	expect(await page.locator(".check.failed").allTextContents()).toEqual([]);
	expect(await page.getByLabel("Callback URL").inputValue()).toMatch(/\/login\/x-login\/callback$/);
	await page.getByRole("link", { name: "Social Login", exact: true }).first().click();
	await page.getByRole("link", { name: "Manage", exact: true }).click();
	await page.getByLabel(brand, { exact: true }).check();
	await page.getByRole("button", { name: "Submit", exact: true }).click();
}

async function throughX(visitor: BrowserContext, { origin }: TlsSite): Promise<Page> {
	const page = await visitor.newPage();
	await page.goto(`${origin}/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	const allow = page.getByRole("button", { name: "Sign in" });
	// X asks only the first time.
	await Promise.race([allow.waitFor(), page.waitForURL(`${origin}/account`)]);
	if (new URL(page.url()).origin !== origin) {
		await allow.click();
	}
	await page.waitForURL(`${origin}/account`);
	await page.getByText("@ada", { exact: true }).waitFor();
	return page;
}

test("a configured brand and one that is added while it runs log the same person in, each to an account of its own", async () => {
	const { help, shop, port } = await openSites();
	const fakeX = await startFakeX({
		apps: [
			{
				...KEYS,
				callbacks: [help, shop].map(({ origin }) => `${origin}/login/x-login/callback`),
			},
		],
		accounts: [ADA],
		tls: { key: await readFile(pem("key"), "utf8"), cert: await readFile(pem("cert"), "utf8") },
	});
	onTestFinished(() => fakeX.close());
	const data = await newDataFolder();
	const { ready, printed } = await startHelpdeskProcess(
		data,
		[
			...["--port", String(port), "--x-base-url", fakeX.url],
			...["--brand", `help=Smith, Jones & Co,${help.origin}`],
		],
		{ NODE_EXTRA_CA_CERTS: pem("cert") },
	);
	expect(ready.portals).toEqual({ help: help.origin });
	const browser = await openBrowser(["--host-resolver-rules=MAP *.example 127.0.0.1"]);
	onTestFinished(() => browser.close());
	const newVisitor = () => browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });

	const admin = await (await newVisitor()).newPage();
	await logInToAdministration(admin, ready);
	await admin.getByRole("link", { name: "Third-Party Integrations", exact: true }).first().click();
	await admin.getByRole("button", { name: "Activate", exact: true }).click();
	await setUpAt(admin, "Smith, Jones & Co");
	const visitor = await newVisitor();
	await throughX(visitor, help);

	expect(runCli(data, "brands", "add", `shop=Shop,${shop.origin}`, "--data", data)).toMatchObject({
		status: 0,
	});
	// The administration lists it within some seconds.
	await expect
		.poll(async () => {
			await admin.goto(`${ready.admin}/users`);
			return admin.getByRole("option", { name: "Shop" }).count();
		})
		.toBeGreaterThan(0);
	await setUpAt(admin, "Shop");
	const atShop = await throughX(visitor, shop);
	expect(await atShop.title()).toContain("Shop");

	// They are logged in at both, and what ends at one goes on at the other.
	await atShop.getByRole("button", { name: "Log out", exact: true }).click();
	const atHelp = await visitor.newPage();
	await atHelp.goto(`${help.origin}/account`);
	await atHelp.getByText("@ada", { exact: true }).waitFor();
	await admin.goto(`${ready.admin}/users`);
	const rows = await admin
		.getByRole("row")
		.filter({ hasText: "ada@example.com" })
		.allTextContents();
	expect(rows.map((row) => /Smith, Jones & Co|Shop/.exec(row)?.[0]).sort()).toEqual([
		"Shop",
		"Smith, Jones & Co",
	]);
	// The administration is at the first brand alone.
	expect((await atShop.goto(`${shop.origin}/admin/login`))?.status()).toBe(404);
	expect(printed()).not.toContain('"level":"error"');
});
