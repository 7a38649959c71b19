import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import type { MockBrowser } from "../../../src/testing/mock-host/mock-browser.ts";
import type { MockHost } from "../../../src/testing/mock-host/mock-host.ts";
import { throughX, titleOf } from "./at-x.ts";

export const MINUTE = 60_000;
export const WRONG = "0000 0000 0000";
/** The stored state of a log-in. */
export interface StoredLogIn {
	readonly code: { readonly guesses: number } | null;
}

/** X accounts without an address. */
export const accounts = Array.from({ length: 6 }, (_, index) => ({
	id: `${100 + index}`,
	screenName: `nobody${index}`,
	name: "Nobody",
}));
export const [FIRST = "", SECOND = "", THIRD = "", FOURTH = "", FIFTH = ""] = accounts.map(
	({ id }) => id,
);

export function markupOf(seen: LoginResponse | undefined): string {
	return seen && "page" in seen ? seen.page.html : "";
}

export function statusOf(response: LoginResponse): number | undefined {
	return "page" in response ? response.page.status : undefined;
}

export function alertIn(response: LoginResponse): string {
	const [, alert = ""] = /role="alert"[^>]*>([^<]*)</.exec(markupOf(response)) ?? [];
	return alert.replaceAll("&#39;", "'");
}

/** The id of the log-in in the forms of the last page. */
export function loginOf(browser: MockBrowser): string {
	const fields = formsIn(markupOf(browser.seen)).flatMap(hiddenFields);
	return fields.find(([name]) => name === "login")?.[1] ?? "";
}

/** A visitor with an X account, at the form that asks for an address. */
export async function comeFromX(
	host: MockHost,
	accountId: string,
	{ network = "192.0.2.1", brandId = "brand" } = {},
): Promise<MockBrowser> {
	const browser = host.newBrowser({ brandId });
	browser.clientAddress = network;
	expect(titleOf(await throughX(browser, { accountId }))).toBe("What is your e-mail address?");
	return browser;
}

/** The same, after a letter was sent. */
export async function askForCode(
	host: MockHost,
	accountId: string,
	email: string,
	place: { readonly network?: string; readonly brandId?: string } = {},
): Promise<MockBrowser> {
	const browser = await comeFromX(host, accountId, place);
	expect(statusOf(await browser.submit("email", { email }))).toBe(200);
	return browser;
}

export async function guess(browser: MockBrowser, times: number, code = WRONG): Promise<void> {
	for (let done = 0; done < times; done += 1) {
		expect(statusOf(await browser.submit("code", { code }))).toBe(400);
	}
}

export function hashOf(...texts: readonly string[]): string {
	return createHash("sha256").update(texts.join("")).digest("base64url");
}

/** The key of the log-in whose form the browser shows. */
export function keyFor(browser: MockBrowser): readonly string[] {
	const [binding = ""] = browser.cookies.values();
	return ["continuation", hashOf(binding, loginOf(browser))];
}

export async function storedFor({ storage }: MockHost, browser: MockBrowser): Promise<StoredLogIn> {
	return (await storage.get(keyFor(browser)))?.value as unknown as StoredLogIn;
}

export function delegating(storage: HostStorage): HostStorage {
	return {
		get: (key) => storage.get(key),
		take: (key) => storage.take(key),
		list: (prefix, options) => storage.list(prefix, options),
		commit: (change) => storage.commit(change),
	};
}

export async function guessesIn({ storage }: MockHost): Promise<number> {
	const { entries } = await storage.list(["continuation"], { limit: 1000 });
	const logIns = entries.map(({ value }) => value as unknown as StoredLogIn);
	return logIns.reduce((sum, { code }) => sum + (code?.guesses ?? 0), 0);
}
