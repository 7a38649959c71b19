// What a code is worth: one answer with a token, to the helpdesk that asked for it, with the verifier and the secret.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import {
	arrive,
	type Credentials,
	logInAtPortal,
	newUser,
	type OpenProvider,
	openProvider,
	PASSWORD,
} from "../../kit/openid/open-provider.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";
import { distant } from "../../kit/storage/distant-storage.ts";

interface Said {
	readonly status: number;
	readonly error: unknown;
	readonly token: string | undefined;
}

/** Redeems a code as this client, with these parameters changed. Undefined leaves one out. */
async function redeem(
	issuer: string,
	{ clientId, clientSecret }: Partial<Credentials>,
	parameters: Readonly<Record<string, string | undefined>>,
	more = "",
): Promise<Said> {
	const body = new URLSearchParams({ grant_type: "authorization_code" });
	for (const [name, value] of Object.entries({ redirect_uri: REDIRECT_URI, ...parameters })) {
		if (value !== undefined) {
			body.set(name, value);
		}
	}
	const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
	const answer = await fetch(`${issuer}/token`, {
		method: "POST",
		headers: {
			"content-type": "application/x-www-form-urlencoded",
			...(clientSecret !== undefined && { authorization }),
		},
		body: `${body}${more}`,
	});
	expect(answer.headers.get("cache-control")).toContain("no-store");
	const said = (await answer.json()) as Readonly<Record<string, unknown>>;
	expect(answer.status === 200).toBe("access_token" in said);
	if (answer.status !== 200) {
		expect(Object.keys(said).sort()).toEqual(["error", "error_description"]);
		expect(JSON.stringify(said)).not.toContain(clientSecret || "no secret");
	}
	return {
		status: answer.status,
		error: said["error"],
		token: said["access_token"] as string | undefined,
	};
}

async function userInfoStatus(issuer: string, token = ""): Promise<number> {
	const answer = await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
	return answer.status;
}

/** A code for the helpdesk of the relying party, with its verifier. */
async function newCode(open: OpenProvider, visitor = newUser(open)) {
	const { begun, answer } = await arrive(await visitor, open.party);
	const code = new URL(answer).searchParams.get("code") ?? "";
	return { code, code_verifier: begun.verifier };
}

const INVALID_GRANT = { status: 400, error: "invalid_grant", token: undefined };
const INVALID_CLIENT = { status: 401, error: "invalid_client", token: undefined };

describe("a code", () => {
	test("gives one token; a second redemption gives none and ends the first", async () => {
		const open = await openProvider();
		const { issuer, client } = open;
		const right = await newCode(open);
		const { token } = await redeem(issuer, client, right);
		expect(await userInfoStatus(issuer, token)).toBe(200);

		expect(await redeem(issuer, client, right)).toEqual(INVALID_GRANT);

		expect(await userInfoStatus(issuer, token)).toBe(401);
	});

	test.each([2, 20])("of %i redemptions at once gives at most one token", async (length) => {
		const storage = distant(new MemoryStorage(systemClock));
		const open = await openProvider({ storage });
		const right = await newCode(open);

		const answers = await Promise.all(
			Array.from({ length }, () => redeem(open.issuer, open.client, right)),
		);

		const tokens = answers.flatMap(({ token = [] }) => token);
		expect(tokens.length).toBeLessThanOrEqual(1);
		expect(answers.filter(({ token }) => token === undefined)).toEqual(
			Array.from({ length: length - tokens.length }, () => INVALID_GRANT),
		);
		for (const token of tokens) {
			expect(await userInfoStatus(open.issuer, token)).toBe(401);
		}
	});

	test("without the right verifier, redirect URI or helpdesk gives nothing, and is not used up by that", async () => {
		const open = await openProvider();
		const { issuer, client } = open;
		const right = await newCode(open);
		const other = await open.connect();
		const wrong = {
			"no verifier": () => redeem(issuer, client, { ...right, code_verifier: undefined }),
			"another verifier": () => redeem(issuer, client, { ...right, code_verifier: "v".repeat(43) }),
			"the challenge as the verifier": () =>
				redeem(issuer, client, {
					...right,
					code_verifier: createHash("sha256").update(right.code_verifier).digest("base64url"),
				}),
			"another redirect URI": () =>
				redeem(issuer, client, {
					...right,
					redirect_uri: `${REDIRECT_URI}/`,
				}),
			"another helpdesk": () => redeem(issuer, other, right),
			"an invalid code": () => redeem(issuer, client, { ...right, code: "x" }),
			"a code that no key can hold": () => redeem(issuer, client, { ...right, code: "\0" }),
		};
		for (const [name, answer] of Object.entries(wrong)) {
			expect([name, await answer()]).toEqual([name, INVALID_GRANT]);
		}
		const leftOut = redeem(issuer, client, { ...right, redirect_uri: undefined });
		expect(await leftOut).toMatchObject({ status: 400, error: "invalid_request" });
		const twice = redeem(issuer, client, right, `&code=${right.code}`);
		expect(await twice).toMatchObject({ status: 400, error: "invalid_request" });

		expect(await redeem(issuer, client, right)).toMatchObject({ status: 200 });
	});

	test("of a helpdesk without PKCE takes no verifier, so that nobody takes the challenge away", async () => {
		const open = await openProvider({ desk: { pkce: false } });
		const { issuer, client, party } = open;
		const visitor = await newUser(open);
		const url = new URL((await party.begin()).url);
		url.searchParams.delete("code_challenge");
		url.searchParams.delete("code_challenge_method");
		await visitor.open(url.href);
		const { url: answer } = await visitor.submit(new URL(visitor.seen.url).pathname, {
			answer: "go",
		});
		const code = new URL(answer).searchParams.get("code") ?? "";

		const downgraded = redeem(issuer, client, { code, code_verifier: "v".repeat(43) });
		expect(await downgraded).toEqual(INVALID_GRANT);
		expect(await redeem(issuer, client, { code })).toMatchObject({ status: 200 });
	});

	test("of one brand is worth nothing at another, and neither is the client", async () => {
		const open = await openProvider();
		const harbor = `${open.helpdesk.brands[1]?.baseUrl}/oidc`;
		const there = await open.connect({}, "harbor");
		const right = await newCode(open);

		expect(await redeem(harbor, there, right)).toEqual(INVALID_GRANT);
		expect(await redeem(harbor, open.client, right)).toEqual(INVALID_CLIENT);
		expect(await redeem(open.issuer, there, right)).toEqual(INVALID_CLIENT);
		const { token } = await redeem(open.issuer, open.client, right);
		expect(await userInfoStatus(harbor, token)).toBe(401);
		expect(await userInfoStatus(open.issuer, token)).toBe(200);
	});

	test("of a mixed-up issuer is refused by the relying party, because the answer names its issuer", async () => {
		const open = await openProvider();
		const harbor = `${open.helpdesk.brands[1]?.baseUrl}/oidc`;
		const mixedUp = await RelyingParty.at(harbor, await open.connect({}, "harbor"));
		const { begun, answer } = await arrive(await newUser(open), open.party);

		await expect(mixedUp.redeem(answer, begun)).rejects.toThrow(
			expect.objectContaining({ code: "OAUTH_INVALID_RESPONSE" }),
		);
	});
});

describe("a client", () => {
	test("that sends a wrong secret is in the log, once for ten times, and its secret is not", async () => {
		const open = await openProvider();
		const { clientId } = open.client;
		const right = await newCode(open);
		for (let count = 1; count <= 11; count += 1) {
			const wrong = { clientId, clientSecret: `mistyped-${count}` };
			expect(await redeem(open.issuer, wrong, right)).toEqual(INVALID_CLIENT);
		}
		const unknown = { clientId: "another-000000000000", clientSecret: "x" };
		expect(await redeem(open.issuer, unknown, right)).toEqual(INVALID_CLIENT);

		const lines = open.log.filter((line) => line.includes("openid.client-refused"));
		expect(lines.map((line) => JSON.parse(line).fields)).toEqual([
			{ helpdesk: clientId, why: "invalid secret provided", count: 1 },
			{ helpdesk: clientId, why: "invalid secret provided", count: 10 },
		]);
		expect(open.log.join()).not.toContain("mistyped");
	});

	test("proves itself as it was set up, once, and with its own secret", async () => {
		const open = await openProvider();
		const { issuer, client } = open;
		const { clientId, clientSecret } = client;
		const post = await open.connect({ clientAuth: "client_secret_post" });
		const open2 = await open.connect({ clientAuth: "none" });
		const right = await newCode(open);
		const asField = { ...right, client_id: clientId, client_secret: clientSecret };
		const assertion = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: clientId }))}.`;
		const cases: Readonly<Record<string, readonly [() => Promise<Said>, number, string]>> = {
			"another secret": [
				() => redeem(issuer, { clientId, clientSecret: post.clientSecret }, right),
				401,
				"invalid_client",
			],
			"an empty secret": [
				() => redeem(issuer, { clientId, clientSecret: "" }, right),
				400,
				"invalid_request",
			],
			"no secret": [
				() => redeem(issuer, {}, { ...right, client_id: clientId }),
				401,
				"invalid_client",
			],
			"the secret in both places": [() => redeem(issuer, client, asField), 400, "invalid_request"],
			"a secret of a helpdesk that has none": [
				() => redeem(issuer, open2, right),
				401,
				"invalid_client",
			],
			"an assertion that nobody signed": [
				() =>
					redeem(
						issuer,
						{},
						{
							...right,
							client_id: clientId,
							client_assertion: assertion,
							client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
						},
					),
				401,
				"invalid_client",
			],
			"no client": [() => redeem(issuer, {}, right), 400, "invalid_request"],
			"two clients": [
				() => redeem(issuer, client, { ...right, client_id: post.clientId }),
				400,
				"invalid_request",
			],
			"another grant type": [
				() => redeem(issuer, client, { ...right, grant_type: "client_credentials" }),
				400,
				"unsupported_grant_type",
			],
			"a refresh token": [
				() => redeem(issuer, client, { grant_type: "refresh_token", refresh_token: "x" }),
				400,
				"unsupported_grant_type",
			],
		};
		const found: Record<string, unknown> = {};
		for (const [name, [answer]] of Object.entries(cases)) {
			const { status, error } = await answer();
			found[name] = [status, error];
		}
		expect(found).toEqual(
			Object.fromEntries(Object.entries(cases).map(([name, [, ...said]]) => [name, said])),
		);
		// The library takes the right secret in the header and as a field.
		expect(await redeem(issuer, {}, asField)).toMatchObject({ status: 200 });
	});

	test("hears the same whether the code, the secret or the client is unknown", async () => {
		const open = await openProvider();
		const known = { ...open.client, clientSecret: "x".repeat(43) };
		const unknown = { ...known, clientId: "another-0123456789ab" };
		expect(await redeem(open.issuer, known, { code: "x" })).toEqual(
			await redeem(open.issuer, unknown, { code: "x" }),
		);
	});
});

test("an access token is one of this brand, sent in the header, and says nothing about anybody else", async () => {
	const open = await openProvider();
	const { issuer, client } = open;
	await addUnconfirmed(open.storage, { name: "Ada", email: "ada@example.com", password: PASSWORD });
	await logInAtPortal(open, "ada@example.com");
	const { token } = await redeem(issuer, client, await newCode(open));
	for (const odd of ["", "x", "\u00ff", "a".repeat(5000), `${token}x`]) {
		expect(await userInfoStatus(issuer, odd)).toBeGreaterThanOrEqual(400);
	}
	const inQuery = await fetch(`${issuer}/me?access_token=${token}`);
	expect(inQuery.status).toBe(400);
	const authorization = `Bearer ${token}`;
	const info = await fetch(`${issuer}/me?sub=other`, { headers: { authorization } });
	expect(await info.json()).toMatchObject({ name: "Grace" });
	const origin = "https://evil.example";
	const asked = await fetch(`${issuer}/me`, { headers: { authorization, origin } });
	expect(asked.status).toBe(400);
	expect(asked.headers.get("access-control-allow-origin")).toBeNull();
});
