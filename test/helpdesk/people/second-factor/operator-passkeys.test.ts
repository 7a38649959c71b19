import { beforeEach, expect, test } from "vitest";
import type { HostStorage } from "../../../../src/contract/storage.ts";
import { addressKey } from "../../../../src/helpdesk/mail/email-key.ts";
import { Operators } from "../../../../src/helpdesk/people/operators.ts";
import { PasskeyCeremonies } from "../../../../src/helpdesk/people/passkeys/passkey-ceremonies.ts";
import { PasskeyChallenges } from "../../../../src/helpdesk/people/passkeys/passkey-challenges.ts";
import { OperatorPasskeys } from "../../../../src/helpdesk/people/second-factor/operator-passkeys.ts";
import { SecondFactorRule } from "../../../../src/helpdesk/people/second-factor/second-factor-rule.ts";
import { SecondFactors } from "../../../../src/helpdesk/people/second-factor/second-factors.ts";
import { Vault } from "../../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { codeOf } from "../../../kit/helpdesk/authenticator-app.ts";
import { CHEAP_HASHER } from "../../../kit/helpdesk/cheap-hasher.ts";
import { inSession } from "../../../kit/helpdesk/in-session.ts";
import { type Dishonesty, SoftAuthenticator } from "../../../kit/helpdesk/soft-authenticator.ts";
import { PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const ADA = "ada@helpdesk.example";
const BEN = "ben@helpdesk.example";
const PARTY = { id: "help.example.com", origin: "https://help.example.com", name: "Acme" };
const MOVED = { id: "new.example.com", origin: "https://new.example.com", name: "Acme" };
const AT = { party: PARTY, browser: "session" };
const DEVICE = { browser: "Firefox", system: "Linux" };
const KEY = new Uint8Array(32).fill(1);
const HALF_AN_HOUR = 30 * 60_000;

let clock: MockClock;
let storage: MemoryStorage;
let operators: Operators;
let factors: SecondFactors;
let passkeys: OperatorPasskeys;
let authenticator: SoftAuthenticator;

beforeEach(async () => {
	clock = new MockClock();
	storage = new MemoryStorage(clock);
	operators = new Operators(place(), cryptoRandom, CHEAP_HASHER);
	factors = new SecondFactors({
		...{ operators: place(), codes: namespaced(storage, ["codes"]), clock, random: cryptoRandom },
		vault: new Vault([KEY]),
	});
	passkeys = nodeOn(storage);
	authenticator = new SoftAuthenticator(PARTY.origin);
	// Another owner, so that Ada can be removed.
	await operators.makeFirst();
	await operators.add(ADA, "owner", "a password of her own");
	await operators.add(BEN, "support", "a password of his own");
});

function place(on: HostStorage = storage): HostStorage {
	return namespaced(on, ["operators"]);
}

function nodeOn(on: HostStorage): OperatorPasskeys {
	const challenges = new PasskeyChallenges(namespaced(on, ["used"]), clock, cryptoRandom, [KEY]);
	return new OperatorPasskeys({
		...{ operators: place(on), codes: namespaced(on, ["codes"]), clock, random: cryptoRandom },
		...{ ceremonies: new PasskeyCeremonies(challenges, clock), handleKeys: [KEY] },
	});
}

/** A node that stops before it commits an operator, once. */
function nodeThatStops() {
	const pausing = new PausingStorage(storage);
	const stop = pausing.stopAt(
		"before",
		({ kind, keys }) => kind === "commit" && keys.some(([first]) => first === "operators"),
	);
	return { ...stop, node: nodeOn(pausing) };
}

async function creation(email = ADA, at = AT) {
	return (await passkeys.creationOptions(email, at)) ?? expect.fail("no more passkeys");
}

/** Adds a passkey by an authenticator. */
async function add(email = ADA, by = authenticator, at = AT) {
	const added = await passkeys.add(
		email,
		await inSession(operators, email, at),
		by.create(await creation(email, at)),
		DEVICE,
	);
	return typeof added === "object" ? added : expect.fail(added);
}

async function answer(email = ADA, lie: Dishonesty = {}, at = AT): Promise<string> {
	const options = await passkeys.requestOptions(email, at);
	return authenticator.get(options ?? expect.fail("no passkey works here"), lie);
}

async function idsOf(email = ADA): Promise<readonly string[]> {
	return ((await factors.of(email))?.passkeys ?? []).map(({ id }) => id);
}

const HERE = { rpId: PARTY.id, isRequired: false };
const right = { kind: "right" };
const wrong = { kind: "wrong-code" };
const old = { kind: "old-passkey" };

test("the first passkey ends the sessions from before and brings recovery codes, and further ones keep the codes", async () => {
	const epoch = (await operators.sessionEpochOf(ADA)) ?? 0;
	const first = await add();
	expect([first.sessionEpoch, first.recoveryCodes?.length]).toEqual([epoch + 1, 10]);
	expect(await factors.of(ADA)).toMatchObject({
		...{ hasApp: false, recoveryCodesLeft: 10 },
		passkeys: [{ rpId: PARTY.id, ...DEVICE, addedAt: clock.now(), usedAt: null }],
	});
	expect(await factors.of(BEN)).toBeUndefined();
	const second = await add(ADA, new SoftAuthenticator(PARTY.origin));
	expect(second).toEqual({ sessionEpoch: epoch + 2, recoveryCodes: undefined });
	expect(await idsOf()).toHaveLength(2);
	const [code = ""] = first.recoveryCodes ?? [];
	expect(await factors.checkRecoveryCode(ADA, code, "known")).toEqual(right);
});

test("a passkey lets its operator in, and the record says when it was used", async () => {
	await add();
	clock.advance(1000);
	expect(await passkeys.check(ADA, AT, await answer(), "known")).toEqual(right);
	expect((await factors.of(ADA))?.passkeys).toMatchObject([{ counter: 1, usedAt: clock.now() }]);
	// The sessions go on.
	expect(await operators.sessionEpochOf(ADA)).toBe((await add()).sessionEpoch - 1);
});

test("an answer counts once, for half an hour, in its browser, and for its operator", async () => {
	authenticator = new SoftAuthenticator(PARTY.origin, false);
	await add();
	await add(BEN);
	const given = await answer();
	expect(await passkeys.check(BEN, AT, given, "known")).toEqual(wrong);
	expect(await passkeys.check(ADA, { ...AT, browser: "another" }, given, "known")).toEqual(old);
	expect(await passkeys.check(ADA, AT, given, "known")).toEqual(right);
	expect(await passkeys.check(ADA, AT, given, "known")).toEqual(old);
	const late = await answer();
	clock.advance(HALF_AN_HOUR);
	expect(await passkeys.check(ADA, AT, late, "known")).toEqual(old);
});

test.each([
	["of another site", { origin: "https://evil.example" }],
	["for another relying party", { rpId: "evil.example" }],
	["without a person", { isPresent: false }],
	["with a count from before", { counter: 0 }],
	["that makes one", { type: "webauthn.create" }],
])("an answer %s is wrong", async (_, lie) => {
	await add();
	await passkeys.check(ADA, AT, await answer(), "known");
	expect(await passkeys.check(ADA, AT, await answer(ADA, lie), "known")).toEqual(wrong);
});

test.each(["", "{}", "null", "[1]", '{"id":"an id"}', "no JSON"])(
	"what is no answer is wrong: %j",
	async (text) => {
		await add();
		expect(await passkeys.check(ADA, AT, text, "known")).toEqual(wrong);
		expect(await passkeys.add(ADA, await inSession(operators, ADA, AT), text, DEVICE)).toBe("old");
	},
);

test("an answer to a log-in adds no passkey, and one to the form of another session adds none", async () => {
	await add();
	const made = authenticator.create(await creation());
	expect(
		await passkeys.add(
			ADA,
			await inSession(operators, ADA, { ...AT, browser: "another" }),
			made,
			DEVICE,
		),
	).toBe("old");
	expect(await passkeys.add(BEN, await inSession(operators, BEN, AT), made, DEVICE)).toBe("old");
	const request = (await passkeys.requestOptions(ADA, AT)) ?? expect.fail("none");
	const { challenge } = request;
	const forged = authenticator.create({ ...(await creation()), challenge });
	expect(await passkeys.add(ADA, await inSession(operators, ADA, AT), forged, DEVICE)).toBe("old");
	expect(await idsOf()).toHaveLength(1);
	expect(await passkeys.add(ADA, await inSession(operators, ADA, AT), made, DEVICE)).toBeTypeOf(
		"object",
	);
	expect(await passkeys.add(ADA, await inSession(operators, ADA, AT), made, DEVICE)).toBe("old");
});

test("passkeys are tried with codes 20 times an hour", async () => {
	await add();
	for (let each = 0; each < 19; each += 1) {
		expect(await passkeys.check(ADA, AT, "a guess", "unknown")).toEqual(wrong);
	}
	await factors.checkCode(ADA, "123456", "unknown");
	const wait = { wait: 60 * 60 };
	expect(await passkeys.check(ADA, AT, await answer(), "unknown")).toEqual(wait);
	expect(await passkeys.check(ADA, AT, await answer(), "known")).toEqual(right);
});

test("an operator has ten passkeys at most", async () => {
	const late = authenticator.create(await creation());
	for (let each = 0; each < 10; each += 1) {
		await add(ADA, new SoftAuthenticator(PARTY.origin));
	}
	expect(await passkeys.creationOptions(ADA, AT)).toBeUndefined();
	expect(await passkeys.add(ADA, await inSession(operators, ADA, AT), late, DEVICE)).toBe(
		"too-many",
	);
	expect(await idsOf()).toHaveLength(10);
});

test("an app joins the passkeys, and the passkeys outlive another app", async () => {
	await add();
	const { key, sealed } = factors.newKey(ADA, "session");
	const typed = codeOf(key.reveal(), clock.now());
	expect(await factors.checkCode(ADA, typed, "known")).toEqual(wrong);
	await factors.setUp(ADA, "session", await inSession(operators, ADA, { sealed, typed }));
	expect(await factors.of(ADA)).toMatchObject({ hasApp: true, passkeys: [{ rpId: PARTY.id }] });
	expect(await passkeys.check(ADA, AT, await answer(), "known")).toEqual(right);
	const [id = ""] = await idsOf();
	expect(
		await passkeys.remove(ADA, id, await inSession(operators, ADA, { ...HERE, isRequired: true })),
	).toBeTypeOf("number");
	expect(await factors.of(ADA)).toMatchObject({ hasApp: true, passkeys: [] });
});

test("a removed passkey lets nobody in, and the second factor goes with the last one", async () => {
	await add();
	const second = await add(ADA, new SoftAuthenticator(PARTY.origin));
	const [one = "", other = ""] = await idsOf();
	const given = await answer();
	expect(await passkeys.remove(ADA, one, await inSession(operators, ADA, HERE))).toBe(
		second.sessionEpoch + 1,
	);
	expect(await passkeys.check(ADA, AT, given, "known")).toEqual(wrong);
	expect(await passkeys.remove(ADA, one, await inSession(operators, ADA, HERE))).toBe("unknown");
	expect(await passkeys.remove(ADA, other, await inSession(operators, ADA, HERE))).toBe(
		second.sessionEpoch + 2,
	);
	expect(await factors.of(ADA)).toBeUndefined();
	expect(await passkeys.requestOptions(ADA, AT)).toBeUndefined();
});

test("the last passkey that works here stays where the role requires one, or where nothing else would let the operator in", async () => {
	const elsewhere = new SoftAuthenticator(MOVED.origin);
	await add(ADA, elsewhere, { ...AT, party: MOVED });
	await add();
	const [moved = "", here = ""] = await idsOf();
	expect(
		await passkeys.remove(
			ADA,
			here,
			await inSession(operators, ADA, { ...HERE, isRequired: true }),
		),
	).toBe("required");
	expect(await passkeys.remove(ADA, here, await inSession(operators, ADA, HERE))).toBe("last-here");
	expect(await idsOf()).toEqual([moved, here]);
	expect(
		await passkeys.remove(
			ADA,
			moved,
			await inSession(operators, ADA, { ...HERE, isRequired: true }),
		),
	).toBeTypeOf("number");
	expect(
		await passkeys.remove(
			ADA,
			here,
			await inSession(operators, ADA, { ...HERE, isRequired: true }),
		),
	).toBe("required");
	expect(await passkeys.remove(ADA, here, await inSession(operators, ADA, HERE))).toBeTypeOf(
		"number",
	);
});

test("a passkey for another address is not asked for, and does not work", async () => {
	await add();
	expect(await passkeys.requestOptions(ADA, { ...AT, party: MOVED })).toBeUndefined();
	const given = await answer();
	expect(await passkeys.check(ADA, { ...AT, party: MOVED }, given, "known")).toEqual(wrong);
});

test("a role that requires a second factor is satisfied by a passkey", async () => {
	const rule = new SecondFactorRule(place(), operators);
	await rule.requireFrom("owner");
	expect(await rule.isDue({ email: ADA, role: "owner" })).toBe(true);
	await add();
	expect(await rule.isDue({ email: ADA, role: "owner" })).toBe(false);
	await operators.reset(ADA);
	expect(await factors.of(ADA)).toBeUndefined();
});

test("an answer that reaches two nodes at once lets in at one of them", async () => {
	await add();
	const given = await answer();
	const { node, reached, goOn } = nodeThatStops();
	const late = node.check(ADA, AT, given, "known");
	await reached;
	expect(await passkeys.check(ADA, AT, given, "known")).toEqual(old);
	goOn();
	expect(await late).toEqual(right);
});

test("an answer with a count that another node has seen meanwhile is wrong", async () => {
	await add();
	const [first, second] = [await answer(), await answer()];
	const { node, reached, goOn } = nodeThatStops();
	const late = node.check(ADA, AT, first, "known");
	await reached;
	expect(await passkeys.check(ADA, AT, second, "known")).toEqual(right);
	goOn();
	expect(await late).toEqual(wrong);
	expect((await factors.of(ADA))?.passkeys).toMatchObject([{ counter: 2 }]);
});

test.each([
	["removed", async () => operators.remove(addressKey(ADA))],
	["reset", async () => operators.reset(ADA)],
	["removed and added again", async () => readd()],
])("an operator who is %s meanwhile is not let in, and gets no passkey", async (_, act) => {
	await add();
	const used = nodeThatStops();
	const late = used.node.check(ADA, AT, await answer(), "known");
	await used.reached;
	await act();
	used.goOn();
	expect(await late).toEqual(wrong);
	expect(await idsOf()).toEqual([]);
});

test.each([
	["is reset", () => operators.reset(ADA)],
	["has all sessions ended", () => operators.endSessions(ADA)],
])("an intruder leaves no passkey behind where the operator %s meanwhile", async (_, act) => {
	const { node, reached, goOn } = nodeThatStops();
	const late = node.add(
		ADA,
		await inSession(operators, ADA, AT),
		authenticator.create(await creation()),
		DEVICE,
	);
	await reached;
	await act();
	goOn();
	expect(await late).toBe("wrong");
	expect(await factors.of(ADA)).toBeUndefined();
});

test("an intruder leaves no app behind where the operator is reset meanwhile", async () => {
	const pausing = new PausingStorage(storage);
	const { reached, goOn } = pausing.stopAt("before", ({ kind }) => kind === "commit");
	const node = new SecondFactors({
		...{ operators: place(pausing), codes: namespaced(storage, ["codes"]) },
		...{ clock, random: cryptoRandom, vault: new Vault([KEY]) },
	});
	const { key, sealed } = node.newKey(ADA, "session");
	const late = node.setUp(
		ADA,
		"session",
		await inSession(operators, ADA, { sealed, typed: codeOf(key.reveal(), clock.now()) }),
	);
	await reached;
	await operators.reset(ADA);
	goOn();
	expect(await late).toBeUndefined();
	expect(await factors.of(ADA)).toBeUndefined();
});

test("a passkey of an operator who is removed and added again meanwhile is not stored for the new one", async () => {
	const { node, reached, goOn } = nodeThatStops();
	const late = node.add(
		ADA,
		await inSession(operators, ADA, AT),
		authenticator.create(await creation()),
		DEVICE,
	);
	await reached;
	await readd();
	goOn();
	expect(await late).toBe("wrong");
	expect(await factors.of(ADA)).toBeUndefined();
});

async function readd(): Promise<void> {
	await operators.remove(addressKey(ADA));
	await operators.add(ADA, "owner", "another password");
}

test("a session that is put out meanwhile leaves no passkey behind, and removes none", async () => {
	const at = await inSession(operators, ADA, AT);
	const made = authenticator.create(await creation(ADA, AT));
	await operators.endSessions(ADA);
	expect(await passkeys.add(ADA, at, made, DEVICE)).toBe("wrong");
	expect(await factors.of(ADA)).toBeUndefined();

	await add();
	const [{ id = "" } = {}] = (await factors.of(ADA))?.passkeys ?? [];
	const where = await inSession(operators, ADA, HERE);
	await operators.endSessions(ADA);
	expect(await passkeys.remove(ADA, id, where)).toBe("unknown");
	expect((await factors.of(ADA))?.passkeys).toHaveLength(1);
});
