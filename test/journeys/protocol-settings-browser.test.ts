// The settings page with X's two protocols, in a real browser: it hides what the choice does not need, sends hidden fields
// as they are, and shows the field that was refused.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import {
	API_KEY_SECRET,
	OAUTH2_KEYS,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../kit/helpdesk/open-helpdesk.ts";

const SETTINGS = "/admin/settings/general/integrations/x-login?brand=acorn";
const KEYS = ["API key", "API key secret", "Client ID", "Client Secret"];
const PROTOCOL = "How this helpdesk talks to X";

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

async function openSettings(
	javaScriptEnabled = true,
): Promise<{ readonly open: OpenHelpdesk; readonly page: Page }> {
	const open = await openHelpdesk();
	await setUpX(open);
	const context = await browser.newContext({ javaScriptEnabled });
	const page = await context.newPage();
	await page.goto(`${open.portal}/admin/login`);
	await page.getByLabel("E-mail address").fill(open.helpdesk.operator.email);
	await page.getByLabel("Password").fill(open.helpdesk.operator.password ?? "");
	await page.getByRole("button", { name: "Log in", exact: true }).click();
	await page.goto(`${open.portal}${SETTINGS}`);
	return { open, page };
}

async function shownKeys(page: Page): Promise<readonly string[]> {
	const visible = await Promise.all(
		KEYS.map((label) => page.getByLabel(label, { exact: true }).isVisible()),
	);
	return KEYS.filter((_, index) => visible[index]);
}

const save = async (page: Page, button = "Save"): Promise<void> => {
	await page.getByRole("button", { name: button, exact: true }).click();
	await page.waitForLoadState();
};

test("the choice of a protocol shows its keys alone, also where it is that of all brands, and hidden keys are kept", async () => {
	const { page } = await openSettings();
	expect(await shownKeys(page)).toEqual(["API key", "API key secret"]);
	await page.getByLabel(PROTOCOL).selectOption("OAuth 2.0, else 1.0a");
	expect(await shownKeys(page)).toEqual(KEYS);
	await page.getByLabel(PROTOCOL).selectOption("OAuth 2.0");
	expect(await shownKeys(page)).toEqual(["Client ID", "Client Secret"]);

	await page.getByLabel("Client ID", { exact: true }).fill(OAUTH2_KEYS.clientId);
	await page.getByLabel("Client Secret", { exact: true }).fill(OAUTH2_KEYS.clientSecret);
	await save(page, "Save and test");
	await page.getByText("X knows the Client ID and the Client Secret for OAuth 2.0.").waitFor();
	expect(await shownKeys(page)).toEqual(["Client ID", "Client Secret"]);

	await page.getByLabel(PROTOCOL).selectOption("OAuth 1.0a");
	expect(await page.getByLabel("API key", { exact: true }).inputValue()).toBe("api-key");
	await save(page, "Save and test");
	await page.getByText("X knows the keys for OAuth 1.0a").waitFor();
	expect(await shownKeys(page)).toEqual(["API key", "API key secret"]);
	await page.getByLabel(PROTOCOL).selectOption("OAuth 2.0, else 1.0a");
	await save(page, "Save and test");
	await page.getByText("X knows the Client ID and the Client Secret for OAuth 2.0.").waitFor();
	await page.getByText("X knows the keys for OAuth 1.0a").waitFor();
});

test("a refused field stays in sight, whatever protocol is chosen", async () => {
	const { page } = await openSettings();
	await page.getByLabel("API key", { exact: true }).fill("two words");
	await page.getByLabel(PROTOCOL).selectOption("OAuth 2.0");
	expect(await shownKeys(page)).toEqual(["Client ID", "Client Secret"]);
	await page.getByLabel("Client ID", { exact: true }).fill(OAUTH2_KEYS.clientId);
	await save(page);
	await page.getByText("Not saved. Fix the fields marked below.").waitFor();

	expect(await shownKeys(page)).toEqual(["API key", "Client ID", "Client Secret"]);
	await page.getByText("This contains characters that do not belong here").waitFor();
});

test("without script every field is there, says when it is of use, and can be saved", async () => {
	const { page } = await openSettings(false);
	expect(await shownKeys(page)).toEqual(KEYS);
	expect(await page.getByText("Only with “OAuth 2.0” or “OAuth 2.0, else 1.0a”.").count()).toBe(2);
	await page.getByLabel(PROTOCOL).selectOption("OAuth 2.0");
	await save(page);
	await page.getByText("OAuth 2.0 needs a Client ID.").waitFor();
	await page.getByLabel("Client ID", { exact: true }).fill(OAUTH2_KEYS.clientId);
	await page.getByLabel("Client Secret", { exact: true }).fill(API_KEY_SECRET);
	await save(page);
	await page
		.getByText("This value is stored as the API key secret, so one of the two is wrong.")
		.waitFor();
	await page.getByLabel("Client Secret", { exact: true }).fill(OAUTH2_KEYS.clientSecret);
	await save(page, "Save and test");
	await page.getByText("X knows the Client ID and the Client Secret for OAuth 2.0.").waitFor();
});
