// Runs unmodified clients with X's own addresses against the fake X.
import { generateCodeVerifier, generateState, OAuth2RequestError, Twitter } from "arctic";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import * as oauth from "oauth4webapi";
import { describe, expect, test } from "vitest";
import { approveAtX, cancelAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import type { FakeXApp } from "../../../src/testing/fake-x/fake-x-options.ts";
import { atNewAddress, startAtXHosts } from "./x-hosts.ts";

const HOME = "http://127.0.0.1:8080";
const CALLBACK = `${HOME}/callback`;
const BETTER_AUTH_CALLBACK = `${HOME}/api/auth/callback/twitter`;
const SCOPES = ["users.read", "tweet.read", "users.email"];
const ADA = {
	id: "9007199254740993",
	screenName: "ada",
	name: "Ada Lovelace",
	email: "ada@example.com",
};
const BOB = { id: "12", screenName: "bob", name: "Bob" };
/** As X makes them. */
const KEYS = {
	clientId: "M1M5R3BMVy13QmpScXkzTUt5OE46MTpjaQ",
	clientSecret: "-RoKx3x58JA8Sm9JIt2fmAjq3q5GX_bq3vjJxSeGsdmGtXEbUP",
};
const PUBLIC_ID = "cHVibGljLWNsaWVudC1vZi14OjE6cHVi";

const startX = (app: Partial<FakeXApp> = KEYS) =>
	startAtXHosts({
		apps: [
			{
				...{ apiKey: "key", apiKeySecret: "secret" },
				callbacks: [CALLBACK, BETTER_AUTH_CALLBACK],
				...app,
			},
		],
		accounts: [ADA, BOB],
	});

async function me(token: string): Promise<Response> {
	const headers = { authorization: `Bearer ${token}` };
	return fetch("https://api.x.com/2/users/me?user.fields=confirmed_email", { headers });
}

const ADA_AT_X = {
	data: { id: ADA.id, name: ADA.name, username: "ada", confirmed_email: ADA.email },
};

describe("arctic", () => {
	test.each([
		["confidential", KEYS],
		["public", { clientId: PUBLIC_ID }],
	])("signs in as a %s client, and revokes its token", async (_, app: Partial<FakeXApp>) => {
		await startX(app);
		const client = new Twitter(app.clientId ?? "", app.clientSecret ?? null, CALLBACK);
		const [state, verifier] = [generateState(), generateCodeVerifier()];

		const page = atNewAddress(client.createAuthorizationURL(state, verifier, SCOPES));
		const { searchParams: back } = new URL(await approveAtX(page));
		expect(back.get("state")).toBe(state);
		const tokens = await client.validateAuthorizationCode(back.get("code") ?? "", verifier);

		expect(tokens.accessTokenExpiresInSeconds()).toBe(7200);
		expect(tokens.scopes()).toEqual(SCOPES);
		expect(await (await me(tokens.accessToken())).json()).toEqual(ADA_AT_X);
		await client.revokeToken(tokens.accessToken());
		expect((await me(tokens.accessToken())).status).toBe(401);
	});

	test("is refused a used code, a wrong verifier and a wrong secret", async () => {
		await startX();
		const client = new Twitter(KEYS.clientId, KEYS.clientSecret, CALLBACK);
		const impostor = new Twitter(KEYS.clientId, "wrong", CALLBACK);
		const verifier = generateCodeVerifier();
		const newCode = async () => {
			const url = client.createAuthorizationURL("state", verifier, SCOPES);
			return new URL(await approveAtX(atNewAddress(url))).searchParams.get("code") ?? "";
		};
		const [used, other, third] = [await newCode(), await newCode(), await newCode()];
		await client.validateAuthorizationCode(used, verifier);

		for (const [attempt, code] of [
			[client.validateAuthorizationCode(used, verifier), "invalid_request"],
			[client.validateAuthorizationCode(other, generateCodeVerifier()), "invalid_request"],
			[impostor.validateAuthorizationCode(third, verifier), "unauthorized_client"],
		] as const) {
			const error = await attempt.catch((caught: unknown) => caught);
			expect(error).toBeInstanceOf(OAuth2RequestError);
			expect(error).toMatchObject({ code });
		}
	});
});

describe("oauth4webapi", () => {
	async function discover(): Promise<oauth.AuthorizationServer> {
		const issuer = new URL("https://api.x.com");
		const response = await oauth.discoveryRequest(issuer, { algorithm: "oauth2" });
		return oauth.processDiscoveryResponse(issuer, response);
	}

	async function startLogIn(server: oauth.AuthorizationServer, clientId: string) {
		const verifier = oauth.generateRandomCodeVerifier();
		const state = oauth.generateRandomState();
		const page = new URL(server.authorization_endpoint ?? "");
		page.search = new URLSearchParams({
			response_type: "code",
			client_id: clientId,
			redirect_uri: CALLBACK,
			scope: SCOPES.join(" "),
			state,
			code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
			code_challenge_method: "S256",
		}).toString();
		return { page: page.href, state, verifier };
	}

	async function finishLogIn(
		server: oauth.AuthorizationServer,
		client: oauth.Client,
		authentication: oauth.ClientAuth,
	): Promise<oauth.TokenEndpointResponse> {
		const { page, state, verifier } = await startLogIn(server, client.client_id);
		const back = new URL(await approveAtX(page));
		const parameters = oauth.validateAuthResponse(server, client, back, state);
		const response = await oauth.authorizationCodeGrantRequest(
			server,
			client,
			authentication,
			parameters,
			CALLBACK,
			verifier,
		);
		return oauth.processAuthorizationCodeResponse(server, client, response);
	}

	/** X's documentation shows the base64 form of id and secret as they are. */
	const plainBasic =
		(secret: string): oauth.ClientAuth =>
		(_, { client_id }, __, headers) =>
			headers.set("authorization", `Basic ${btoa(`${client_id}:${secret}`)}`);

	test.each([
		["a secret of letters and digits", "s3cr3t", oauth.ClientSecretBasic("s3cr3t"), KEYS.clientId],
		["a secret as X makes them", KEYS.clientSecret, plainBasic(KEYS.clientSecret), KEYS.clientId],
		["no secret", undefined, oauth.None(), PUBLIC_ID],
	])("finds X's addresses and signs in with %s", async (...row) => {
		const [, clientSecret, authentication, clientId] = row;
		await startX({ clientId, ...(clientSecret !== undefined && { clientSecret }) });
		const server = await discover();

		const tokens = await finishLogIn(server, { client_id: clientId }, authentication);

		expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 7200 });
		const url = new URL("https://api.x.com/2/users/me?user.fields=confirmed_email");
		const profile = await oauth.protectedResourceRequest(tokens.access_token, "GET", url);
		expect(await profile.json()).toEqual(ADA_AT_X);
	});

	test("writes a secret as X makes them otherwise than X documents, and a secret in the body", async () => {
		await startX();
		const server = await discover();
		const client = { client_id: KEYS.clientId };

		for (const wrong of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
			await expect(finishLogIn(server, client, wrong(KEYS.clientSecret))).rejects.toMatchObject({
				status: 401,
				error: "unauthorized_client",
			});
		}
	});

	test("reads a denial", async () => {
		await startX();
		const server = await discover();
		const client = { client_id: KEYS.clientId };
		const { page, state } = await startLogIn(server, client.client_id);

		const back = new URL(await cancelAtX(page));

		expect(() => oauth.validateAuthResponse(server, client, back, state)).toThrow(
			expect.objectContaining({ error: "access_denied" }),
		);
	});
});

describe("better-auth", () => {
	function open() {
		const database = { user: [], session: [], account: [], verification: [] } as {
			user: Record<string, unknown>[];
			account: Record<string, unknown>[];
		} & Record<string, Record<string, unknown>[]>;
		const auth = betterAuth({
			baseURL: HOME,
			secret: "a secret of the test that has enough characters",
			database: memoryAdapter(database),
			socialProviders: { twitter: KEYS },
			logger: { disabled: true },
		});
		return { database, auth };
	}

	/** @returns the page of X, and what finishes the log-in with a callback. */
	async function startLogIn({ auth }: ReturnType<typeof open>) {
		const started = await auth.handler(
			new Request(`${HOME}/api/auth/sign-in/social`, {
				method: "POST",
				headers: { "content-type": "application/json", origin: HOME },
				body: JSON.stringify({ provider: "twitter", callbackURL: "/in", errorCallbackURL: "/no" }),
			}),
		);
		const { url: page } = (await started.json()) as { url: string };
		const cookie = started.headers
			.getSetCookie()
			.map((each) => each.split(";")[0])
			.join("; ");
		const finish = (callback: string) =>
			auth.handler(new Request(callback, { headers: { cookie } }));
		return { page, finish };
	}

	test.each([
		["with a confirmed address", ADA, { email: ADA.email, emailVerified: true }],
		["without an address", BOB, { emailVerified: false }],
	])("signs up an account %s", async (_, account, expected) => {
		await startX();
		const world = open();
		const { page, finish } = await startLogIn(world);

		const end = await finish(await approveAtX(page, { accountId: account.id }));

		expect(end.headers.get("location")).toBe("/in");
		expect(world.database.user).toEqual([
			expect.objectContaining({ name: account.name, ...expected }),
		]);
		expect(world.database.account).toEqual([expect.objectContaining({ accountId: account.id })]);
	});

	test("signs nobody in after a denial, and in the incident of 30 June 2026", async () => {
		const x = await startX();
		const world = open();
		const denied = await startLogIn(world);
		const noAccess = await denied.finish(await cancelAtX(denied.page));
		expect(noAccess.headers.get("location")).toContain("access_denied");

		x.answerNext({ incident: "2026-06-30" });
		const broken = await startLogIn(world);
		const noProfile = await broken.finish(await approveAtX(broken.page));

		expect(noProfile.headers.get("location")).toMatch(/^\/no/);
		expect(world.database.user).toEqual([]);
	});
});
