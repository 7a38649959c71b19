import type { LoginPage } from "../../../src/contract/login-button.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../../src/testing/mock-host/mock-browser.ts";

export interface Trip {
	readonly returnPath?: string;
	readonly page?: LoginPage["page"];
	readonly accountId?: string;
	readonly fields?: Readonly<Record<string, string>>;
}

/** Presses the button. @returns the address at X that it leads to. */
export async function goToX(browser: MockBrowser, trip: Trip = {}): Promise<string> {
	const response = await browser.pressButton(trip.returnPath, trip.page, trip.fields);
	if (response.kind !== "redirect") {
		throw new Error(`no way to X: ${JSON.stringify(response)}`);
	}
	return response.location;
}

/** Goes to X, approves there, and comes back. */
export async function throughX(browser: MockBrowser, trip: Trip = {}): Promise<LoginResponse> {
	const { accountId } = trip;
	const url = await goToX(browser, trip);
	return browser.openCallback(await approveAtX(url, accountId === undefined ? {} : { accountId }));
}

/** The title of the page in a response. */
export function titleOf(response: LoginResponse): string {
	return "page" in response ? response.page.title : `no page, but ${response.kind}`;
}
