import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { FIRST_OPERATOR } from "../../../src/helpdesk/people/operator-roster.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";
import {
	addNameless,
	ask,
	codeTo,
	EMAIL,
	lettersTo,
	openWithVisitor,
	visitorOf,
	WRONG,
} from "../../kit/helpdesk/prove-address.ts";
import { addUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

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
	expect(letters[0]).toContain("If it was not you, ignore this e-mail.");
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
