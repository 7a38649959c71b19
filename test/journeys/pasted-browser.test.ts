// What people paste and type into the portal, in a real browser: it cleans, cuts and encodes fields and addresses in its own way.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { eventually } from "../kit/eventually.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

const NO_MAIL = { id: "3", screenName: "nomail", name: "No Mail" };
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };
const CHINESE = "漢字".repeat(30);

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

async function openPortal(
	account: Parameters<typeof openHelpdesk>[1],
): Promise<{ open: OpenHelpdesk; page: Page }> {
	const open = await openHelpdesk({}, account);
	await setUpX(open);
	const context = await browser.newContext({
		locale: "en-GB",
		viewport: { width: 375, height: 800 },
	});
	return { open, page: await context.newPage() };
}

async function signInAtX(page: Page): Promise<void> {
	await page.getByRole("button", { name: /^(Sign in|Authorize app)$/ }).click();
	await page.waitForURL(({ hostname }) => hostname === "127.0.0.1");
}

/** Inserts a text at once, as the browser does with the clipboard. */
async function paste(page: Page, label: string, text: string): Promise<void> {
	await page.getByLabel(label, { exact: true }).fill("");
	await page.keyboard.insertText(text);
}

async function newestCode({ helpdesk, operator }: OpenHelpdesk): Promise<string> {
	return eventually(async () => {
		const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
		const [, code] = /code is (\d{4} \d{4} \d{4})/.exec(html) ?? [];
		expect(code).toBeDefined();
		return code ?? "";
	});
}

const inDigits = (code: string, zero: string): string =>
	code.replace(/\d/g, (digit) => String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)));

test.each([
	["invisible characters", (code: string) => `\ufeff${[...code].join("\u200b")}\u202c\u00a0`],
	["Persian digits from right to left", (code: string) => `\u202b${inDigits(code, "۰")}\u202c`],
	["a word, wide digits and a line end", (code: string) => `Code:\r\n${inDigits(code, "０")}\r\n`],
	[
		"the sentence of the letter",
		(code: string) => `Your code is ${code}. It is valid for ten minutes.`,
	],
])("finding B9: a code pasted with %s is the code", async (_, pasted) => {
	const { open, page } = await openPortal([NO_MAIL]);
	await page.goto(`${open.portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await signInAtX(page);
	await paste(page, "E-mail address", "nomail@example.com\u200b ");
	await page.getByRole("button", { name: "Send the code" }).click();

	await paste(page, "Code", pasted(await newestCode(open)));
	await page.getByRole("button", { name: "Continue" }).click();
	await page.waitForURL(`${open.portal}/account`);

	await page.getByText("nomail@example.com").waitFor();
});

test("finding B9: a wrong password keeps the address, and the wanted page survives until X has answered", async () => {
	const { open, page } = await openPortal([ADA]);
	// The browser encodes the letters, as it does with a link on a page in UTF-8.
	await page.goto(`${open.portal}/login?returnTo=/?q=${CHINESE}`);
	await page.getByLabel("E-mail address").fill("Ada@example.com");
	await page.getByLabel("Password").fill("wrong");
	await page.getByRole("button", { name: "Log in", exact: true }).click();
	await page.getByRole("alert").waitFor();
	expect(await page.getByLabel("E-mail address").inputValue()).toBe("Ada@example.com");
	expect(await page.getByLabel("Password").inputValue()).toBe("");

	await page
		.getByRole("main")
		.getByRole("link", { name: /register/i })
		.click();
	await page.getByRole("heading", { name: "Register" }).waitFor();
	await page.getByRole("button", { name: "Sign up with X" }).click();
	await signInAtX(page);
	await page.getByText("Log out").waitFor();

	expect(decodeURI(page.url())).toBe(`${open.portal}/?q=${CHINESE}`);
	expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
});

test("finding B9: a path of Chinese letters is reached by log-in with a password, too", async () => {
	const { open, page } = await openPortal([ADA]);
	await page.goto(`${open.portal}/register?returnTo=/${CHINESE}`);
	await page.getByLabel("Name").fill("Grace");
	await paste(page, "E-mail address", "grace@example.com");
	await page.getByLabel("Password").fill("correct horse");
	await page.getByRole("button", { name: "Register", exact: true }).click();
	await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
	const link = await eventually(async () => {
		const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/mailbox`);
		return (
			/http[^\s<]+\/register\/confirm\?token=[\w-]+/.exec(html)?.[0] ?? expect.fail("no letter")
		);
	});
	await page.goto(link);
	await page.getByRole("button", { name: "Finish registering" }).click();
	await page.waitForURL((url) => decodeURI(url.pathname) === `/${CHINESE}`);
});
