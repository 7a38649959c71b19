// Every claim of a token is checked by a verifier that shares no code with what made it.
import { describe, expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { HandOffTokens, handedUser } from "../../../src/helpdesk/hand-off/hand-off-tokens.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { ADA, DESK, KEY, KINDS } from "../../kit/hand-off/handed.ts";
import { claimsOf, forgedToken, TokenVerifier } from "../../kit/hand-off/token-verifier.ts";

const SECOND = 1000;
const ORIGINS = ["https://support.example.com"];
const USER = handedUser(ADA, DESK) ?? expect.fail("nobody");

describe.each(KINDS)("a token for %s", (_, preset, rules) => {
	function open() {
		const clock = new MockClock();
		const verifier = new TokenVerifier(rules, KEY.reveal(), ORIGINS, () => clock.now());
		const tokens = new HandOffTokens(clock, cryptoRandom);
		const make = async (key = KEY) => (await tokens.make(preset, USER, key)).reveal();
		return { clock, verifier, make };
	}

	test("is taken once, for the user's proven address", async () => {
		const { verifier, make } = open();
		const token = await make();
		expect(verifier.verify(token, undefined)).toMatchObject({ kind: "in", who: "ada@example.com" });
		expect(verifier.verify(token, undefined)).toEqual({
			kind: "refused",
			why: "it was used before",
		});
		expect(verifier.verify(await make(), undefined).kind).toBe("in");
	});

	test("has expired after a minute", async () => {
		const { clock, verifier, make } = open();
		const token = await make();
		const { exp } = claimsOf(token);
		expect(Number(exp) * SECOND - clock.now()).toBeLessThanOrEqual(60 * SECOND);
		clock.advance(59 * SECOND);
		expect(verifier.verify(await make(), undefined).kind).toBe("in");
		clock.advance(SECOND);
		expect(verifier.verify(token, undefined)).toEqual({ kind: "refused", why: "it has expired" });
	});

	test("is refused with the key of another helpdesk, another algorithm, or none", async () => {
		const { verifier, make } = open();
		const claims = claimsOf(await make());
		const other = rules.algorithm === "HS256" ? "HS512" : "HS256";
		const [head, body] = (await make()).split(".");
		const forged = [
			await make(secret("canary-key-9876543210")),
			forgedToken(claims, KEY.reveal(), other),
			forgedToken(claims, KEY.reveal(), other, { alg: rules.algorithm, typ: "JWT" }),
			forgedToken(claims, "", rules.algorithm, { alg: "none", typ: "JWT" }),
			`${head}.${body}.`,
			`${head}.${body}`,
		];
		expect(forged.map((token) => verifier.verify(token, undefined).kind)).toEqual(
			forged.map(() => "refused"),
		);
	});

	test("is refused without any of the claims that the helpdesk needs, and with another user's", async () => {
		const { verifier, make } = open();
		const token = await make();
		const claims = claimsOf(token);
		const needed = Object.keys(claims).filter((name) => {
			const { [name]: _gone, ...rest } = claims;
			const verdict = verifier.verify(
				forgedToken({ ...rest }, KEY.reveal(), rules.algorithm),
				undefined,
			);
			return verdict.kind === "refused" && verdict.why !== "it was used before";
		});
		const documented: Readonly<Record<string, readonly string[]>> = {
			supportpal: ["email", "jti", "exp"],
			"zendesk-jwt": ["iat", "jti", "name", "email"],
			"help-scout": ["sub", "exp"],
		};
		expect(needed).toEqual(documented[preset.id]);

		const [head, body, signature] = token.split(".");
		const mallory = { ...claims, [rules.identity]: "mallory@example.com" };
		const changed = Buffer.from(JSON.stringify(mallory)).toString("base64url");
		expect(body).not.toBe(changed);
		expect(verifier.verify(`${head}.${changed}.${signature}`, undefined)).toEqual({
			kind: "refused",
			why: "its signature is wrong",
		});
	});

	test("leads on to the helpdesk itself, and to no other host", async () => {
		const { verifier, make } = open();
		const wrong =
			preset.returnsTo === "path"
				? ["//evil.example/", "/\\evil.example", "https://evil.example/"]
				: ["https://evil.example/", "https://support.example.com.evil.example/", "/tickets"];
		for (const wayOn of wrong) {
			expect(verifier.verify(await make(), wayOn)).toEqual({
				kind: "refused",
				why: "its way on leads elsewhere",
			});
		}
	});

	test("says nothing of roles or organisations, and never the handle", async () => {
		const { make } = open();
		const allowed = ["email", "sub", "jti", "exp", "iat", "name", "external_id"];
		expect(Object.keys(claimsOf(await make())).filter((name) => !allowed.includes(name))).toEqual(
			[],
		);
	});
});

test("the id that Zendesk keys people by lies in a name space of its own", async () => {
	const [, zendesk] = KINDS.find(([, { id }]) => id === "zendesk-jwt") ?? expect.fail("none");
	const tokens = new HandOffTokens(new MockClock(), cryptoRandom);
	expect(claimsOf((await tokens.make(zendesk, USER, KEY)).reveal())).toMatchObject({
		external_id: "x-4711",
		name: "Ada Lovelace",
	});
});

describe("there is no token for", () => {
	test.each([
		["a user without an address", { email: null }],
		["an address that nobody has proven", { confirmed: false }],
		["an account that a ticket made and nobody claimed", { unclaimed: true }],
		["a suspended user", { status: "suspended" }],
		["a user who waits for approval", { status: "awaiting-approval" }],
		["a user whose account lacks details", { status: "incomplete" }],
		["an address that is none", { email: "ada" }],
	] as const)("%s", (_, account) => {
		expect(handedUser({ ...ADA, ...account }, DESK)).toBeUndefined();
	});

	test.each([
		"ada@example.com",
		"ADA@example.com",
		"example.com",
		"@example.com",
		"com*",
		"other.example",
	])("an address on the list of those never passed on: %s", (entry) => {
		const kept = handedUser(ADA, { neverAsserted: [entry] });
		expect(kept === undefined).toBe(entry !== "other.example");
	});
});
