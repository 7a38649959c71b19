// Shows names that scripts and emoji join, and names that look like markup, on the pages of a browser on a telephone.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

const TELEPHONE = { width: 375, height: 800 };
const HANDLE = "an_early_long_handle";
const EMAIL = "early@example.com";

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

async function open(name: string) {
	const helpdesk = await openHelpdesk({}, [{ id: "12", screenName: HANDLE, name, email: EMAIL }]);
	await setUpX(helpdesk);
	const context = await browser.newContext({ viewport: TELEPHONE, javaScriptEnabled: false });
	return { ...helpdesk, page: await context.newPage(), newPage: () => context.newPage() };
}

async function signUp(page: Page, portal: string): Promise<void> {
	await page.goto(`${portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.getByRole("button", { name: /^(Sign in|Authorize app)$/ }).click();
	await page.waitForURL(`${portal}/account`);
}

test.each([
	["in Persian", "می\u200cخواهم", "می\u200cخواهم"],
	[
		"with a family and a flag",
		"Zoë 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈",
		"Zoë 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈",
	],
	["with entities at X", "Tom & Jerry", "Tom & Jerry"],
	["with an entity as its own text", "&lt;b&gt;", "&lt;b&gt;"],
	["that is markup and reversed", "<b>\u202eada</b>", "<b>ada</b>"],
	["as long as can be, without a space", "W".repeat(200), "W".repeat(80)],
	["that shows nothing", "\u3164\u2800\u200d", HANDLE],
])("a name %s is the same text for its owner and for an operator", async (_, name, shown) => {
	const { page, newPage, portal, helpdesk } = await open(name);

	await signUp(page, portal);

	expect(await page.locator("main dd bdi").first().textContent()).toBe(shown);
	await page.getByText(`@${HANDLE}`, { exact: true }).waitFor();
	expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(TELEPHONE.width);
	const admin = await newPage();
	await admin.goto(`${helpdesk.adminUrl}/login`);
	await admin.getByLabel("E-mail address").fill(helpdesk.operator.email);
	await admin.getByLabel("Password").fill(helpdesk.operator.password ?? "");
	await admin.getByRole("button", { name: "Log in" }).click();
	await admin.goto(`${helpdesk.adminUrl}/users`);
	const row = admin.getByRole("row").filter({ hasText: EMAIL });
	expect(await row.locator("strong").first().textContent()).toBe(shown);
	expect(await row.textContent()).toContain(`@${HANDLE}`);
	expect(await admin.locator("main b").count()).toBe(0);
	expect(await admin.evaluate("document.documentElement.scrollWidth")).toBe(TELEPHONE.width);
});

test("the form for registering takes names as X does, and none that shows nothing", async () => {
	const { page, portal } = await open("Ada");
	const register = async (name: string): Promise<void> => {
		await page.goto(`${portal}/register`);
		await page.getByLabel("Name").fill(name);
		await page.getByLabel("E-mail address").fill("grace@example.com");
		await page.getByLabel("Password").fill("correct horse");
		await page.getByRole("button", { name: "Register", exact: true }).click();
	};

	for (const nothing of ["\u3164", "\u2800 \u2800", "\ufe0f\u200d", "\u{e0067}\u{e007f}"]) {
		await register(nothing);
		expect(await page.getByRole("alert").textContent()).toContain("Enter your name");
	}
	await register("می\u200cخواهم 👨\u200d👩\u200d👧");
	await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
});
