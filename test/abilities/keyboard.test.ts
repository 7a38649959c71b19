// Journeys by the keyboard alone. At each stop of the Tab key the focus must be seen.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Keyboard } from "../kit/browser/keyboard.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { linkTo, mailboxOf } from "../kit/helpdesk/register-by-letter.ts";

const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };
const GRACE = {
	name: "Grace Hopper",
	email: "grace@example.com",
	password: "correct horse of Grace",
};

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

async function openTab(): Promise<{ page: Page; keyboard: Keyboard }> {
	const context = await browser.newContext({ locale: "en-GB" });
	const page = await context.newPage();
	return { page, keyboard: new Keyboard(page) };
}

async function logIn(keyboard: Keyboard, email: string, password: string): Promise<void> {
	await keyboard.type("E-mail address", email);
	await keyboard.type("Password", password);
	await keyboard.press("Log in");
}

async function register(
	{ page, keyboard }: { readonly page: Page; readonly keyboard: Keyboard },
	open: OpenHelpdesk,
): Promise<void> {
	await page.goto(`${open.portal}/register`);
	await keyboard.type("Name", GRACE.name);
	await keyboard.type("E-mail address", GRACE.email);
	await keyboard.type("Password", GRACE.password);
	await keyboard.press("Register");
	await page.goto(await linkTo(mailboxOf(open), GRACE.email));
	await keyboard.press("Finish registering");
	await page.waitForURL(`${open.portal}/account`);
}

test("a stop of the Tab key without an outline, out of sight or covered ends a journey, and so does a control that it never reaches", async () => {
	const { page, keyboard } = await openTab();
	const button = (style: string, more = "") =>
		`<style>button { ${style} } button:focus { outline: ${more || "3px solid"} }</style><button>Stop</button>`;
	for (const [markup, problem] of [
		[button("", "none"), "has no outline"],
		[button("", "1px solid"), "has no outline"],
		[button("position: fixed; top: -60px"), "is out of sight"],
		[`${button("")}<div style="position: fixed; inset: 0; background: #fff"></div>`, "is covered"],
		[button("").replace("<button", "<button tabindex=-1"), "Tab does not lead to “Stop”"],
	] as const) {
		await page.setContent(markup);
		await expect(keyboard.to("Stop"), markup).rejects.toThrow(problem);
	}
	await page.setContent(button(""));
	await keyboard.to("Stop");
});

test("a visitor signs up with X, and another one registers, connects X, disconnects it and ends the sessions by keyboard alone", async () => {
	const open = await openHelpdesk({}, [ADA, { ...ADA, id: "2", screenName: "bea" }]);
	await setUpX(open);
	const tab = await openTab();
	const { page, keyboard } = tab;
	await page.goto(`${open.portal}/register?returnTo=/account`);
	await keyboard.press("Sign up with X");
	await keyboard.press("Sign in");
	await page.waitForURL(`${open.portal}/account`);
	await page.getByText("@ada", { exact: true }).first().waitFor();
	await keyboard.press("Log out");

	await register(tab, open);
	await page.context().addCookies([{ name: "fake_x_account", value: "2", url: open.fakeX.url }]);
	await keyboard.press("Connect X");
	await keyboard.press("Sign in");
	await page.waitForURL(`${open.portal}/account`);
	await keyboard.press("Disconnect: @bea");
	expect(await page.getByRole("status").textContent()).toContain("disconnected");
	await keyboard.press("Log out everywhere");

	await page.goto(`${open.portal}/login?returnTo=/account`);
	await logIn(keyboard, GRACE.email, GRACE.password);
	await page.waitForURL(`${open.portal}/account`);
	await keyboard.to("Change", "Shift+Tab");
	await keyboard.to("Language", "Shift+Tab");
	await page.keyboard.type("Deutsch");
	await keyboard.press("Change");
	await page.getByRole("heading", { name: "Ihr Konto", level: 1 }).waitFor();
});

test("an administrator logs in, activates X, saves its keys, switches it on, and suspends a user after a question by keyboard alone", async () => {
	const open = await openHelpdesk({}, [ADA]);
	const { page, keyboard } = await openTab();
	const { email, password } = open.helpdesk.operator;
	await page.goto(open.helpdesk.adminUrl);
	await logIn(keyboard, email, password ?? "");
	await keyboard.press("Third-Party Integrations");
	await keyboard.press("Activate");
	await keyboard.press("Settings");
	await keyboard.type("API key", "api-key");
	await keyboard.type("API key secret", "api-key-secret");
	await keyboard.press("Save");
	await page.getByRole("status").first().waitFor();
	await keyboard.press("Social Login");
	await keyboard.press("Manage");
	await keyboard.turn("Acorn Outdoor");
	await keyboard.press("Submit");
	await page.getByText("Saved").first().waitFor();
	expect(await page.getByRole("switch", { name: "Acorn Outdoor" }).isChecked()).toBe(true);

	await register(await openTab(), open);
	await keyboard.press("Users");
	await keyboard.turn(`Select ${GRACE.email}`);
	await keyboard.press("Suspend");
	await keyboard.press("Suspend 1 user");
	const row = page.getByRole("row", { name: GRACE.email });
	expect(await row.textContent()).toContain("Suspended");
});
