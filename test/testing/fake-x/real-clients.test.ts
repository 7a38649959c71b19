// Runs unmodified clients written for X against the fake X.
import { readFile } from "node:fs/promises";
import type { Agent as HttpAgent } from "node:http";
import { Agent } from "node:https";
import { createServer, type Server } from "node:net";
import { connect } from "node:tls";
import { OAuth } from "oauth";
import { ApiResponseError, TwitterApi, type TwitterApiTokens } from "twitter-api-v2";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";

const CALLBACK = "http://127.0.0.1:8080/callback";
const KEYS = { appKey: "api-key", appSecret: "api-key-secret" };
const CLIENT = { clientId: "client-id", clientSecret: "client-secret" };
const PUBLIC_APP = { apiKey: "b", apiKeySecret: "b", callbacks: [CALLBACK], clientId: "public-id" };
const APP = { apiKey: KEYS.appKey, apiKeySecret: KEYS.appSecret, callbacks: [CALLBACK], ...CLIENT };
const ADA = {
	id: "9007199254740993",
	screenName: "ada",
	name: "Ada Lovelace",
	email: "ada@example.com",
};
const SUSPENDED = { id: "2", screenName: "gone", name: "Gone", state: "suspended" as const };
const LOCKED = { id: "3", screenName: "shut", name: "Shut", state: "locked" as const };

const file = (name: string) =>
	readFile(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), "utf8");

/** Sends a client's requests for api.x.com to the fake X instead, over real TLS. */
class DetourAgent extends Agent {
	constructor(
		private readonly port: number,
		private readonly ca: string,
	) {
		super({ keepAlive: true });
	}

	override createConnection({ servername = "api.x.com" }: { readonly servername?: string }) {
		const { port, ca } = this;
		return connect({ host: "127.0.0.1", port, ca, servername });
	}
}

describe("twitter-api-v2", () => {
	let fakeX: FakeX;
	let agent: DetourAgent;
	// The address for the visitor's browser, which then needs no certificate.
	let tunnel: Server;
	let pages: string;

	beforeAll(async () => {
		const [key, cert] = await Promise.all([file("key"), file("cert")]);
		fakeX = await startFakeX({
			apps: [APP, PUBLIC_APP],
			accounts: [ADA, SUSPENDED, LOCKED],
			publicUrl: "https://api.x.com",
			tls: { key, cert },
		});
		const port = Number(new URL(fakeX.url).port);
		agent = new DetourAgent(port, cert);
		tunnel = createServer((socket) => {
			const inside = connect({ host: "127.0.0.1", port, ca: cert, servername: "x.com" });
			socket.pipe(inside).pipe(socket);
			socket.on("error", () => inside.destroy());
			inside.on("error", () => socket.destroy());
		});
		await new Promise<void>((resolve) => tunnel.listen(0, "127.0.0.1", resolve));
		const address = tunnel.address();
		pages = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
	});
	afterAll(async () => {
		tunnel.close();
		agent.destroy();
		await fakeX.close();
	});

	const client = (tokens: Partial<TwitterApiTokens> = {}) =>
		new TwitterApi({ ...KEYS, ...tokens }, { httpAgent: agent as unknown as HttpAgent });

	async function atX(url: string, accountId?: string): Promise<string> {
		const { pathname, search } = new URL(url);
		const options = accountId === undefined ? {} : { accountId };
		return approveAtX(`${pages}${pathname}${search}`, options);
	}

	async function signIn(accountId?: string) {
		const link = await client().generateAuthLink(CALLBACK, { linkMode: "authenticate" });
		const query = new URL(await atX(link.url, accountId)).searchParams;
		expect(query.get("oauth_token")).toBe(link.oauth_token);
		const pending = client({
			accessToken: link.oauth_token,
			accessSecret: link.oauth_token_secret,
		});
		return pending.login(query.get("oauth_verifier") ?? "");
	}

	it("goes through a whole sign-in by OAuth 1.0a", async () => {
		const login = await signIn(ADA.id);
		expect(login).toMatchObject({ userId: ADA.id, screenName: "ada" });

		const user = await login.client.v1.verifyCredentials({ include_email: true });
		expect(user).toMatchObject({ id_str: ADA.id, screen_name: "ada", email: ADA.email });
		const me = await login.client.v2.me();
		expect(me.data).toEqual({ id: ADA.id, name: ADA.name, username: "ada" });
	});

	it.each([
		["confidential", CLIENT],
		["public", { clientId: PUBLIC_APP.clientId }],
	])("goes through a whole sign-in by OAuth 2.0 as a %s client", async (_, keys) => {
		const app = new TwitterApi(keys, { httpAgent: agent as unknown as HttpAgent });
		const link = app.generateOAuth2AuthLink(CALLBACK, {
			scope: ["users.read", "tweet.read", "users.email"],
		});
		expect(new URL(link.url).searchParams.get("code_challenge_method")).toBe("s256");
		const callback = new URL(await atX(link.url));
		expect(callback.searchParams.get("state")).toBe(link.state);
		const login = await app.loginWithOAuth2({
			code: callback.searchParams.get("code") ?? "",
			codeVerifier: link.codeVerifier,
			redirectUri: CALLBACK,
		});

		const me = await login.client.v2.me({ "user.fields": ["confirmed_email"] });
		expect(me.data).toMatchObject({ id: ADA.id, confirmed_email: ADA.email });
		await app.revokeOAuth2Token(login.accessToken);
		await expect(login.client.v2.me()).rejects.toMatchObject({ code: 401 });
	});

	it.each([
		["credits-depleted", 402],
		["spend-cap-reached", 403],
		["usage-capped", 429],
		["client-not-enrolled", 403],
		["user-suspended", 403],
		["problem-json", 401],
		["problem-503", 503],
	])("reads users_me's fault %s as it reads X's", async (fault, status) => {
		const login = await signIn(ADA.id);
		fakeX.answerNext({ call: "users_me", fault });

		await expect(login.client.v2.me()).rejects.toMatchObject({ code: status });
		expect((await login.client.v2.me()).data.id).toBe(ADA.id);
	});

	it.each([
		["request_token", "32", 401, 32],
		["request_token", "415", 403, 415],
		["request_token", "416", 401, 416],
		["request_token", "417", 401, 417],
		["request_token", "135", 401, 135],
		["request_token", "215", 400, 215],
		["request_token", "130", 503, 130],
		["request_token", "131", 500, 131],
		["request_token", "87", 403, 87],
		["request_token", "99", 403, 99],
		["verify_credentials", "88", 429, 88],
		["verify_credentials", "89", 401, 89],
		["verify_credentials", "453", 403, 453],
		["verify_credentials", "64", 403, 64],
		["verify_credentials", "326", 403, 326],
		["verify_credentials", "credits-depleted", 402, undefined],
		["verify_credentials", "usage-capped", 429, undefined],
		["verify_credentials", "client-not-enrolled", 403, undefined],
	] as const)("reads %s's fault %s as it reads X's", async (call, fault, status, code) => {
		const login = call === "request_token" ? undefined : await signIn(ADA.id);
		fakeX.answerNext({ call, fault });

		const error = await (login
			? login.client.v1.verifyCredentials()
			: client().generateAuthLink(CALLBACK)
		).catch((caught: unknown) => caught);

		expect(error).toBeInstanceOf(ApiResponseError);
		const response = error as ApiResponseError;
		expect(response.code).toBe(status);
		if (code !== undefined) {
			expect(response.hasErrorCode(code)).toBe(true);
		}
	});

	it.each([
		["suspended", SUSPENDED, 64],
		["locked", LOCKED, 326],
	])("meets an account that is %s", async (_, account, code) => {
		const login = await signIn(account.id);

		await expect(login.client.v1.verifyCredentials()).rejects.toSatisfy(
			(error: ApiResponseError) => error.code === 403 && error.hasErrorCode(code),
		);
	});

	it("reads X's rate limit from the headers, and reaches it", async () => {
		const login = await signIn(ADA.id);
		const limits: (number | undefined)[] = [];
		let last: unknown;
		for (let call = 0; call < 80; call += 1) {
			last = await login.client.v1
				.verifyCredentials()
				.then(() => undefined)
				.catch((error: unknown) => error);
			if (last !== undefined) {
				limits.push((last as ApiResponseError).rateLimit?.remaining);
				break;
			}
		}

		expect((last as ApiResponseError).rateLimitError).toBe(true);
		expect(limits).toEqual([0]);
	});
});

test("oauth, the library of passport, signs in, is denied and is refused a spent verifier", async () => {
	const fakeX = await startFakeX({ apps: [APP], accounts: [ADA] });
	const oauth = new OAuth(
		`${fakeX.url}/oauth/request_token`,
		`${fakeX.url}/oauth/access_token`,
		KEYS.appKey,
		KEYS.appSecret,
		"1.0",
		CALLBACK,
		"HMAC-SHA1",
	);
	const requestToken = () =>
		new Promise<[string, string]>((resolve, reject) => {
			oauth.getOAuthRequestToken((error, token, secret) =>
				error ? reject(error) : resolve([token, secret]),
			);
		});
	const accessToken = (token: string, secret: string, verifier: string) =>
		new Promise<{ token: string; secret: string; user: unknown }>((resolve, reject) => {
			oauth.getOAuthAccessToken(token, secret, verifier, (error, access, accessSecret, user) =>
				error ? reject(error) : resolve({ token: access, secret: accessSecret, user }),
			);
		});

	const [token, secret] = await requestToken();
	const callback = await approveAtX(`${fakeX.url}/oauth/authenticate?oauth_token=${token}`);
	const verifier = new URL(callback).searchParams.get("oauth_verifier") ?? "";
	const access = await accessToken(token, secret, verifier);
	expect(access.user).toMatchObject({ user_id: ADA.id, screen_name: "ada" });
	await expect(accessToken(token, secret, verifier)).rejects.toMatchObject({
		statusCode: 401,
		data: "Invalid request token.",
	});

	const profile = await new Promise<string>((resolve, reject) => {
		const url = `${fakeX.url}/1.1/account/verify_credentials.json?include_email=true`;
		oauth.get(url, access.token, access.secret, (error, data) =>
			error ? reject(error) : resolve(String(data)),
		);
	});
	expect(JSON.parse(profile)).toMatchObject({ id_str: ADA.id, email: ADA.email });

	const [second] = await requestToken();
	const denied = await cancelAtX(`${fakeX.url}/oauth/authorize?oauth_token=${second}`);
	expect(new URL(denied).searchParams.get("denied")).toBe(second);
	await fakeX.close();
});
