import { beforeEach, expect, test } from "vitest";
import type { MailMessage } from "../../../src/contract/mail.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { AddressCodes } from "../../../src/helpdesk/people/address-codes.ts";
import { AddressProofLimits } from "../../../src/helpdesk/people/address-proof-limits.ts";
import { OperatorAddresses } from "../../../src/helpdesk/people/operator-addresses.ts";
import { OperatorInvitations } from "../../../src/helpdesk/people/operator-invitations.ts";
import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operator-roster.ts";
import { Operators } from "../../../src/helpdesk/people/operators.ts";
import { PendingProofs } from "../../../src/helpdesk/people/pending-proofs.ts";
import { SecondFactors } from "../../../src/helpdesk/people/second-factor/second-factors.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { codeOf, wrongCode } from "../../kit/helpdesk/authenticator-app.ts";
import { CHEAP_HASHER } from "../../kit/helpdesk/cheap-hasher.ts";
import { inSession } from "../../kit/helpdesk/in-session.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const ADA = "ada@helpdesk.example";
const BEN = "ben@helpdesk.example";
const NEW = "ada@home.example";
const HOUR = 60 * 60_000;
const KEYS = [cryptoRandom.bytes(32)];
const LETTER: MailMessage = { brandId: "acorn", to: ADA, subject: "changed", text: "to another" };

let clock: MockClock;
let storage: MemoryStorage;
let operators: Operators;
let addresses: OperatorAddresses;
let factors: SecondFactors;
let invitations: OperatorInvitations;
let outbox: Outbox;

beforeEach(async () => {
	clock = new MockClock();
	storage = new MemoryStorage(clock);
	({ operators, addresses, factors, invitations, outbox } = node());
	await operators.makeFirst();
	await operators.add(ADA, "owner", "a password of hers");
	await operators.add(BEN, "support", "a password of his");
});

/** A node of the helpdesk. */
function node(on: HostStorage = storage) {
	const place = namespaced(on, NAMESPACES.operators);
	const codesPlace = namespaced(on, NAMESPACES.operatorAddressCodes);
	const parts = { storage: on, random: cryptoRandom };
	const all = new Operators(place, cryptoRandom, CHEAP_HASHER);
	const letters = outboxIn(on, clock, undefined, () => {});
	const codes = new AddressCodes(
		new PendingProofs(codesPlace, clock, cryptoRandom),
		new AddressProofLimits(codesPlace, clock),
	);
	const invited = namespaced(on, NAMESPACES.operatorInvitations);
	return {
		operators: all,
		outbox: letters,
		addresses: new OperatorAddresses({ ...parts, operators: all, codes, outbox: letters }),
		factors: new SecondFactors({
			...{ operators: place, codes: namespaced(on, NAMESPACES.operatorCodes) },
			...{ clock, random: cryptoRandom, vault: new Vault(KEYS) },
		}),
		invitations: new OperatorInvitations(invited, clock, cryptoRandom, all),
	};
}

/** A node that stops before its next commit to the operators. */
function nodeThatStops() {
	const pausing = new PausingStorage(storage);
	const isHere = ({ kind, keys }: { kind: string; keys: readonly (readonly string[])[] }) =>
		kind === "commit" && keys.some(([first]) => first === "operators");
	return { ...node(pausing), ...pausing.stopAt("before", isHere) };
}

async function at(email: string, browserToken = `browser of ${email}`) {
	const sessionEpoch = (await operators.sessionEpochOf(email)) ?? -1;
	return { email, sessionEpoch, browserToken, network: "203.0.113.1" };
}

async function change(email: string, to: string, on = addresses) {
	return on.change(await at(email), to, undefined);
}

async function roles(): Promise<Readonly<Record<string, string>>> {
	return Object.fromEntries((await operators.list()).map(({ email, role }) => [email, role]));
}

async function codeFor(email: string, to = NEW, browserToken?: string): Promise<string> {
	const asked = await addresses.ask(await at(email, browserToken), to, 99);
	return asked.kind === "code" ? asked.code : expect.fail(`no code: ${asked.kind}`);
}

test("a changed address has the role and the password, and no session from before", async () => {
	const before = await operators.sessionEpochOf(ADA);
	const changed = await addresses.change(await at(ADA), NEW, LETTER);
	expect(await roles()).toEqual({ [NEW]: "owner", [BEN]: "support", [FIRST_OPERATOR]: "owner" });
	expect(await operators.isPassword(NEW, "a password of hers")).toBe(true);
	expect(await operators.has(ADA)).toBe(false);
	expect(await operators.isPassword(ADA, "a password of hers")).toBe(false);
	expect(changed).toEqual({ sessionEpoch: await operators.sessionEpochOf(NEW) });
	expect(changed).not.toEqual({ sessionEpoch: before });
	expect((await keptLetters(outbox, ADA)).map(({ subject }) => subject)).toEqual(["changed"]);
});

test("the only owner stays one at the new address, also the one that an earlier version stored", async () => {
	storage = new MemoryStorage(clock);
	({ operators, addresses, factors } = node());
	const password = await CHEAP_HASHER.hash("the password of 0.1.0");
	const key = [...NAMESPACES.operators, addressKey(FIRST_OPERATOR)];
	await storage.commit({ sets: [{ key, value: { password } }] });
	await change(FIRST_OPERATOR, NEW);
	expect(await roles()).toEqual({ [NEW]: "owner" });
	expect(await operators.isPassword(NEW, "the password of 0.1.0")).toBe(true);
	// The next start makes no first operator again.
	expect(await operators.makeFirst()).toBeNull();
});

test("a second factor goes along: its codes, those that counted, and the recovery codes", async () => {
	const { key, sealed } = factors.newKey(ADA, "session");
	const code = (steps = 0) => codeOf(key.reveal(), clock.now(), steps);
	const set = await factors.setUp(
		ADA,
		"session",
		await inSession(operators, ADA, { sealed, typed: code() }),
	);
	const [one = "", other = ""] = set?.recoveryCodes ?? [];
	clock.advance(60_000);
	const used = code();
	await factors.checkCode(ADA, used, "known");
	await factors.checkRecoveryCode(ADA, one, "known");

	await change(ADA, NEW);

	expect(await factors.of(NEW)).toMatchObject({ recoveryCodesLeft: 9 });
	expect(await factors.checkCode(NEW, used, "known")).toEqual({ kind: "wrong-code" });
	expect(await factors.checkCode(NEW, code(1), "known")).toEqual({ kind: "right" });
	expect(await factors.checkRecoveryCode(NEW, one, "known")).toEqual({ kind: "wrong-code" });
	expect(await factors.checkRecoveryCode(NEW, other, "known")).toEqual({ kind: "right" });
	// A start seals the key again, and a second change finds it.
	await node().factors.reseal(operators);
	await change(NEW, "ada@third.example");
	clock.advance(60_000);
	expect(await factors.checkCode("ada@third.example", code(), "known")).toEqual({ kind: "right" });
});

test("another address gives no more tries, and somebody who gets the old one has tries of their own", async () => {
	const { key, sealed } = factors.newKey(ADA, "session");
	await factors.setUp(
		ADA,
		"session",
		await inSession(operators, ADA, { sealed, typed: codeOf(key.reveal(), clock.now()) }),
	);
	const guess = (email: string) =>
		factors.checkCode(email, wrongCode(key.reveal(), clock.now()), "unknown");
	for (let each = 0; each < 20; each += 1) {
		expect(await guess(ADA)).toEqual({ kind: "wrong-code" });
	}
	await change(ADA, NEW);
	await operators.add(ADA, "support", "another person");
	expect(await guess(NEW)).toEqual({ wait: HOUR / 1000 });
	expect(await guess(ADA)).toEqual({ kind: "wrong-code" });
	expect(await operators.isPassword(NEW, "another person")).toBe(false);
});

test("an operator whom an earlier version stored shares nothing with somebody who gets their old address", async () => {
	const key = [...NAMESPACES.operators, addressKey(BEN)];
	const { lastingId: _, ...stored } = fieldsOf((await storage.get(key))?.value);
	await storage.commit({ sets: [{ key, value: stored }] });
	expect(await operators.lastingIdOf(BEN)).toBe(addressKey(BEN));
	await change(BEN, NEW);
	await operators.add(BEN, "support");
	expect(await operators.lastingIdOf(NEW)).toBe(addressKey(BEN));
	expect(await operators.lastingIdOf(BEN)).not.toBe(addressKey(BEN));
});

test("what an operator has sent goes on working: invitations of an owner at another address", async () => {
	const token = await invitations.invite({
		email: "eve@helpdesk.example",
		role: "support",
		by: ADA,
	});
	await change(ADA, NEW);
	expect(await invitations.find(token)).toMatchObject({ by: ADA });
	// Not because somebody is an owner at the old address.
	await operators.add(ADA, "owner");
	await operators.changeRole(addressKey(NEW), "administrator");
	expect(await invitations.find(token)).toBeUndefined();
	await operators.changeRole(addressKey(NEW), "owner");
	expect(await invitations.accept(token, "a password of hers")).toBe("eve@helpdesk.example");
});

test("an address of another operator is not free, nor is one that is invited", async () => {
	expect(await change(BEN, ADA)).toBe("taken");
	const token = await invitations.invite({ email: NEW, role: "owner", by: ADA });
	expect(await change(BEN, NEW)).toBe("taken");
	expect(await roles()).toMatchObject({ [BEN]: "support", [ADA]: "owner" });
	await invitations.withdraw(NEW);
	expect(await change(BEN, NEW)).toMatchObject({ sessionEpoch: expect.any(Number) });
	expect(await invitations.find(token)).toBeUndefined();
});

test("of two operators who change to one address at once, one has it", async () => {
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(BEN, NEW, slow);
	await reached;
	expect(await change(ADA, NEW)).toMatchObject({ sessionEpoch: expect.any(Number) });
	goOn();
	expect(await late).toBe("taken");
	expect(await roles()).toEqual({ [NEW]: "owner", [BEN]: "support", [FIRST_OPERATOR]: "owner" });
	expect(await operators.isPassword(NEW, "a password of hers")).toBe(true);
});

test("one right code on two nodes at once changes the address once", async () => {
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(ADA, NEW, slow);
	await reached;
	const first = await change(ADA, NEW);
	goOn();
	expect(await late).toBe("over");
	expect(first).toEqual({ sessionEpoch: await operators.sessionEpochOf(NEW) });
});

test("an invitation that comes in between is found", async () => {
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(BEN, NEW, slow);
	await reached;
	await invitations.invite({ email: NEW, role: "support", by: ADA });
	goOn();
	expect(await late).toBe("taken");
});

test("an operator who is removed meanwhile does not come back at another address", async () => {
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(BEN, NEW, slow);
	await reached;
	await operators.remove(addressKey(BEN));
	goOn();
	expect(await late).toBe("over");
	expect(await roles()).toEqual({ [ADA]: "owner", [FIRST_OPERATOR]: "owner" });
	expect(await allEntries(storage, [...NAMESPACES.operators, addressKey(NEW)])).toEqual([]);
});

test("an operator who is demoted meanwhile is demoted at the new address, too", async () => {
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(ADA, NEW, slow);
	await reached;
	await operators.changeRole(addressKey(ADA), "support");
	goOn();
	expect(await late).toMatchObject({ sessionEpoch: expect.any(Number) });
	expect(await roles()).toMatchObject({ [NEW]: "support" });
});

test("an operator whose sessions ended meanwhile, by a reset for example, changes nothing", async () => {
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(ADA, NEW, slow);
	await reached;
	await operators.reset(ADA);
	goOn();
	expect(await late).toBe("over");
	expect(await roles()).toMatchObject({ [ADA]: "owner" });
});

test("a recovery code that is used meanwhile stays used", async () => {
	const { key, sealed } = factors.newKey(ADA, "session");
	const typed = codeOf(key.reveal(), clock.now());
	const [recovery = ""] =
		(await factors.setUp(ADA, "session", await inSession(operators, ADA, { sealed, typed })))
			?.recoveryCodes ?? [];
	const { addresses: slow, reached, goOn } = nodeThatStops();
	const late = change(ADA, NEW, slow);
	await reached;
	expect(await factors.checkRecoveryCode(ADA, recovery, "known")).toEqual({ kind: "right" });
	goOn();
	expect(await late).toMatchObject({ sessionEpoch: expect.any(Number) });
	expect(await factors.of(NEW)).toMatchObject({ recoveryCodesLeft: 9 });
	expect(await factors.checkRecoveryCode(NEW, recovery, "known")).toEqual({ kind: "wrong-code" });
});

test("a code works for its operator in its browser, until all sessions have ended", async () => {
	const code = await codeFor(ADA);
	expect(await addresses.enter(await at(ADA, "another browser"), code)).toEqual({ kind: "none" });
	expect(await addresses.enter(await at(BEN, `browser of ${ADA}`), code)).toEqual({ kind: "none" });
	expect(await addresses.enter(await at(ADA), "000000000000")).toEqual({ kind: "wrong" });
	expect(await addresses.enter(await at(ADA), code)).toEqual({ kind: "right", email: NEW });
	await operators.endSessions(ADA);
	expect(await addresses.enter(await at(ADA), code)).toEqual({ kind: "none" });
});

test("a code takes five tries within ten minutes, and letters and tries are counted across addresses", async () => {
	let code = await codeFor(ADA);
	for (let each = 0; each < 5; each += 1) {
		expect((await addresses.enter(await at(ADA), "000000000000")).kind).toMatch(/wrong|spent/);
	}
	expect(await addresses.enter(await at(ADA), code)).toEqual({ kind: "spent" });
	code = await codeFor(ADA);
	clock.advance(10 * 60_000);
	expect(await addresses.enter(await at(ADA), code)).toEqual({ kind: "spent" });
	await change(ADA, NEW);
	const ask = async (browser: string) =>
		(await addresses.ask(await at(NEW, browser), "ada@third.example", 99)).kind;
	expect([await ask("b"), await ask("c"), await ask("d"), await ask("e")]).toEqual([
		...["code", "code", "code", "limit"],
	]);
});

test("an address that is none is refused, and so is the operator's own", async () => {
	expect(await addresses.ask(await at(ADA), "no address", 0)).toEqual({ kind: "invalid" });
	expect(await addresses.ask(await at(ADA), ADA.toUpperCase(), 0)).toEqual({ kind: "own" });
	expect(await allEntries(storage, NAMESPACES.operatorAddressCodes)).toEqual([]);
});

test("asking says the same for every address, and what is stored has no code and expires", async () => {
	const code = await codeFor(BEN, ADA);
	expect(await addresses.sentTo(await at(BEN))).toMatchObject({ email: ADA, isUsable: true });
	const stored = await allEntries(storage, NAMESPACES.operatorAddressCodes);
	expect(stored.length).toBeGreaterThan(0);
	expect(JSON.stringify(stored)).not.toContain(code);
	clock.advance(HOUR);
	expect(await allEntries(storage, NAMESPACES.operatorAddressCodes)).toEqual([]);
});
