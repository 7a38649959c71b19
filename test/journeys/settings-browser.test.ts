// The settings page in a real browser: it warns of changes that are not saved, leads to what has to be fixed, and copies.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

const SETTINGS = "/admin/settings/general/integrations/x-login?brand=acorn";
const NOTE = "You have unsaved changes.";

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

async function openSettings(): Promise<{ readonly open: OpenHelpdesk; readonly page: Page }> {
	const open = await openHelpdesk();
	await setUpX(open);
	const page = await (await browser.newContext()).newPage();
	await page.goto(`${open.portal}/admin/login`);
	await page.getByLabel("E-mail address").fill(open.helpdesk.operator.email);
	await page.getByLabel("Password").fill(open.helpdesk.operator.password ?? "");
	await page.getByRole("button", { name: "Log in", exact: true }).click();
	await page.getByRole("button", { name: "Log out", exact: true }).waitFor();
	await page.goto(`${open.portal}${SETTINGS}`);
	return { open, page };
}

/** Follows a link, answers what the browser asks, and returns what kind of question it was. */
async function leave(page: Page, answer: "accept" | "dismiss"): Promise<string> {
	const asked = page.waitForEvent("dialog");
	const click = page.getByRole("link", { name: "Harbor Music" }).click({ noWaitAfter: true });
	const dialog = await asked;
	await dialog[answer]();
	await click;
	return dialog.type();
}

test("a page with changes says so, the browser asks before it is left, and saving asks nothing", async () => {
	const { page } = await openSettings();
	const key = page.getByLabel("API key", { exact: true });
	expect(await page.getByText(NOTE).isVisible()).toBe(false);

	await key.fill("another-key");
	await page.getByText(NOTE).waitFor();
	expect(await leave(page, "dismiss")).toBe("beforeunload");
	expect(await key.inputValue()).toBe("another-key");
	await key.fill("api-key");
	expect(await page.getByText(NOTE).isVisible()).toBe(false);
	await page.getByLabel("Who can log in with X").selectOption("Log in only");
	await page.getByText(NOTE).waitFor();

	const questions: string[] = [];
	page.on("dialog", (dialog) => {
		questions.push(dialog.message());
		void dialog.accept();
	});
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await page.getByText("The settings are saved").waitFor();
	expect(await page.getByText(NOTE).isVisible()).toBe(false);
	await page.getByRole("link", { name: "Harbor Music" }).click();
	await page.getByLabel("Callback URL").waitFor();
	expect(questions).toEqual([]);
});

test("after a refused save the alert has the focus, leads to the field, and the changes count as not saved", async () => {
	const { page } = await openSettings();
	await page.getByLabel("API key", { exact: true }).fill("two words");
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await page.getByText("Not saved. Fix the fields marked below.").waitFor();

	await page.getByText(NOTE).waitFor();
	expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("alert");
	await page.getByRole("alert").getByRole("link", { name: "API key" }).click();
	expect(await page.evaluate("document.activeElement.id")).toBe("apiKey");
});

test("the banner of a failed test has the focus and leads to the callback URL", async () => {
	const { open, page } = await openSettings();
	open.fakeX.answerNext({ call: "request_token", fault: "415", times: "always" });
	await page.getByRole("button", { name: "Save and test" }).click();
	await page.getByText("but X is not connected to Acorn Outdoor").waitFor();

	expect(await page.evaluate("document.activeElement.id")).toBe("result");
	await page.getByRole("link", { name: "Go to “Callback URL”" }).click();
	expect(await page.evaluate("document.activeElement.id")).toBe("callback-url");
});

test("a form of a brand asks before it drops what was entered into another form of the page", async () => {
	const { open, page } = await openSettings();
	await page.goto(`${open.portal}/admin/settings/general/brands/brand/acorn`);
	const colour = page.getByLabel("Colour of links and buttons");
	await colour.fill("#0a7a3d");
	await page.getByLabel("Privacy policy").fill("https://www.example.com/privacy");

	const asked = page.waitForEvent("dialog");
	const saveLinks = page.getByRole("button", { name: "Save", exact: true }).last();
	const click = saveLinks.click({ noWaitAfter: true });
	const dialog = await asked;
	expect(dialog.type()).toBe("beforeunload");
	await dialog.dismiss();
	await click;
	expect(await colour.inputValue()).toBe("#0a7a3d");

	await page.getByLabel("Privacy policy").fill("");
	await page.getByRole("button", { name: "Save", exact: true }).first().click();
	await page.getByText("Saved. Every node").waitFor();
	expect(await colour.inputValue()).toBe("#0a7a3d");
});
