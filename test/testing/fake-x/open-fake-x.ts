import { afterEach, beforeEach, expect } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import { type SignedFetch, signedFetch } from "./signed-fetch.ts";

export const CALLBACK = "http://localhost:3000/x-login/callback";
export const APP = { apiKey: "key", apiKeySecret: "key secret" };
export const OTHER_APP = { apiKey: "other", apiKeySecret: "other secret" };
export const NATIVE_APP = { apiKey: "native", apiKeySecret: "native secret" };
export const NO_EMAIL_APP = { apiKey: "no-email", apiKeySecret: "no-email secret" };
export const ADA = {
	id: "9007199254740993",
	screenName: "ada",
	name: "Ada Lövelace",
	email: "ada@x.test",
};
export const BOB = { id: "12", screenName: "bob", name: "Bob" };

/** The time of the fake X. A test can advance it. */
export const time = { now: 0 };
/** The fake X of {@link openFakeXForEachTest}. */
export let x: FakeX;

/** Opens {@link x} before each test of a file, and closes it after the test. */
export function openFakeXForEachTest(): void {
	beforeEach(async () => {
		time.now = Date.UTC(2026, 0, 1);
		x = await startFakeX({
			apps: [
				{ ...APP, callbacks: [CALLBACK] },
				{ ...OTHER_APP, callbacks: [CALLBACK] },
				{ ...NATIVE_APP, callbacks: [] },
				{ ...NO_EMAIL_APP, callbacks: [CALLBACK], emailAllowed: false },
			],
			accounts: [ADA, BOB],
			clock: { now: () => time.now },
		});
	});
	afterEach(() => x.close());
}

type Keys = Pick<SignedFetch, "apiKey" | "apiKeySecret">;
type Changes = Partial<SignedFetch>;
interface Token {
	readonly token: string;
	readonly tokenSecret: string;
}

export function call(
	method: "GET" | "POST",
	path: string,
	changes: Changes = {},
): Promise<Response> {
	const timestamp = Math.floor(time.now / 1000);
	return signedFetch({ method, url: `${x.url}${path}`, ...APP, timestamp, ...changes });
}

export function requestToken(changes: Changes = {}): Promise<Response> {
	const oauth = { oauth_callback: CALLBACK, ...changes.oauth };
	return call("POST", "/oauth/request_token", { ...changes, oauth });
}

export async function newRequestToken(keys: Keys = APP, callback = CALLBACK): Promise<Token> {
	return tokenOf(await requestToken({ ...keys, oauth: { oauth_callback: callback } }));
}

export async function tokenOf(response: Response): Promise<Token> {
	const form = new URLSearchParams(await response.text());
	expect(response.status).toBe(200);
	return {
		token: form.get("oauth_token") ?? "",
		tokenSecret: form.get("oauth_token_secret") ?? "",
	};
}

export function page(name: "authenticate" | "authorize", { token }: Token, more = ""): string {
	return `${x.url}/oauth/${name}?oauth_token=${token}${more}`;
}

export function verifierOf(callback: string): string {
	return new URL(callback).searchParams.get("oauth_verifier") ?? "";
}

export async function approved(keys: Keys = APP, accountId = ADA.id): Promise<[Token, string]> {
	const token = await newRequestToken(keys);
	return [token, verifierOf(await approveAtX(page("authorize", token), { accountId }))];
}

export function accessToken(
	token: Token,
	verifier: string,
	changes: Changes = {},
): Promise<Response> {
	const oauth = { oauth_verifier: verifier };
	return call("POST", "/oauth/access_token", { ...token, oauth, ...changes });
}

export function profileOf(token: Token, query = "?include_email=true", keys: Keys = APP) {
	return call("GET", `/1.1/account/verify_credentials.json${query}`, { ...token, ...keys });
}

export async function signedIn(keys: Keys, accountId: string): Promise<Token> {
	const [token, verifier] = await approved(keys, accountId);
	return tokenOf(await accessToken(token, verifier, keys));
}

export async function expectError(response: Response, status: number, code: number): Promise<void> {
	expect(await response.json()).toEqual({ errors: [{ code, message: expect.any(String) }] });
	expect(response.status).toBe(status);
}

export async function expectPlain(response: Response, message: string): Promise<void> {
	expect(await response.text()).toBe(message);
	expect(response.status).toBe(401);
	expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
}

export const BAD_TOKEN = "Invalid request token.";
export const BAD_VERIFIER = "Error processing your OAuth request: Invalid oauth_verifier parameter";
