import type { Page } from "playwright-core";

/**
 * Connects a Request Tracker as an operator does, in the administration.
 *
 * @param page of an operator who is logged in.
 * @param address of RT. Nothing answers there yet.
 * @returns what the page shows to paste into `values.conf`.
 */
export async function connectRequestTracker(
	page: Page,
	address: string,
	options: { readonly needsEmail?: boolean; readonly neverAsserted?: readonly string[] } = {},
): Promise<Readonly<Record<string, string>>> {
	const link = (name: string) => page.getByRole("link", { name, exact: true }).first().click();
	const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
	await link("Connected helpdesks");
	await link("Connect a helpdesk");
	await link("Request Tracker");
	await page.getByLabel("Address of Request Tracker").fill(address);
	await page.getByLabel("Never passed on").fill((options.neverAsserted ?? []).join("\n"));
	await page.getByLabel("It needs an e-mail address").setChecked(options.needsEmail ?? false);
	await page.getByLabel("Straight to X").check();
	await press("Connect");
	await page.getByLabel("Connect it anyway").check();
	await press("Connect");
	const names = ["X_LOGIN_ISSUER", "X_LOGIN_CLIENT_ID", "X_LOGIN_CLIENT_SECRET"];
	return Object.fromEntries(
		await Promise.all(
			names.map(async (name) => [name, await page.getByLabel(name, { exact: true }).inputValue()]),
		),
	);
}
