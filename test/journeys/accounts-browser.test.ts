// Tries every way to an account in a real browser, without script, in both languages, and once by keyboard alone.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { eventually } from "../kit/eventually.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { linkTo, mailboxOf } from "../kit/helpdesk/register-by-letter.ts";

const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };
const BEA = { id: "2", screenName: "bea", name: "Bea", email: "bea@example.com" };
const NO_MAIL = { id: "3", screenName: "nomail", name: "No Mail" };
const PASSWORD = "correct horse";

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

async function openPortal(
	locale: string,
	accounts = [ADA, BEA, NO_MAIL],
): Promise<{ open: OpenHelpdesk; page: Page }> {
	const open = await openHelpdesk({}, accounts);
	await setUpX(open);
	const context = await browser.newContext({ locale, javaScriptEnabled: false });
	return { open, page: await context.newPage() };
}

async function signInAtX(page: Page, { id }: { readonly id: string }): Promise<void> {
	await page.getByLabel("Account").selectOption(id);
	await page.getByRole("button", { name: /^(Sign in|Authorize app)$/ }).click();
	await page.waitForURL(({ hostname }) => hostname === "127.0.0.1");
}

async function codeIn({ helpdesk, operator }: OpenHelpdesk, pattern: RegExp): Promise<string> {
	return eventually(async () => {
		const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
		const [, code] = pattern.exec(html) ?? [];
		expect(code).toBeDefined();
		return code ?? "";
	});
}

async function register(page: Page, open: OpenHelpdesk, email: string): Promise<void> {
	await page.goto(`${open.portal}/register`);
	await page.getByLabel("Name").fill("Grace");
	await page.getByLabel("E-mail address").fill(email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Register", exact: true }).click();
	await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
	await page.goto(await linkTo(mailboxOf(open), email));
	await page.getByRole("button", { name: "Finish registering" }).click();
	await page.waitForURL(`${open.portal}/account`);
}

test("e-mail missing, in German, on a phone: asked for, wrong code, right code, account", async () => {
	const email = "eine.lange.adresse.von.jemandem@example.com";
	const { open, page } = await openPortal("de-DE");
	await page.setViewportSize({ width: 375, height: 800 });
	await page.goto(`${open.portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Mit X anmelden" }).click();
	await signInAtX(page, NO_MAIL);

	expect(await page.locator("html").getAttribute("lang")).toBe("de-DE");
	await page.getByLabel("E-Mail-Adresse").fill(email);
	await page.getByRole("button", { name: "Code schicken" }).click();
	const code = await codeIn(open, /Ihr Code ist (\d{4} \d{4} \d{4})/);
	await page
		.getByLabel("Code")
		.fill(code === "0000 0000 0000" ? "1111 1111 1111" : "0000 0000 0000");
	await page.getByRole("button", { name: "Weiter" }).click();
	expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
	expect(await page.getByRole("alert").textContent()).toContain("Dieser Code stimmt nicht");
	expect(await page.getByLabel("Code").getAttribute("aria-invalid")).toBe("true");
	await page.getByLabel("Code").fill(code);
	await page.getByRole("button", { name: "Weiter" }).click();
	await page.waitForURL(`${open.portal}/account`);

	await page.getByText("@nomail", { exact: true }).waitFor();
	await page.getByText(email).waitFor();
});

test("e-mail belongs to a user: they prove it with the password, agree, and are linked", async () => {
	const { open, page } = await openPortal("en-GB");
	await register(page, open, ADA.email);
	await page.getByRole("button", { name: "Log out", exact: true }).click();
	await page.getByRole("link", { name: "Register" }).first().waitFor();
	await page.goto(`${open.portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await signInAtX(page, ADA);
	expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
		"Is this account yours?",
	);
	await page.getByRole("button", { name: "Log in with the password instead" }).click();
	await page.getByLabel("E-mail address").fill(ADA.email);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Log in", exact: true }).click();
	await page.getByText("@ada", { exact: true }).waitFor();
	await page.getByRole("button", { name: "Link and continue" }).click();
	await page.waitForURL(`${open.portal}/account`);

	await page.getByText("@ada", { exact: true }).waitFor();
});

test("a visitor claims an account made by a ticket by keyboard alone", async () => {
	const { open, page } = await openPortal("en-GB");
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	await open.operator.submit("/admin/users/add", { brand: "acorn", email: BEA.email });
	/** Tabs until the control with this name has the focus. */
	const tabTo = async (name: string): Promise<void> => {
		for (let stop = 0; stop < 30; stop += 1) {
			await page.keyboard.press("Tab");
			const focused = page.locator(":focus");
			const named = page.getByRole("button", { name, exact: true }).or(page.getByLabel(name));
			if ((await focused.and(named).count()) === 1) {
				return;
			}
		}
		throw new Error(`the Tab key never reaches ${name} on ${page.url()}`);
	};

	await page.goto(`${open.portal}/login?returnTo=/account`);
	await tabTo("Log in with X");
	await page.keyboard.press("Enter");
	await signInAtX(page, BEA);
	await tabTo(`Send a code to ${BEA.email}`);
	await page.keyboard.press("Enter");
	const code = await codeIn(open, /code is (\d{4} \d{4} \d{4})/);
	await page.getByRole("heading", { name: "Enter the code" }).waitFor();
	await tabTo("Code");
	await page.keyboard.type(code);
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Link X to your account?" }).waitFor();
	await tabTo("Link and continue");
	await page.keyboard.press("Enter");
	await page.waitForURL(`${open.portal}/account`);

	await page.getByText("@bea", { exact: true }).waitFor();
});

test("a user connects an X account that is linked elsewhere, then another one, and disconnects it", async () => {
	const { open, page } = await openPortal("en-GB");
	await page.goto(`${open.portal}/login`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await signInAtX(page, ADA);
	await page.getByRole("button", { name: "Log out", exact: true }).click();
	await page.getByRole("link", { name: "Register" }).first().waitFor();
	await register(page, open, "grace@example.com");
	await page.getByRole("button", { name: "Connect X" }).click();
	// X sends a visitor who approved the app before straight back, as Ada.
	await page.waitForURL(/\/callback/);
	expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
		"This X account is linked to another account",
	);
	expect(await page.locator(".trace-code").textContent()).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
	await page.getByRole("button", { name: "Use another X account" }).click();
	await signInAtX(page, BEA);
	await page.waitForURL(`${open.portal}/account`);
	await page.getByText("@bea", { exact: true }).waitFor();

	await page.getByRole("button", { name: "Disconnect: @bea" }).click();
	expect(await page.getByRole("status").textContent()).toContain("disconnected");
	expect(await page.getByText("@bea", { exact: true }).count()).toBe(0);
});

test("the account page of a link without a handle fits a narrow screen", async () => {
	const { open, page } = await openPortal("en-GB");
	await page.goto(`${open.portal}/login`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await signInAtX(page, ADA);
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	const [, userId = ""] = /users\/([\w-]+)\/export/.exec(open.operator.seen.html) ?? [];
	const identityId = `x:${2n ** 64n - 1n}`;
	const stored = { brandId: "acorn", handle: "", linkedAt: open.clock.now() };
	await open.storage.commit({
		sets: [
			{
				key: ["plugin-data", "x-login", "links-of-user", userId, identityId],
				value: stored,
			},
		],
	});
	await page.setViewportSize({ width: 375, height: 800 });
	await page.goto(`${open.portal}/account`);

	await page.getByText(identityId, { exact: true }).waitFor();
	expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
	await page.setViewportSize({ width: 320, height: 800 });
	expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
});

test("on a phone, in German, a linked account that is the only way in has its words in lines", async () => {
	const { open, page } = await openPortal("de-DE");
	await page.setViewportSize({ width: 320, height: 800 });
	await page.goto(`${open.portal}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Mit X anmelden" }).click();
	await signInAtX(page, ADA);
	await page.getByText("Das ist Ihr einziger Weg, sich anzumelden.").waitFor();

	const label = await page.locator(".linked", { hasText: "@ada" }).locator("strong").boundingBox();
	// A word that has no room is broken into letters, one below the other.
	expect(label?.height).toBeLessThan(40);
	expect(label?.width).toBeGreaterThan(30);
});
