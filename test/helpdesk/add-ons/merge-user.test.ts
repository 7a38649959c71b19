import { expect, test } from "vitest";
import { deleteUser } from "../../../src/helpdesk/add-ons/delete-user.ts";
import { mergeUser } from "../../../src/helpdesk/add-ons/merge-user.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { knownSignIns, signInOf } from "../../kit/helpdesk/sign-ins-of-users.ts";

const LETTER = { subject: "A code", text: "123456" };

test("a merged user is deleted with the letters to them, and the other one stays", async () => {
	const core = await openCore();
	const ada = await core.addUser("ada@example.com");
	const grace = await core.addUser("grace@example.com");
	for (const to of ["ada@example.com", "grace@example.com"]) {
		await core.outbox.send({ brandId: "acorn", to, ...LETTER });
	}

	expect(await mergeUser(core, ada.id, grace.id)).toBe("merged");

	expect(await core.accounts.find(ada.id)).toBeUndefined();
	expect(await core.accounts.find(grace.id)).toEqual(grace);
	expect((await keptLetters(core.outbox)).map(({ to }) => to)).toEqual(["grace@example.com"]);
});

test("sign-ins of a merged user are kept, and go when the other user is deleted", async () => {
	const core = await openCore();
	const { ledger } = core.addOn;
	const ada = await core.addUser("ada@example.com");
	const grace = await core.addUser("grace@example.com");
	ledger.record(signInOf(ada.id, "x:1"));

	await mergeUser(core, ada.id, grace.id);
	expect(await knownSignIns(ledger)).toBe(1);

	await deleteUser(core, grace.id);
	expect(await knownSignIns(ledger)).toBe(0);
});

test("an add-on moves links before the account goes, and once more for a log-in in between", async () => {
	const calls: [string, string, boolean][] = [];
	const core = await openCore(({ users }) => ({
		onUsersMerged: async (userId, into) => {
			calls.push([userId, into, (await users.find(userId)) !== undefined]);
		},
	}));
	const ada = await core.addUser("ada@example.com");
	const grace = await core.addUser("grace@example.com");

	await mergeUser(core, ada.id, grace.id);

	expect(calls).toEqual([
		[ada.id, grace.id, true],
		[ada.id, grace.id, false],
	]);
});

test("an add-on that refuses keeps both users", async () => {
	const core = await openCore(() => ({
		onUsersMerged: () => Promise.reject(new Error("it failed")),
	}));
	const ada = await core.addUser("ada@example.com");
	const grace = await core.addUser("grace@example.com");

	await expect(mergeUser(core, ada.id, grace.id)).rejects.toThrow("it failed");

	expect(await core.accounts.find(ada.id)).toEqual(ada);
	expect(await core.accounts.find(grace.id)).toEqual(grace);
});

test("users are merged only into another user of the same brand", async () => {
	const core = await openCore();
	const ada = await core.addUser("ada@example.com");
	const elsewhere = await core.addUser("grace@example.com", "harbor");

	expect(await mergeUser(core, ada.id, ada.id)).toBe("not-mergeable");
	expect(await mergeUser(core, ada.id, elsewhere.id)).toBe("not-mergeable");
	expect(await mergeUser(core, ada.id, "nobody")).toBe("not-mergeable");
	expect(await mergeUser(core, "nobody", ada.id)).toBe("no-such-user");

	expect((await core.accounts.page()).accounts).toHaveLength(2);
});
