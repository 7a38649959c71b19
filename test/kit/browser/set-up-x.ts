import type { Page } from "playwright-core";
import { CHOSEN_PASSWORD } from "../helpdesk/change-first-password.ts";
import type { Ready } from "../helpdesk/start-helpdesk.ts";

/** An app at X. */
export interface XKeys {
	readonly apiKey: string;
	readonly apiKeySecret: string;
}

/** Logs the first operator in. Off loopback the first password has to be changed before anything else. */
export async function logInToAdministration(
	page: Page,
	{ admin, operator }: Pick<Ready, "admin" | "operator">,
): Promise<void> {
	const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
	await page.goto(admin);
	await page.getByLabel("E-mail address").fill(operator.email);
	await page.getByLabel("Password").fill(operator.password ?? "");
	await press("Log in");
	await page.getByRole("button", { name: "Log out", exact: true }).waitFor();
	if (new URL(page.url()).pathname === "/admin/profile") {
		await page.getByLabel("Current password").fill(operator.password ?? "");
		await page.getByLabel("New password").fill(CHOSEN_PASSWORD);
		await press("Change password");
	}
}

/**
 * Does what an administrator does on a Friday afternoon: logs in, activates X, pastes the keys of the first brand, and
 * switches X on for it.
 *
 * @param checked called on the settings after they are saved.
 */
export async function setUpXInBrowser(
	page: Page,
	ready: Pick<Ready, "admin" | "operator">,
	{ apiKey, apiKeySecret }: XKeys,
	checked: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
	const link = (name: string) => page.getByRole("link", { name, exact: true }).first().click();
	const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
	await logInToAdministration(page, ready);
	await link("Third-Party Integrations");
	await press("Activate");
	await link("Settings");
	await page.getByLabel("API key", { exact: true }).fill(apiKey);
	await page.getByLabel("API key secret").fill(apiKeySecret);
	await press("Save");
	await checked(page);
	await link("Social Login");
	await link("Manage");
	await page.getByLabel("Acorn Outdoor").check();
	await press("Submit");
}
