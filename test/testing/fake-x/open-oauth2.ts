import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";

export const CALLBACK = "http://localhost:3000/x-login/callback";
/** X's client ids and secrets have `-` and `_`. */
export const CONFIDENTIAL = { clientId: "con_fidential-id", clientSecret: "-secret_of-the-app" };
export const PUBLIC = { clientId: "public-id" };
export const NO_EMAIL = { clientId: "no-email-id", clientSecret: "no-email-secret" };
export const SUSPENDED_APP = { clientId: "suspended-id", clientSecret: "suspended-secret" };
export const ADA = {
	id: "9007199254740993",
	screenName: "ada",
	name: "Ada Lovelace",
	email: "ada@x.test",
};
export const BOB = { id: "12", screenName: "bob", name: "Bob" };
export const GONE = { id: "13", screenName: "gone", name: "Gone", state: "suspended" as const };
export const SHUT = { id: "14", screenName: "shut", name: "Shut", state: "locked" as const };
export const VERIFIER = "verifier-of-43-characters-as-the-standard-sa";

export interface Client {
	readonly clientId: string;
	readonly clientSecret?: string;
}

type Changes = Readonly<Record<string, string | undefined>>;

/** A fake X with apps for OAuth 2.0, and a clock that tests move. */
export interface OAuth2World {
	readonly x: FakeX;
	readonly time: { now: number };
	/** The address of the page where a visitor approves. An undefined parameter is left out. */
	authorizeUrl(changes?: Changes, client?: Client): string;
	/** Approves as a visitor does. @returns the code. */
	approve(accountId?: string, client?: Client, changes?: Changes): Promise<string>;
	/** POST /2/oauth2/token with the right parameters, except for the changes. */
	exchange(code: string, client?: Client, changes?: Changes): Promise<Response>;
	/** @returns the access token after a whole sign-in. */
	signIn(accountId?: string, client?: Client, changes?: Changes): Promise<string>;
	me(token: string, fields?: string): Promise<Response>;
	revoke(token: string, client?: Client): Promise<Response>;
}

export async function openOAuth2(): Promise<OAuth2World> {
	const time = { now: Date.UTC(2026, 0, 1) };
	const app = (name: string) => ({ apiKey: name, apiKeySecret: "s", callbacks: [CALLBACK], name });
	const x = await startFakeX({
		apps: [
			{ ...app("confidential"), ...CONFIDENTIAL },
			{ ...app("public"), ...PUBLIC, state: "native" },
			{ ...app("no-email"), ...NO_EMAIL, emailAllowed: false },
			{ ...app("suspended"), ...SUSPENDED_APP, state: "suspended" },
		],
		accounts: [ADA, BOB, GONE, SHUT],
		clock: { now: () => time.now },
	});
	onTestFinished(() => x.close());
	const authorizeUrl = (changes: Changes = {}, { clientId }: Client = CONFIDENTIAL): string => {
		const parameters = {
			response_type: "code",
			client_id: clientId,
			redirect_uri: CALLBACK,
			scope: "users.read tweet.read",
			state: "state of the browser",
			code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
			code_challenge_method: "S256",
			...changes,
		};
		return `${x.url}/i/oauth2/authorize?${new URLSearchParams(withoutAbsent(parameters))}`;
	};
	const post = (path: string, client: Client, fields: Changes) =>
		fetch(`${x.url}${path}`, {
			method: "POST",
			headers: client.clientSecret === undefined ? {} : { authorization: basic(client) },
			body: new URLSearchParams(withoutAbsent(fields)),
		});
	const world: OAuth2World = {
		x,
		time,
		authorizeUrl,
		approve: async (accountId = ADA.id, client = CONFIDENTIAL, changes = {}) => {
			const callback = await approveAtX(authorizeUrl(changes, client), { accountId });
			return new URL(callback).searchParams.get("code") ?? "";
		},
		exchange: (code, client = CONFIDENTIAL, changes = {}) =>
			post("/2/oauth2/token", client, {
				grant_type: "authorization_code",
				code,
				redirect_uri: CALLBACK,
				code_verifier: VERIFIER,
				client_id: client.clientSecret === undefined ? client.clientId : undefined,
				...changes,
			}),
		signIn: async (accountId = ADA.id, client = CONFIDENTIAL, changes = {}) => {
			const code = await world.approve(accountId, client, changes);
			const answer = await world.exchange(code, client);
			return ((await answer.json()) as { access_token: string }).access_token;
		},
		me: (token, fields = "confirmed_email") =>
			fetch(`${x.url}/2/users/me?user.fields=${fields}`, {
				headers: { authorization: `Bearer ${token}` },
			}),
		revoke: (token, client = CONFIDENTIAL) =>
			post("/2/oauth2/revoke", client, { token, client_id: client.clientId }),
	};
	return world;
}

export function basic({ clientId, clientSecret = "" }: Client): string {
	return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
}

function withoutAbsent(parameters: Changes): [string, string][] {
	return Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
		value === undefined ? [] : [[name, value]],
	);
}
