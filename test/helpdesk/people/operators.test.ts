import { beforeEach, expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { addressKey } from "../../../src/helpdesk/mail/email-key.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { OperatorInvitations } from "../../../src/helpdesk/people/operator-invitations.ts";
import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operator-roster.ts";
import { Operators } from "../../../src/helpdesk/people/operators.ts";
import { PasswordHasher } from "../../../src/helpdesk/people/password-hash.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const ADA = "ada@helpdesk.example";
const BEN = "ben@helpdesk.example";
const hasher = new PasswordHasher({ N: 2, r: 1, p: 1 });

let storage: MemoryStorage;
let operators: Operators;

beforeEach(() => {
	storage = new MemoryStorage(new MockClock());
	operators = another();
});

/** The operators as another node sees them. */
function another(on: HostStorage = storage): Operators {
	return new Operators(on, cryptoRandom, hasher);
}

function invitationsAt(clock: MockClock, on: HostStorage = storage): OperatorInvitations {
	const place = namespaced(on, NAMESPACES.operatorInvitations);
	return new OperatorInvitations(place, clock, cryptoRandom, operators);
}

/** A storage that stops the next commit before it, while another node does something. */
function storageThatStops() {
	const pausing = new PausingStorage(storage);
	return { pausing, ...pausing.stopAt("before", ({ kind }) => kind === "commit") };
}

async function mustChange(email: string): Promise<boolean | undefined> {
	return (await operators.stateOf(email))?.mustChange;
}

async function idOf(email: string): Promise<string> {
	return (await operators.list()).find((each) => each.email === email)?.id ?? "";
}

test("the only operator of an earlier version is an owner with the same password", async () => {
	const password = await hasher.hash("the password of 0.1.0");
	await storage.commit({ sets: [{ key: [addressKey(FIRST_OPERATOR)], value: { password } }] });

	expect(await operators.makeFirst()).toBeNull();
	expect(await operators.isPassword(FIRST_OPERATOR, "the password of 0.1.0")).toBe(true);
	expect(await operators.roleOf(FIRST_OPERATOR)).toBe("owner");
	expect(await mustChange(FIRST_OPERATOR)).toBe(false);
	await operators.add(ADA, "support");
	expect((await operators.list()).map(({ email, role }) => [email, role])).toEqual([
		[ADA, "support"],
		[FIRST_OPERATOR, "owner"],
	]);
});

test("the first operator comes once, even when others have replaced them", async () => {
	expect(await operators.makeFirst()).toEqual(expect.any(String));
	expect(await operators.makeFirst()).toBeNull();
	expect(await mustChange(FIRST_OPERATOR)).toBe(true);
	await operators.add(ADA, "owner");
	expect(await operators.remove(await idOf(FIRST_OPERATOR))).toBe("changed");
	expect(await operators.makeFirst()).toBeNull();
	expect([await operators.has(FIRST_OPERATOR), await operators.anOwner()]).toEqual([false, ADA]);
});

test("a printed password has at least 128 bits, and is never the same", async () => {
	const passwords = [(await operators.makeFirst()) ?? ""];
	for (let each = 0; each < 100; each += 1) {
		passwords.push((await operators.reset(FIRST_OPERATOR)) ?? "");
	}

	expect(new Set(passwords).size).toBe(101);
	const letters = new Set(passwords.join("")).size;
	for (const password of passwords) {
		expect(password.length * Math.log2(letters)).toBeGreaterThanOrEqual(128);
	}
});

test("the last owner can be neither demoted nor removed, not even by two nodes at once", async () => {
	await operators.makeFirst();
	const first = await idOf(FIRST_OPERATOR);
	expect(await operators.changeRole(first, "administrator")).toBe("last-owner");
	expect(await operators.remove(first)).toBe("last-owner");

	await operators.add(ADA, "owner");
	const { pausing, reached, goOn } = storageThatStops();
	const late = another(pausing).changeRole(await idOf(ADA), "support");
	await reached;
	expect(await operators.remove(first)).toBe("changed");
	goOn();

	expect(await late).toBe("last-owner");
	expect(await operators.anOwner()).toBe(ADA);
});

test("two operators who are added at once are both there, and one who is added twice is added once", async () => {
	await operators.makeFirst();
	const { pausing, reached, goOn } = storageThatStops();
	const late = another(pausing).add(ADA, "owner", "a password of her own");
	await reached;
	await operators.add(ADA, "support", "another password");
	await operators.add(BEN, "support");
	goOn();

	expect(await late).toBe("exists");
	expect((await operators.list()).map(({ email, role }) => [email, role])).toEqual([
		[ADA, "support"],
		[BEN, "support"],
		[FIRST_OPERATOR, "owner"],
	]);
	expect(await operators.isPassword(ADA, "another password")).toBe(true);
});

test("the language that an operator reads is noted once, stays with other changes, and may be missing", async () => {
	await operators.makeFirst();
	await operators.add(ADA, "support");
	expect(await operators.localeOf(ADA)).toBeUndefined();
	await operators.noteLocale(ADA, "de-AT");
	const roster = await storage.get(["roster"]);

	await another().noteLocale(ADA.toUpperCase(), "de-AT");
	await operators.noteLocale(BEN, "fr");

	expect((await storage.get(["roster"]))?.version).toBe(roster?.version);
	await operators.chooseAlerts(ADA, true);
	await operators.changeRole(await idOf(ADA), "owner");
	expect(await operators.localeOf(ADA)).toBe("de-AT");
	expect(await operators.list()).toMatchObject([
		{ email: ADA, role: "owner", alerts: true, locale: "de-AT" },
		{ email: FIRST_OPERATOR, role: "owner" },
	]);
});

test("a record of an earlier version has no language, and one that is no text counts as none", async () => {
	const id = addressKey(ADA);
	const roster = { [id]: { email: ADA, role: "owner", locale: 7 } };
	await storage.commit({ sets: [{ key: ["roster"], value: { operators: roster } }] });
	expect(await operators.list()).toEqual([{ id, email: ADA, role: "owner" }]);
	expect(await operators.localeOf(ADA)).toBeUndefined();
});

test("an operator is added once, and two hundred at most", async () => {
	await operators.makeFirst();
	expect(await operators.add(ADA, "support", "a password of her own")).toEqual({
		password: "a password of her own",
	});
	expect(await mustChange(ADA)).toBe(false);
	expect(await operators.add(ADA.toUpperCase(), "owner")).toBe("exists");
	for (let each = 2; each < 200; each += 1) {
		await operators.add(`o${each}@helpdesk.example`, "support");
	}
	expect(await operators.add(BEN, "support")).toBe("too-many");
});

test("a reset ends sessions and gives a password to change", async () => {
	await operators.makeFirst();
	await operators.add(ADA, "support", "a password of her own");
	const epoch = (await operators.sessionEpochOf(ADA)) ?? 0;
	const password = (await operators.reset(ADA)) ?? "";
	expect(await operators.isPassword(ADA, password)).toBe(true);
	expect(await operators.isPassword(ADA, "a password of her own")).toBe(false);
	expect([await operators.sessionEpochOf(ADA), await mustChange(ADA)]).toEqual([epoch + 1, true]);
	expect(await operators.changePassword(ADA, "another one of her own", epoch + 1)).toBe(epoch + 2);
	expect(await mustChange(ADA)).toBe(false);
	expect(await operators.reset(BEN)).toBeUndefined();
});

test("a password that changes while its operator is removed makes no operator", async () => {
	await operators.makeFirst();
	await operators.add(ADA, "support");
	const epoch = (await operators.sessionEpochOf(ADA)) ?? 0;
	await operators.remove(await idOf(ADA));
	expect(await operators.changePassword(ADA, "a new password", epoch)).toBeUndefined();
	expect(await operators.has(ADA)).toBe(false);
});

test("an operator who is removed and added again does not get their old sessions back", async () => {
	await operators.makeFirst();
	await operators.add(ADA, "support");
	const before = await operators.sessionEpochOf(ADA);
	await operators.remove(await idOf(ADA));

	await operators.add(ADA, "support");

	const after = await operators.sessionEpochOf(ADA);
	expect(after).not.toBe(before);
	expect(Number.isSafeInteger(after)).toBe(true);
});

test("an address has one invitation at most, and it can be withdrawn", async () => {
	await operators.makeFirst();
	const invitations = invitationsAt(new MockClock());
	const invite = () => invitations.invite({ email: BEN, role: "support", by: FIRST_OPERATOR });
	const first = await invite();
	const second = await invite();
	expect(await invitations.find(first)).toBeUndefined();
	expect(await invitations.find(second)).toMatchObject({ email: BEN });

	await invitations.withdraw(BEN);

	expect(await invitations.accept(second, "a password")).toBeUndefined();
	expect(await operators.has(BEN)).toBe(false);
});

test("two clicks on one invitation make one operator, with the password of the one that counts", async () => {
	await operators.makeFirst();
	const invitations = invitationsAt(new MockClock());
	const token = await invitations.invite({ email: BEN, role: "support", by: FIRST_OPERATOR });
	const { pausing, reached, goOn } = storageThatStops();
	const late = invitationsAt(new MockClock(), pausing).accept(token, "one password");
	await reached;

	expect(await invitations.accept(token, "another one")).toBe(BEN);
	expect(await operators.isPassword(BEN, "another one")).toBe(true);
	await operators.remove(await idOf(BEN));
	goOn();

	// Nor does the second click bring back who was removed meanwhile.
	expect(await late).toBeUndefined();
	expect(await operators.has(BEN)).toBe(false);
});

test("an invitation works once and for three days, as long as the one who invited is an owner", async () => {
	const clock = new MockClock();
	storage = new MemoryStorage(clock);
	operators = another();
	await operators.makeFirst();
	await operators.add(ADA, "owner");
	const invitations = invitationsAt(clock);
	const invite = (email: string) => invitations.invite({ email, role: "support", by: ADA });

	const token = await invite(BEN);
	expect(await invitations.accept(token, "a password of his own")).toBe(BEN);
	expect(await operators.roleOf(BEN)).toBe("support");
	expect(await invitations.accept(token, "a password of his own")).toBeUndefined();
	expect(await invitations.find("made up")).toBeUndefined();

	const late = await invite("late@helpdesk.example");
	clock.advance(3 * 24 * 60 * 60_000);
	expect(await invitations.accept(late, "a password")).toBeUndefined();

	const withdrawn = await invite("cleo@helpdesk.example");
	await operators.changeRole(await idOf(ADA), "administrator");
	expect(await invitations.accept(withdrawn, "a password")).toBeUndefined();
	expect((await operators.list()).map(({ email }) => email)).toEqual([ADA, BEN, FIRST_OPERATOR]);
});
