// An operator connects a helpdesk to a brand at another site than the administration's, and tests it, in a real browser.
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { API_KEY_SECRET, openHelpdesk } from "../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS } from "../kit/helpdesk/people-with-x.ts";
import { freePorts } from "../kit/helpdesk/start-helpdesk.ts";

async function openDesk() {
	const port = await freePorts();
	const baseUrls = new Map([
		["acorn", `http://127.0.0.1:${port}`],
		["harbor", `http://localhost:${port + 1}`],
	]);
	const clock = systemClock;
	const open = await openHelpdesk({ port, baseUrls, clock, storage: new MemoryStorage(clock) });
	const { operator, portal } = open;
	await operator.open(`${portal}${INTEGRATIONS}`);
	await operator.submit(`${INTEGRATIONS}/x-login/activate`);
	const settings = `${INTEGRATIONS}/x-login?brand=harbor`;
	await operator.open(`${portal}${settings}`);
	const keys = { apiKey: "api-key", apiKeySecret: API_KEY_SECRET, mode: "login-and-signup" };
	await operator.submit(settings, keys);
	const social = "/admin/settings/users/social-login/x-login";
	await operator.open(`${portal}${social}`);
	await operator.submit(social, { harbor: "on" });
	return { ...open, harbor: baseUrls.get("harbor") ?? "" };
}

async function openAdmin({
	operator,
	portal,
}: Awaited<ReturnType<typeof openDesk>>): Promise<Page> {
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const context = await browser.newContext({ locale: "en-GB" });
	await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: portal });
	await context.addCookies(
		[...operator.cookies].map(([name, value]) => ({ name, value, url: portal })),
	);
	const page = await context.newPage();
	await page.goto(`${portal}/admin`);
	return page;
}

test("what to paste is copied, and a test goes through X and the consent to another site and back", async () => {
	const open = await openDesk();
	const { portal, harbor } = open;
	const page = await openAdmin(open);
	await page.getByRole("link", { name: "Connected helpdesks" }).first().click();
	await page.getByRole("link", { name: "Harbor Music" }).click();
	await page.getByRole("link", { name: "Connect a helpdesk" }).click();
	await page.getByRole("link", { name: "Request Tracker" }).click();
	await page.getByLabel("Address of Request Tracker").fill("http://127.0.0.1:4");
	await page.getByRole("button", { name: "Connect" }).click();

	const row = page.locator(".copy", { has: page.getByLabel("X_LOGIN_ISSUER") });
	await row.getByRole("button", { name: "Copy" }).click();
	await row.getByRole("button", { name: "Copied" }).waitFor();
	expect(await page.evaluate("navigator.clipboard.readText()")).toBe(`${harbor}/oidc`);
	expect(await page.getByLabel("X_LOGIN_CLIENT_SECRET").inputValue()).toMatch(/^[\w-]{43}$/);

	const opened = page.waitForEvent("popup");
	await page.getByRole("link", { name: "Test" }).click();
	const tab = await opened;
	await tab.getByRole("button", { name: "Log in with X" }).click();
	await tab.getByRole("button", { name: "Sign in" }).click();
	await tab.getByRole("button", { name: "Go on" }).click();
	await tab.getByRole("heading", { name: "What Request Tracker would receive" }).waitFor();

	expect(new URL(tab.url()).origin).toBe(portal);
	expect(await tab.getByText(/^ada\b/).count()).toBe(2);
	expect(await tab.evaluate("window.opener")).toBeNull();
	expect(page.url()).toContain("/admin/settings/general/connected-helpdesks/add");
});
