import { beforeEach, expect, test } from "vitest";
import type { HostStorage } from "../../../../src/contract/storage.ts";
import { addressKey } from "../../../../src/helpdesk/mail/email-key.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { Operators } from "../../../../src/helpdesk/people/operators.ts";
import { SecondFactorRule } from "../../../../src/helpdesk/people/second-factor/second-factor-rule.ts";
import { SecondFactors } from "../../../../src/helpdesk/people/second-factor/second-factors.ts";
import { Vault } from "../../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { fieldsOf, UnreadableValueError } from "../../../../src/storage/stored-value.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { codeOf, wrongCode } from "../../../kit/helpdesk/authenticator-app.ts";
import { CHEAP_HASHER } from "../../../kit/helpdesk/cheap-hasher.ts";
import { inSession } from "../../../kit/helpdesk/in-session.ts";
import { allEntries } from "../../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const ADA = "ada@helpdesk.example";
const BEN = "ben@helpdesk.example";
const STEP = 30_000;
const HOUR = 60 * 60_000;
const [OLD, NEW] = [cryptoRandom.bytes(32), cryptoRandom.bytes(32)];

let clock: MockClock;
let storage: MemoryStorage;
let operators: Operators;
let factors: SecondFactors;
/** Of Ada's sessions at first. */
let epoch: number;

beforeEach(async () => {
	clock = new MockClock();
	storage = new MemoryStorage(clock);
	operators = new Operators(place(), cryptoRandom, CHEAP_HASHER);
	factors = another();
	await operators.makeFirst();
	await operators.add(ADA, "owner", "a password of her own");
	await operators.add(BEN, "support", "a password of his own");
	epoch = (await operators.sessionEpochOf(ADA)) ?? 0;
});

function place() {
	return namespaced(storage, ["operators"]);
}

/** The second factors as another node sees them. */
function another(keys: readonly Uint8Array[] = [OLD], on: HostStorage = storage): SecondFactors {
	return new SecondFactors({
		...{ operators: namespaced(on, ["operators"]), codes: namespaced(on, ["codes"]), clock },
		...{ random: cryptoRandom, vault: new Vault(keys) },
	});
}

/** A node that stops before it commits below these parts of a key, once. */
function nodeThatStopsAt(...start: readonly string[]) {
	const pausing = new PausingStorage(storage);
	const stop = pausing.stopAt(
		"before",
		({ kind, keys }) =>
			kind === "commit" && keys.some((key) => start.every((part, index) => key[index] === part)),
	);
	return { ...stop, node: another([OLD], pausing) };
}

async function setUp(email = ADA) {
	const { key, sealed } = factors.newKey(email, "session");
	const typed = codeOf(key.reveal(), clock.now());
	const confirmed = await factors.setUp(
		email,
		"session",
		await inSession(operators, email, { sealed, typed }),
	);
	const { recoveryCodes = [], sessionEpoch } = confirmed ?? expect.fail("not set up");
	clock.advance(2 * STEP);
	return { key: key.reveal(), recoveryCodes, sessionEpoch };
}

const right = { kind: "right" };
const wrong = { kind: "wrong-code" };

test("nothing counts before a code has confirmed the app", async () => {
	const { key, sealed } = factors.newKey(ADA, "session");
	const typed = wrongCode(key.reveal(), clock.now());
	expect(
		await factors.setUp(ADA, "session", await inSession(operators, ADA, { sealed, typed })),
	).toBeUndefined();
	expect([await factors.of(ADA), await operators.sessionEpochOf(ADA)]).toEqual([undefined, epoch]);
	expect(factors.shownKey(ADA, "session", sealed)?.key.reveal()).toBe(key.reveal());
});

test("a second factor that is set up ends the sessions from before, and has ten recovery codes", async () => {
	const { recoveryCodes, sessionEpoch } = await setUp();
	expect([sessionEpoch, await operators.sessionEpochOf(ADA)]).toEqual([epoch + 1, epoch + 1]);
	expect(new Set(recoveryCodes).size).toBe(10);
	expect(recoveryCodes.every((code) => /^[a-z2-9]{24}$/.test(code))).toBe(true);
	expect(await factors.of(ADA)).toMatchObject({ recoveryCodesLeft: 10 });
	expect(await factors.of(BEN)).toBeUndefined();
	expect(await operators.isPassword(ADA, "a password of her own")).toBe(true);
});

test("the form of a key works for its operator in its session, and no stored key is one", async () => {
	const { sealed, key } = factors.newKey(ADA, "session");
	const typed = codeOf(key.reveal(), clock.now());
	expect(
		await factors.setUp(ADA, "another", await inSession(operators, ADA, { sealed, typed })),
	).toBeUndefined();
	expect(
		await factors.setUp(BEN, "session", await inSession(operators, BEN, { sealed, typed })),
	).toBeUndefined();
	expect(
		await factors.setUp(
			ADA,
			"session",
			await inSession(operators, ADA, { sealed: "made up", typed }),
		),
	).toBeUndefined();
	await setUp();
	const stored = fieldsOf((await place().get([addressKey(ADA)]))?.value);
	const ofOperator = String(fieldsOf(stored["secondFactor"])["key"]);
	expect(factors.shownKey(ADA, "session", ofOperator)).toBeUndefined();
});

test("a code counts once", async () => {
	const { key } = await setUp();
	const code = codeOf(key, clock.now());
	expect(await factors.checkCode(ADA, wrongCode(key, clock.now()), "known")).toEqual(wrong);
	expect(await factors.checkCode(ADA, code, "known")).toEqual(right);
	expect(await factors.checkCode(ADA, code, "known")).toEqual(wrong);
	clock.advance(STEP);
	expect(await factors.checkCode(ADA, code, "known")).toEqual(wrong);
	expect(await factors.checkCode(ADA, codeOf(key, clock.now()), "known")).toEqual(right);
});

test("a code that reaches two nodes at once counts at one of them", async () => {
	const { key } = await setUp();
	const code = codeOf(key, clock.now());
	const { node, reached, goOn } = nodeThatStopsAt("codes", "step");

	const late = node.checkCode(ADA, code, "known");
	await reached;
	expect(await factors.checkCode(ADA, code, "known")).toEqual(right);
	goOn();

	expect(await late).toEqual(wrong);
});

test("a code counts a step early and a step late, and never after a later one", async () => {
	const { key } = await setUp();
	const check = (steps: number) => factors.checkCode(ADA, codeOf(key, clock.now(), steps), "known");
	expect(await check(-2)).toEqual(wrong);
	expect(await check(2)).toEqual(wrong);
	expect(await check(-1)).toEqual(right);
	expect(await check(1)).toEqual(right);
	expect(await check(0)).toEqual(wrong);
});

test("the code that confirmed the app does not log in", async () => {
	const { key, sealed } = factors.newKey(ADA, "session");
	const typed = codeOf(key.reveal(), clock.now());
	await factors.setUp(ADA, "session", await inSession(operators, ADA, { sealed, typed }));
	expect(await factors.checkCode(ADA, typed, "known")).toEqual(wrong);
	expect(await another().checkCode(ADA, codeOf(key.reveal(), clock.now(), 1), "known")).toEqual(
		right,
	);
});

test("another app replaces the one before with its recovery codes, whatever codes had counted", async () => {
	const first = await setUp();
	await factors.checkCode(ADA, codeOf(first.key, clock.now(), 1), "known");
	const { key, sealed } = factors.newKey(ADA, "session");
	await factors.setUp(
		ADA,
		"session",
		await inSession(operators, ADA, { sealed, typed: codeOf(key.reveal(), clock.now()) }),
	);
	expect(await factors.checkCode(ADA, codeOf(key.reveal(), clock.now(), 1), "known")).toEqual(
		right,
	);
	clock.advance(2 * STEP);
	expect(await factors.checkCode(ADA, codeOf(first.key, clock.now()), "known")).toEqual(wrong);
	const [old = ""] = first.recoveryCodes;
	expect(await factors.checkRecoveryCode(ADA, old, "known")).toEqual(wrong);
});

test("a recovery code works once, even on two nodes at once, however it is typed", async () => {
	const { recoveryCodes } = await setUp();
	const [one = "", other = ""] = recoveryCodes;
	const { node, reached, goOn } = nodeThatStopsAt("operators", addressKey(ADA));
	const late = node.checkRecoveryCode(ADA, one, "known");
	await reached;
	expect(await factors.checkRecoveryCode(ADA, one, "known")).toEqual(right);
	goOn();
	expect(await late).toEqual(wrong);
	expect(await factors.of(ADA)).toMatchObject({ recoveryCodesLeft: 9 });
	const typed = ` ${other.slice(0, 8).toUpperCase()}-${other.slice(8)} `;
	expect(await factors.checkRecoveryCode(BEN, typed, "known")).toEqual(wrong);
	expect(await factors.checkRecoveryCode(ADA, typed, "known")).toEqual(right);
	expect(await factors.checkRecoveryCode(ADA, other, "known")).toEqual(wrong);
	expect(await factors.of(ADA)).toMatchObject({ recoveryCodesLeft: 8 });
	// The app and the sessions are as they were.
	expect(await operators.sessionEpochOf(ADA)).toBe(epoch + 1);
});

test("new recovery codes replace the old ones", async () => {
	const { recoveryCodes, sessionEpoch } = await setUp();
	const [old = ""] = recoveryCodes;
	const renewed = (await factors.renewRecoveryCodes(ADA, sessionEpoch)) ?? [];
	expect([renewed.length, (await factors.of(ADA))?.recoveryCodesLeft]).toEqual([10, 10]);
	expect(await factors.checkRecoveryCode(ADA, old, "known")).toEqual(wrong);
	expect(await factors.checkRecoveryCode(ADA, renewed[9] ?? "", "known")).toEqual(right);
	expect(await factors.renewRecoveryCodes(BEN, sessionEpoch)).toBeUndefined();
	expect(await factors.of(BEN)).toBeUndefined();
});

test("a second factor that is turned off takes no code any more, and ends the sessions", async () => {
	const { key } = await setUp();
	expect(await factors.turnOff(ADA, epoch + 1)).toBe(epoch + 2);
	expect(await factors.of(ADA)).toBeUndefined();
	expect(await factors.checkCode(ADA, codeOf(key, clock.now()), "known")).toEqual(wrong);
	expect(await factors.turnOff(ADA, epoch + 2)).toBeUndefined();
});

test("an operator who was reset, or removed and added again, has no second factor", async () => {
	await setUp(ADA);
	await operators.reset(ADA);
	expect(await factors.of(ADA)).toBeUndefined();
	await setUp(BEN);
	await operators.remove(addressKey(BEN));
	await operators.add(BEN, "support");
	expect(await factors.of(BEN)).toBeUndefined();
});

test("codes are tried 20 times an hour, and strangers use up no tries of browsers that the operator knows", async () => {
	const { key } = await setUp();
	for (let each = 0; each < 20; each += 1) {
		expect(await factors.checkCode(ADA, wrongCode(key, clock.now()), "unknown")).toEqual(wrong);
	}
	const wait = { wait: HOUR / 1000 };
	const code = codeOf(key, clock.now());
	expect(await factors.checkCode(ADA, code, "unknown")).toEqual(wait);
	expect(await another().checkRecoveryCode(ADA, "a guess", "unknown")).toEqual(wait);
	expect(await factors.checkCode(ADA, code, "known")).toEqual(right);
	clock.advance(HOUR);
	expect(await factors.checkCode(ADA, codeOf(key, clock.now()), "unknown")).toEqual(right);
});

test("neither the key nor a recovery code is stored in clear text, and what is counted expires", async () => {
	const { key, recoveryCodes } = await setUp();
	await factors.checkCode(ADA, codeOf(key, clock.now()), "known");
	const stored = JSON.stringify(await allEntries(storage, []));
	expect([key, ...recoveryCodes].filter((each) => stored.includes(each))).toEqual([]);
	expect(await allEntries(storage, ["codes"])).toHaveLength(2);
	clock.advance(HOUR);
	expect(await allEntries(storage, ["codes"])).toEqual([]);
});

test("a start with a new encryption key seals with it, and the old one is not needed afterwards", async () => {
	const { key } = await setUp();
	const nextCode = () => {
		clock.advance(2 * STEP);
		return codeOf(key, clock.now());
	};
	await expect(another([NEW]).checkCode(ADA, nextCode(), "known")).rejects.toThrow(
		"cannot be decrypted",
	);
	await another([NEW]).reseal(operators);
	expect(await another([OLD]).checkCode(ADA, nextCode(), "known")).toEqual(right);
	await another([NEW, OLD]).reseal(operators);
	expect(await another([NEW]).checkCode(ADA, nextCode(), "known")).toEqual(right);
	expect([await factors.of(BEN), await operators.sessionEpochOf(ADA)]).toEqual([
		undefined,
		epoch + 1,
	]);
});

test("a second factor that cannot be read does not make the password enough", async () => {
	const key = [addressKey(ADA)];
	const before = fieldsOf((await place().get(key))?.value);
	for (const secondFactor of [
		{},
		"none",
		{ key: "k", confirmedStep: 1, recoveryCodes: [1] },
		{ key: "k", confirmedStep: 1, recoveryCodes: [], passkeys: [{ id: "one" }] },
		{ key: null, confirmedStep: 0, recoveryCodes: ["a"], passkeys: [] },
	]) {
		await place().commit({ sets: [{ key, value: { ...before, secondFactor } }] });
		await expect(factors.of(ADA)).rejects.toThrow(UnreadableValueError);
		await expect(operators.isPassword(ADA, "")).rejects.toThrow(UnreadableValueError);
	}
});

test("a second factor from before there were passkeys is read, and its app goes on", async () => {
	const { key: totp } = await setUp();
	const key = [addressKey(ADA)];
	const stored = fieldsOf((await place().get(key))?.value);
	const { passkeys, ...old } = fieldsOf(stored["secondFactor"]);
	expect(passkeys).toEqual([]);
	await place().commit({ sets: [{ key, value: { ...stored, secondFactor: old } }] });
	expect(await factors.of(ADA)).toEqual({ hasApp: true, passkeys: [], recoveryCodesLeft: 10 });
	expect(await factors.checkCode(ADA, codeOf(totp, clock.now()), "known")).toEqual(right);
});

test("an operator whom an earlier version stored has no second factor", async () => {
	const key = [addressKey(ADA)];
	const { secondFactor: _, ...old } = fieldsOf((await place().get(key))?.value);
	await place().commit({ sets: [{ key, value: old }] });
	expect(await factors.of(ADA)).toBeUndefined();
	expect(await operators.isPassword(ADA, "a password of her own")).toBe(true);
});

test("owners decide from which role on a second factor is needed, and nobody needs one unless they do", async () => {
	const rule = new SecondFactorRule(place(), operators);
	const due = async () =>
		Promise.all([
			rule.isDue({ email: BEN, role: "support" }),
			rule.isDue({ email: FIRST_OPERATOR, role: "administrator" }),
			rule.isDue({ email: ADA, role: "owner" }),
		]);
	expect([await rule.leastRole(), await due()]).toEqual([null, [false, false, false]]);
	await rule.requireFrom("administrator");
	expect(await due()).toEqual([false, true, true]);
	await setUp(ADA);
	expect(await due()).toEqual([false, true, false]);
	expect(await rule.isRequiredOf("owner")).toBe(true);
	await rule.requireFrom("support");
	expect(await due()).toEqual([true, true, false]);
	await rule.requireFrom(null);
	expect(await due()).toEqual([false, false, false]);
	expect((await operators.list()).length).toBe(3);
});

test("a session that is put out meanwhile leaves no app behind", async () => {
	const { key, sealed } = factors.newKey(ADA, "session");
	const typed = codeOf(key.reveal(), clock.now());
	const form = await inSession(operators, ADA, { sealed, typed });
	await operators.endSessions(ADA);

	expect(await factors.setUp(ADA, "session", form)).toBeUndefined();
	expect(await factors.of(ADA)).toBeUndefined();
});
