import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { UnreadableValueError } from "../../../src/storage/stored-value.ts";
import type { OpenCore } from "../../kit/helpdesk/open-core.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import {
	addNameless,
	ask,
	codeTo,
	EMAIL,
	lettersTo,
	MINUTE,
	NETWORK,
	openWithVisitor,
	pendingFor,
	visitorOf,
	WRONG,
} from "../../kit/helpdesk/prove-address.ts";

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
