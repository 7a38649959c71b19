import type { LoginEnded } from "../../../src/contract/login-ended.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../../src/testing/mock-host/mock-browser.ts";
import type { MockHost } from "../../../src/testing/mock-host/mock-host.ts";
import { goToX } from "./at-x.ts";
import { ADA, type openHouse } from "./open-house.ts";

export type House = Awaited<ReturnType<typeof openHouse>>;

export const EMAIL = ADA.email ?? "";
export const ME = { brandId: "brand", email: "me@example.com", password: "correct horse" };
export const AT_X = 20_000;

export function endsIn(host: MockHost): LoginEnded[] {
	return host.events.filter((event): event is LoginEnded => event.name === "login.ended");
}

/** Goes to X and stays there for twenty seconds. @returns the callback URL. */
export async function there(
	{ host }: House,
	browser: MockBrowser,
	trip: Parameters<typeof goToX>[1] = {},
): Promise<string> {
	const url = await goToX(browser, trip);
	host.clock.advance(AT_X);
	return approveAtX(url, trip.accountId === undefined ? {} : { accountId: trip.accountId });
}

export async function through(
	house: House,
	trip: Parameters<typeof goToX>[1] = {},
): Promise<MockBrowser> {
	const browser = house.host.newBrowser();
	await browser.openCallback(await there(house, browser, trip));
	return browser;
}

export function signedIn({ host }: House): MockBrowser {
	host.users.add(ME);
	const browser = host.newBrowser();
	browser.logIn(ME.email, ME.password);
	return browser;
}
