import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { AddressProofLimits } from "../../../src/helpdesk/people/address-proof-limits.ts";
import type { CodeAsked, Visitor } from "../../../src/helpdesk/people/address-proofs.ts";
import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operators.ts";
import { PendingProofs } from "../../../src/helpdesk/people/pending-proofs.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { UnreadableValueError } from "../../../src/storage/stored-value.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NETWORK = "203.0.113.1";
const EMAIL = "ada@example.com";
const WRONG = "000000000000";

/** A user without an address, as an add-on makes them. */
async function addNameless({ accounts }: OpenCore, key: string): Promise<string> {
	const about = {
		brandId: "acorn",
		name: key,
		email: null,
		emailProof: "none",
		locale: "en",
	} as const;
	const creation = await accounts.create(key, about);
	return creation.kind === "created" ? creation.user.id : expect.fail("no account");
}

async function visitorOf(
	{ accounts }: OpenCore,
	userId: string,
	browserToken = `browser of ${userId}`,
	network = NETWORK,
): Promise<Visitor> {
	const account = (await accounts.find(userId)) ?? expect.fail("no account");
	return { account, browserToken, network };
}

/** Asks for a code, and waits for the letter. */
async function ask(
	{ addressProofs, clock }: OpenCore,
	visitor: Visitor,
	email = EMAIL,
	letters = 99,
): Promise<CodeAsked["kind"]> {
	// So that the newest letter is the first in the mailbox.
	clock.advance(1);
	const asked = await addressProofs.ask(visitor, { email, locale: "en", letters });
	await (asked.kind === "asked" && asked.write());
	return asked.kind;
}

/** The letters to an address, the newest first: their subject and text. */
async function lettersTo({ outbox }: OpenCore, email: string): Promise<string[]> {
	const kept = await outbox.kept();
	return kept.filter(({ to }) => to === email).map(({ subject, text }) => `${subject}\n${text}`);
}

async function codeTo(core: OpenCore, email = EMAIL): Promise<string> {
	const [, code] =
		/code is (\d{4} \d{4} \d{4})\./.exec((await lettersTo(core, email)).join()) ?? [];
	return code ?? expect.fail(`no code for ${email}`);
}

async function openWithVisitor() {
	const core = await openCore();
	const userId = await addNameless(core, "no address");
	return { core, userId, visitor: await visitorOf(core, userId) };
}

function pendingFor({ storage, clock }: OpenCore, { account, browserToken }: Visitor) {
	const place = namespaced(storage, NAMESPACES.addressProofs);
	const { id: userId, sessionEpoch } = account;
	const prover = { userId, sessionEpoch, browserToken };
	return { pending: new PendingProofs(place, clock, cryptoRandom), prover };
}

test("an account without an address gets the one whose code is entered, and is confirmed", async () => {
	const { core, userId, visitor } = await openWithVisitor();
	expect(await ask(core, visitor, " Ada@Example.com ")).toBe("asked");

	const entered = await core.addressProofs.enter(visitor, `Code: ${await codeTo(core)}`);

	expect(entered).toMatchObject({ kind: "proven", account: { id: userId, email: EMAIL } });
	const account = await core.accounts.byEmail("acorn", EMAIL);
	expect(account).toMatchObject({ id: userId, email: EMAIL, confirmed: true, sessionEpoch: 1 });
	core.clock.advance(1);
	await (entered.kind === "proven" && entered.write());
	const [letter = ""] = await lettersTo(core, EMAIL);
	expect(letter).toContain("Your address at Acorn Outdoor is confirmed");
	expect(letter).not.toContain("password that was set");
});

test("an address that only a provider vouched for is confirmed", async () => {
	const core = await openCore();
	const { id } = await core.addUser(EMAIL);
	const visitor = await visitorOf(core, id);
	await ask(core, visitor);

	const entered = await core.addressProofs.enter(visitor, await codeTo(core));

	expect(entered).toMatchObject({ kind: "proven" });
	expect(await core.accounts.find(id)).toMatchObject({ email: EMAIL, confirmed: true });
});

test("an unproven password and all sessions end with the proof, and the letter says how to set a new one", async () => {
	const core = await openCore();
	const id = await addUnconfirmed(core.storage, {
		name: "A",
		email: EMAIL,
		password: "a stranger's",
	});
	const visitor = await visitorOf(core, id);
	await ask(core, visitor);

	const entered = await core.addressProofs.enter(visitor, await codeTo(core));

	expect(await core.accounts.isPassword(id, "a stranger's")).toBe(false);
	const after = await core.accounts.find(id);
	expect(after).toMatchObject({ confirmed: true, hasPassword: false, sessionEpoch: 1 });
	core.clock.advance(1);
	await (entered.kind === "proven" && entered.write());
	expect((await lettersTo(core, EMAIL))[0]).toMatch(/password that was set.*\n\n.*\/forgot/);
});

test("another address takes the place of one that nobody has proven, and that one is free again", async () => {
	const core = await openCore();
	const { id } = await core.addUser("typo@example.com");
	const visitor = await visitorOf(core, id);
	await ask(core, visitor);
	await core.addressProofs.enter(visitor, await codeTo(core));

	expect(await core.accounts.find(id)).toMatchObject({ email: EMAIL, confirmed: true });
	expect(await core.accounts.byEmail("acorn", "typo@example.com")).toBeUndefined();
	expect(await core.accounts.ownerOf("acorn", "typo@example.com")).toEqual({ kind: "nobody" });
	const typo = { brandId: "acorn", name: "T", email: "typo@example.com", locale: "en" };
	expect(await core.accounts.register(typo, "hashed")).toMatchObject({ email: typo.email });
});

test("a proven address stays: no code is sent, and no other address is taken", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	await core.addressProofs.enter(visitor, await codeTo(core));
	const again = await visitorOf(core, userId);

	expect(await ask(core, again, "other@example.com")).toBe("proven");

	const { sessionEpoch } = again.account;
	expect(
		await core.accounts.proveAddress(userId, "other@example.com", sessionEpoch),
	).toBeUndefined();
	expect(await core.accounts.find(userId)).toMatchObject({ email: EMAIL });
});

test.each(["confirmed", "unconfirmed", "unclaimed", "suspended"])(
	"the address of a user who is %s: the same answer, a letter without a code, and nothing changes",
	async (kind) => {
		const { core, visitor, userId } = await openWithVisitor();
		const about = { brandId: "acorn", name: "Owner", email: EMAIL, locale: "de" };
		const owner =
			kind === "confirmed"
				? await core.accounts.register(about, "hashed")
				: kind === "unclaimed"
					? await core.accounts.addFromTicket(about)
					: await core.addUser(EMAIL);
		await (kind === "suspended" && core.accounts.setStatus(owner?.id ?? "", "suspended"));

		expect(await ask(core, visitor)).toBe("asked");

		expect(await core.addressProofs.sentTo(visitor)).toMatchObject({ email: EMAIL, letters: 1 });
		const [letter = "", ...others] = await lettersTo(core, EMAIL);
		expect(others).toEqual([]);
		expect(letter).toMatch(/\/login\n\n(.|\n)*\/forgot/);
		expect(letter).not.toMatch(/\d{4} \d{4}/);
		expect(await core.addressProofs.enter(visitor, WRONG)).toEqual({ kind: "wrong" });
		expect(await core.accounts.find(userId)).toMatchObject({ email: null, confirmed: false });
	},
);

test("the address of an operator: the same answer, a letter that says so, and nothing changes", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await core.operators.makeFirst();

	expect(await ask(core, visitor, FIRST_OPERATOR)).toBe("asked");

	const letters = await lettersTo(core, FIRST_OPERATOR);
	expect(letters).toEqual([expect.stringContaining("belongs to an operator")]);
	const proof = core.accounts.proveAddress(userId, FIRST_OPERATOR, 0);
	expect(await proof).toBe("taken");
});

test("a text that is no address, and one that only looks like an address of somebody", async () => {
	const { core, visitor } = await openWithVisitor();

	expect(await ask(core, visitor, "ada")).toBe("invalid");
	expect(await ask(core, visitor, "\u212Aate@example.com")).toBe("invalid");
	expect(await stored(core.storage, NAMESPACES.addressProofs)).toEqual([]);
});

test("of two users who prove one address at the same time, one gets it", async () => {
	for (let round = 0; round < 10; round += 1) {
		const core = await openCore();
		const users = [await addNameless(core, "one"), await addNameless(core, "two")];

		const ends = await Promise.all(users.map((id) => core.accounts.proveAddress(id, EMAIL, 0)));

		expect(ends.filter((end) => end === "taken")).toHaveLength(1);
		const owner = await core.accounts.byEmail("acorn", EMAIL);
		const holders = await Promise.all(users.map((id) => core.accounts.find(id)));
		expect(holders.filter((each) => each?.email === EMAIL)).toEqual([owner]);
	}
});

test("an address that somebody else got since the letter is refused", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	const code = await codeTo(core);
	await core.accounts.register({ brandId: "acorn", name: "O", email: EMAIL, locale: "en" }, "h");

	expect(await core.addressProofs.enter(visitor, code)).toEqual({ kind: "taken" });
	expect(await core.accounts.find(userId)).toMatchObject({ email: null });
	expect(await core.addressProofs.enter(visitor, code)).toEqual({ kind: "none" });
});

test("the same address at another brand is nobody's business here", async () => {
	const { core, visitor } = await openWithVisitor();
	await core.addUser(EMAIL, "harbor");
	await ask(core, visitor);

	const entered = await core.addressProofs.enter(visitor, await codeTo(core));

	expect(entered.kind).toBe("proven");
	expect(await core.accounts.byEmail("harbor", EMAIL)).toMatchObject({ confirmed: false });
});

test("a code works in no other browser, and for no other user", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	const code = await codeTo(core);
	const elsewhere = await visitorOf(core, userId, "another browser");
	const other = await visitorOf(core, await addNameless(core, "other"), visitor.browserToken);

	expect(await core.addressProofs.enter(elsewhere, code)).toEqual({ kind: "none" });
	expect(await core.addressProofs.enter(other, code)).toEqual({ kind: "none" });
	// Both ask in their own right, for the same address. The code of one is not that of the other.
	await ask(core, elsewhere);
	expect(await core.addressProofs.enter(elsewhere, code)).toEqual({ kind: "wrong" });
	expect(await core.accounts.byEmail("acorn", EMAIL)).toBeUndefined();
});

test("a code works once", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	const code = await codeTo(core);

	const ends = await Promise.all([1, 2, 3].map(() => core.addressProofs.enter(visitor, code)));

	expect(ends.filter(({ kind }) => kind === "proven")).toHaveLength(1);
	expect((await core.addressProofs.enter(visitor, code)).kind).toBe("none");
	expect(await core.addressProofs.enter(await visitorOf(core, userId), code)).toEqual({
		kind: "none",
	});
	expect(await core.accounts.find(userId)).toMatchObject({ sessionEpoch: 1 });
});

test.each([
	["logging out everywhere", ({ accounts }: OpenCore, id: string) => accounts.endSessions(id)],
	[
		"a suspension that was lifted",
		async ({ accounts }: OpenCore, id: string) => {
			await accounts.setStatus(id, "suspended");
			await accounts.setStatus(id, "active");
		},
	],
])("after %s a code proves nothing, in the session before and in the next", async (_, end) => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	const code = await codeTo(core);

	await end(core, userId);

	const next = await visitorOf(core, userId, visitor.browserToken);
	expect(await core.addressProofs.enter(next, code)).toEqual({ kind: "none" });
	expect(await core.addressProofs.enter(visitor, code)).toEqual({ kind: "over" });
	expect(await core.accounts.find(userId)).toMatchObject({ email: null, confirmed: false });
});

test("a suspended user proves nothing, nor does one who was deleted", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	await core.accounts.setStatus(userId, "suspended");
	const { sessionEpoch } = (await core.accounts.find(userId)) ?? expect.fail("no account");
	expect(await core.accounts.proveAddress(userId, EMAIL, sessionEpoch)).toBeUndefined();

	await core.accounts.delete(userId);

	expect(await core.addressProofs.enter(visitor, await codeTo(core))).toEqual({ kind: "over" });
	expect(await core.accounts.byEmail("acorn", EMAIL)).toBeUndefined();
});

test("a code works for ten minutes and five guesses; a spent one is compared with nothing", async () => {
	const { core, visitor } = await openWithVisitor();
	const { addressProofs } = core;
	await ask(core, visitor);
	const code = await codeTo(core);
	const kinds: string[] = [];
	for (let guess = 0; guess < 5; guess += 1) {
		kinds.push((await addressProofs.enter(visitor, WRONG)).kind);
	}
	expect(kinds).toEqual(["wrong", "wrong", "wrong", "wrong", "spent"]);
	expect(await addressProofs.enter(visitor, code)).toEqual({ kind: "spent" });

	await ask(core, visitor);
	core.clock.advance(10 * MINUTE);
	expect(await addressProofs.enter(visitor, await codeTo(core))).toEqual({ kind: "spent" });
	core.clock.advance(20 * MINUTE);
	expect(await addressProofs.enter(visitor, code)).toEqual({ kind: "none" });
});

test("of 100 simultaneous guesses five are compared", async () => {
	const { core, visitor } = await openWithVisitor();
	await ask(core, visitor);
	const { pending, prover } = pendingFor(core, visitor);

	const guesses = await Promise.all(
		Array.from({ length: 100 }, () => pending.guess(prover, WRONG)),
	);

	expect(guesses.filter(({ kind }) => kind === "wrong")).toHaveLength(4);
	expect((await pending.guess(prover, await codeTo(core))).kind).toBe("spent");
});

test("a guess that cannot be counted is not compared", async () => {
	const { core, visitor, userId } = await openWithVisitor();
	await ask(core, visitor);
	const code = await codeTo(core);
	const commit = core.storage.commit.bind(core.storage);
	core.storage.commit = async (change) => {
		if (change.sets?.some(({ key }) => key[1] === "pending")) {
			throw new Error("the storage is away");
		}
		return commit(change);
	};

	await expect(core.addressProofs.enter(visitor, code)).rejects.toThrow("the storage is away");

	expect(await core.accounts.find(userId)).toMatchObject({ email: null });
});

test("a user enters 25 codes an hour, whatever the browsers and networks, and stops nobody else", async () => {
	const { core, userId } = await openWithVisitor();
	const kinds: string[] = [];
	for (let browser = 0; browser < 5; browser += 1) {
		const visitor = await visitorOf(core, userId, `${browser}`, `203.0.113.${browser}`);
		await ask(core, visitor);
		for (let guess = 0; guess < 5; guess += 1) {
			kinds.push((await core.addressProofs.enter(visitor, WRONG)).kind);
		}
	}
	expect(kinds.filter((kind) => kind === "wrong")).toHaveLength(20);
	expect(kinds.filter((kind) => kind === "spent")).toHaveLength(5);

	const sixth = await visitorOf(core, userId, "sixth", "203.0.113.9");
	expect(await ask(core, sixth)).toBe("limit");
	const owner = await visitorOf(core, await addNameless(core, "owner"));
	expect(await ask(core, owner)).toBe("asked");
	expect((await core.addressProofs.enter(owner, await codeTo(core))).kind).toBe("proven");
});

test("a user who has used up the guesses waits, even with a right code", async () => {
	const { core, userId, visitor } = await openWithVisitor();
	await ask(core, visitor);
	const { storage, clock } = core;
	const limits = new AddressProofLimits(namespaced(storage, NAMESPACES.addressProofs), clock);
	for (let guess = 0; guess < 25; guess += 1) {
		expect(await limits.count("guesses", { userId, network: `${guess}` })).toBeUndefined();
	}

	expect(await core.addressProofs.enter(visitor, await codeTo(core))).toEqual({
		kind: "limit",
		limit: { of: "user", what: "guesses", waitMs: HOUR },
	});
});

test("a network has 20 letters and 100 guesses an hour; others go on", async () => {
	const { core } = await openWithVisitor();
	const { storage, clock } = core;
	const limits = new AddressProofLimits(namespaced(storage, NAMESPACES.addressProofs), clock);
	for (const [what, most] of [
		["letters", 20],
		["guesses", 100],
	] as const) {
		for (let index = 0; index < most; index += 1) {
			expect(
				await limits.count(what, { userId: `${what}${index}`, network: NETWORK }),
			).toBeUndefined();
		}
		const one = { userId: "one", network: NETWORK };
		expect(await limits.count(what, one)).toEqual({ of: "network", what, waitMs: HOUR });
		// What the network refuses is not counted for the user.
		for (let index = 0; index < (what === "letters" ? 5 : 25); index += 1) {
			expect(await limits.count(what, { ...one, network: "198.51.100.1" })).toBeUndefined();
		}
	}
	clock.advance(HOUR);
	expect(await limits.count("letters", { userId: "one", network: NETWORK })).toBeUndefined();
});

test("what a user's limit refuses uses up nothing of the network's", async () => {
	const { storage, clock } = await openCore();
	const limits = new AddressProofLimits(namespaced(storage, NAMESPACES.addressProofs), clock);
	for (let letter = 0; letter < 30; letter += 1) {
		await limits.count("letters", { userId: "mallory", network: NETWORK });
	}

	for (let letter = 0; letter < 15; letter += 1) {
		const other = { userId: `other ${letter}`, network: NETWORK };
		expect(await limits.count("letters", other)).toBeUndefined();
	}
});

test("spraying: after two letters the address stays, and an hour has five letters whatever the browsers", async () => {
	const { core, userId } = await openWithVisitor();
	const kinds: string[] = [];
	for (let browser = 0; browser < 4; browser += 1) {
		for (let letter = 0; letter < 3; letter += 1) {
			const visitor = await visitorOf(core, userId, `${browser}`, `203.0.113.${browser}`);
			kinds.push(await ask(core, visitor, `p${browser}-${letter}@example.com`));
		}
	}

	expect(kinds.slice(0, 6)).toEqual(["asked", "asked", "fixed", "asked", "asked", "fixed"]);
	expect(kinds.slice(6)).toEqual(["asked", ...Array(5).fill("limit")]);
	expect(await core.outbox.kept()).toHaveLength(5);
});

test("after two letters the same address gets a new code, which ends the one before", async () => {
	const { core, visitor } = await openWithVisitor();
	await ask(core, visitor);
	await ask(core, visitor);
	const before = await codeTo(core);
	expect(await ask(core, visitor, "other@example.com")).toBe("fixed");

	expect(await ask(core, visitor)).toBe("asked");

	expect(await core.addressProofs.enter(visitor, before)).toEqual({ kind: "wrong" });
	expect((await core.addressProofs.enter(visitor, await codeTo(core))).kind).toBe("proven");
});

test("a second click asks for no second letter, one after the other or at once", async () => {
	const { core, visitor } = await openWithVisitor();
	await Promise.all([1, 2, 3].map(() => ask(core, visitor, EMAIL, 0)));
	await ask(core, visitor, EMAIL, 0);

	expect(await lettersTo(core, EMAIL)).toHaveLength(1);
	expect((await core.addressProofs.enter(visitor, await codeTo(core))).kind).toBe("proven");
});

test("a request that saw no code of another one, which was faster, makes none", async () => {
	const { core, visitor } = await openWithVisitor();
	const { pending, prover } = pendingFor(core, visitor);

	expect(await pending.newCode(prover, EMAIL, undefined)).toMatch(/^\d{12}$/);
	expect(await pending.newCode(prover, EMAIL, undefined)).toBeUndefined();
	const before = await pending.find(prover);
	expect(await pending.newCode(prover, EMAIL, before)).toMatch(/^\d{12}$/);
	expect(await pending.newCode(prover, EMAIL, before)).toBeUndefined();
});

test("the storage holds no code and no network in clear", async () => {
	const { core, visitor } = await openWithVisitor();
	await ask(core, visitor);
	await core.addressProofs.enter(visitor, WRONG);

	const found = (await stored(core.storage, NAMESPACES.addressProofs)).join();

	const code = await codeTo(core);
	expect(found).toContain("pending");
	for (const secret of [code, code.replaceAll(" ", ""), NETWORK, visitor.browserToken]) {
		expect(found).not.toContain(secret);
	}
});

test("a stored code that cannot be read is refused, and kept", async () => {
	const { core, visitor } = await openWithVisitor();
	await ask(core, visitor);
	const place = [...NAMESPACES.addressProofs, "pending"];
	const [entry] = (await core.storage.list(place)).entries;
	const key = entry?.key ?? [];
	await core.storage.commit({ sets: [{ key, value: { userId: 1 } }] });

	const enter = core.addressProofs.enter(visitor, WRONG);

	await expect(enter).rejects.toThrow(new UnreadableValueError("address-proofs/pending"));
	expect((await core.storage.get(key))?.value).toEqual({ userId: 1 });
});

test("letters say nothing of the user who asked, in the language of the page or of the owner", async () => {
	const { core, visitor } = await openWithVisitor();
	const asked = await core.addressProofs.ask(visitor, { email: EMAIL, locale: "de", letters: 0 });
	await (asked.kind === "asked" && asked.write());

	const [letter = ""] = await lettersTo(core, EMAIL);

	expect(letter).toContain("Ihr Code für Acorn Outdoor");
	expect(letter).not.toContain("no address");
});
