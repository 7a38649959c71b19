import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { AddressProofLimits } from "../../../src/helpdesk/people/address-proof-limits.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import {
	addNameless,
	ask,
	codeTo,
	EMAIL,
	HOUR,
	lettersTo,
	NETWORK,
	openWithVisitor,
	pendingFor,
	visitorOf,
	WRONG,
} from "../../kit/helpdesk/prove-address.ts";

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
	expect(await keptLetters(core.outbox)).toHaveLength(5);
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
