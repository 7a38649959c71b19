import { beforeEach, expect, test, vi } from "vitest";
import { PasskeyCeremonies } from "../../../../src/helpdesk/people/passkeys/passkey-ceremonies.ts";
import { PasskeyChallenges } from "../../../../src/helpdesk/people/passkeys/passkey-challenges.ts";
import {
	readPasskeys,
	type StoredPasskey,
} from "../../../../src/helpdesk/people/passkeys/stored-passkey.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { type Dishonesty, SoftAuthenticator } from "../../../kit/helpdesk/soft-authenticator.ts";

const PARTY = { id: "help.example.com", origin: "https://help.example.com", name: "Acme" };
const ASKED = { use: "add user 1", browser: "token" } as const;
const LOG_IN = { use: "log in", browser: "token" } as const;
const DEVICE = { browser: "Firefox", system: "Linux" };
const [OLD, NEW] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const HALF_AN_HOUR = 30 * 60_000;

let clock: MockClock;
let storage: MemoryStorage;
let ceremonies: PasskeyCeremonies;
let authenticator: SoftAuthenticator;

beforeEach(() => {
	clock = new MockClock();
	storage = new MemoryStorage(clock);
	ceremonies = opened(OLD);
	authenticator = new SoftAuthenticator(PARTY.origin);
});

function opened(...keys: Uint8Array[]): PasskeyCeremonies {
	return new PasskeyCeremonies(new PasskeyChallenges(storage, clock, cryptoRandom, keys), clock);
}

async function made(lie: Dishonesty = {}, verification: "required" | "preferred" = "required") {
	const options = await creationOptions();
	return ceremonies.created(
		authenticator.create(options, lie),
		{ party: PARTY, verification, ...ASKED },
		DEVICE,
	);
}

function creationOptions(passkeys: readonly StoredPasskey[] = []) {
	return ceremonies.creationOptions({
		...{ party: PARTY, verification: "required", passkeys, ...ASKED },
		...{ userHandle: Uint8Array.from([1, 2, 3]), userName: "Ada" },
	});
}

async function aPasskey(): Promise<StoredPasskey> {
	const passkey = await made();
	expect(passkey).toBeTypeOf("object");
	return passkey as StoredPasskey;
}

async function used(
	passkey: StoredPasskey,
	lie: Dishonesty = {},
	verification: "required" | "preferred" = "required",
) {
	const request = { party: PARTY, verification, ...LOG_IN };
	const options = await ceremonies.requestOptions(request);
	const answer = ceremonies.readAnswer(authenticator.get(options, lie));
	return answer === undefined ? "no answer" : ceremonies.used(answer, request, passkey);
}

test("a passkey is made, and lets its person in", async () => {
	const passkey = await aPasskey();
	expect(passkey).toMatchObject({ rpId: PARTY.id, ...DEVICE, addedAt: clock.now(), usedAt: null });
	expect(passkey.transports).toEqual(["internal"]);
	expect(readPasskeys([passkey])).toEqual([passkey]);
	clock.advance(1000);
	const after = await used(passkey);
	expect(after).toEqual({ ...passkey, counter: 1, usedAt: clock.now() });
});

test("authenticators are asked for a passkey that they find by themselves, and for no statement about themselves", async () => {
	const passkey = await aPasskey();
	const options = await creationOptions([passkey]);
	expect(options).toMatchObject({
		attestation: "none",
		authenticatorSelection: { residentKey: "required", userVerification: "required" },
		excludeCredentials: [{ id: passkey.id }],
		rp: { id: PARTY.id, name: "Acme" },
		user: { id: "AQID", name: "Ada" },
	});
	expect(options.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -257]);
});

test.each<[string, Dishonesty]>([
	["made at another origin", { origin: "https://evil.example" }],
	["made for another relying party", { rpId: "evil.example" }],
	["made in a frame of another site", { crossOrigin: true }],
	["made without a PIN or a finger", { isVerified: false }],
	["made without anybody present", { isPresent: false }],
	["that is an answer to a request", { type: "webauthn.get" }],
])("a passkey %s is refused", async (_, lie) => {
	expect(await made(lie)).toBeTypeOf("string");
	expect(await made()).toBeTypeOf("object");
});

test.each<[string, Dishonesty]>([
	["from another origin", { origin: "https://evil.example" }],
	["for another relying party", { rpId: "evil.example" }],
	["from a frame of another site", { crossOrigin: true }],
	["without a PIN or a finger", { isVerified: false }],
	["without anybody present", { isPresent: false }],
	["that makes a passkey", { type: "webauthn.create" }],
	["of a copy that was used less often", { counter: 0 }],
])("an answer %s lets nobody in", async (_, lie) => {
	const passkey = { ...(await aPasskey()), counter: 5 };
	expect(await used(passkey, { counter: 6, ...lie })).toBeTypeOf("string");
	expect(await used(passkey, { counter: 6 })).toBeTypeOf("object");
});

test("where a password comes first, having the device is enough", async () => {
	const passkey = await made({ isVerified: false }, "preferred");
	expect(passkey).toBeTypeOf("object");
	expect(await used(passkey as StoredPasskey, { isVerified: false }, "preferred")).toBeTypeOf(
		"object",
	);
});

test("an authenticator that does not count goes on working", async () => {
	authenticator = new SoftAuthenticator(PARTY.origin, false);
	const passkey = await aPasskey();
	expect(await used(passkey)).toMatchObject({ counter: 0 });
	expect(await used(passkey)).toMatchObject({ counter: 0 });
});

test("a passkey of another address does not work here", async () => {
	const passkey = await aPasskey();
	expect(await used({ ...passkey, rpId: "old.example.com" })).toBe("wrong");
});

test("an answer of one passkey is worth nothing for another", async () => {
	const passkey = await aPasskey();
	const other = await aPasskey();
	// The authenticator answers with its first one.
	expect(await used(other)).toBe("wrong");
	expect(await used({ ...passkey, publicKey: other.publicKey })).toBe("wrong");
	expect(await used({ ...passkey, id: other.id })).toBe("wrong");
});

test("an answer counts once, and so does a new passkey, on whatever node", async () => {
	const registration = authenticator.create(await creationOptions());
	const request = { party: PARTY, verification: "required", ...ASKED } as const;
	const passkey = await ceremonies.created(registration, request, DEVICE);
	expect(passkey).toBeTypeOf("object");
	expect(await opened(OLD).created(registration, request, DEVICE)).toBe("old");
	const logIn = { ...request, ...LOG_IN };
	const answer = ceremonies.readAnswer(authenticator.get(await ceremonies.requestOptions(logIn)));
	const answers = [ceremonies, opened(OLD)].map(
		async (node) => answer && node.used(answer, logIn, passkey as StoredPasskey),
	);
	const ends = (await Promise.all(answers)).map((each) => typeof each);
	expect(ends.sort()).toEqual(["object", "string"]);
});

test("a wrong answer does not use the challenge up", async () => {
	const passkey = await aPasskey();
	const request = { party: PARTY, verification: "required", ...LOG_IN } as const;
	const options = await ceremonies.requestOptions(request);
	const wrong = ceremonies.readAnswer(authenticator.get(options, { isVerified: false }));
	expect(wrong && (await ceremonies.used(wrong, request, passkey))).toBe("wrong");
	const right = ceremonies.readAnswer(authenticator.get(options));
	expect(right && (await ceremonies.used(right, request, passkey))).toBeTypeOf("object");
});

test.each([
	["another browser", { browser: "another" }],
	["another use", { use: "add user 2" }],
])("a challenge is worth nothing for %s", async (_, other) => {
	const registration = authenticator.create(await creationOptions());
	const request = { party: PARTY, verification: "required", ...ASKED, ...other } as const;
	expect(await ceremonies.created(registration, request, DEVICE)).toBe("old");
});

test("a challenge is good for half an hour, and survives the replacement of the key", async () => {
	const request = { party: PARTY, verification: "required", ...ASKED } as const;
	const registrations = [
		authenticator.create(await creationOptions()),
		authenticator.create(await creationOptions()),
	];
	clock.advance(HALF_AN_HOUR - 1);
	expect(await opened(NEW, OLD).created(registrations[0] ?? "", request, DEVICE)).toBeTypeOf(
		"object",
	);
	clock.advance(1);
	expect(await ceremonies.created(registrations[1] ?? "", request, DEVICE)).toBe("old");
	expect(
		await opened(NEW).created(authenticator.create(await creationOptions()), request, DEVICE),
	).toBe("old");
});

test("what was used is kept until its challenge is over on every node, and no longer", async () => {
	await aPasskey();
	expect((await storage.list([], { limit: 10 })).entries).toHaveLength(1);
	clock.advance(2 * HALF_AN_HOUR);
	expect((await storage.list([], { limit: 10 })).entries).toHaveLength(0);
});

test("no statement of an authenticator is looked at, so that its certificates lead the server nowhere", async () => {
	const fetched = vi.spyOn(globalThis, "fetch");
	const attStmt = new Map<string, unknown>([
		["alg", -7],
		["sig", new Uint8Array(70)],
		["x5c", [new Uint8Array(300)]],
	]);
	for (const fmt of ["packed", "fido-u2f", "tpm", "android-key", "apple", "android-safetynet"]) {
		expect(await made({ fmt, attStmt })).toBeTypeOf("object");
	}
	expect(fetched).not.toHaveBeenCalled();
	fetched.mockRestore();
});

test.each([
	"",
	"null",
	"[]",
	"{}",
	'"text"',
	"{",
	'{"id":1}',
	'{"id":"a","response":null}',
	'{"id":"a","rawId":"a","type":"public-key","response":{}}',
	'{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"bnVsbA"}}',
	`{"id":"${"a".repeat(60_000)}"}`,
])("the text %j is no answer", async (text) => {
	const request = { party: PARTY, verification: "required", ...ASKED } as const;
	expect(await ceremonies.created(text, request, DEVICE)).toBe("old");
	const answer = ceremonies.readAnswer(text);
	const passkey = await aPasskey();
	expect(answer && (await ceremonies.used(answer, request, passkey))).not.toBeTypeOf("object");
});

test("an answer whose parts are of another form is refused", async () => {
	const request = { party: PARTY, verification: "required", ...ASKED } as const;
	const good = JSON.parse(authenticator.create(await creationOptions()));
	for (const attestationObject of [undefined, 1, "", "AAAA", "oA"]) {
		const text = JSON.stringify({ ...good, response: { ...good.response, attestationObject } });
		expect(await ceremonies.created(text, request, DEVICE)).toBe("wrong");
	}
	const passkey = await aPasskey();
	const logIn = { ...request, ...LOG_IN };
	const options = await ceremonies.requestOptions(logIn);
	const right = JSON.parse(authenticator.get(options));
	for (const part of ["authenticatorData", "signature", "userHandle"]) {
		const text = JSON.stringify({ ...right, response: { ...right.response, [part]: 1 } });
		const answer = ceremonies.readAnswer(text);
		expect(answer && (await ceremonies.used(answer, logIn, passkey))).toBe("wrong");
	}
});
