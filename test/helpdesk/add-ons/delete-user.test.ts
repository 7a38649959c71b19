import { expect, test } from "vitest";
import { deleteUser } from "../../../src/helpdesk/add-ons/delete-user.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { knownSignIns, signInOf } from "../../kit/helpdesk/sign-ins-of-users.ts";

const LETTER = { subject: "A code", text: "123456" };

test("deleting a user deletes the account, its sign-ins and letters, and nothing of other users", async () => {
	const core = await openCore();
	const { outbox, addOn } = core;
	const ada = await core.addUser("ada@example.com");
	const grace = await core.addUser("grace@example.com");
	addOn.ledger.record(signInOf(ada.id, "x:1"));
	addOn.ledger.record(signInOf(grace.id, "x:2"));
	await outbox.send({ brandId: "acorn", to: "Ada@example.com", ...LETTER });
	await outbox.send({ brandId: "acorn", to: "grace@example.com", ...LETTER });
	await outbox.send({ brandId: "harbor", to: "ada@example.com", ...LETTER });
	expect(await knownSignIns(addOn.ledger)).toBe(2);

	expect(await deleteUser(core, ada.id)).toBe(true);

	expect(await core.accounts.find(ada.id)).toBeUndefined();
	expect(await core.accounts.find(grace.id)).toBeDefined();
	expect(await knownSignIns(addOn.ledger)).toBe(1);
	const left = (await keptLetters(outbox)).map(({ brandId, to }) => `${brandId} ${to}`).sort();
	expect(left).toEqual(["acorn grace@example.com", "harbor ada@example.com"]);
});

test("an add-on deletes its links before the account goes, and once more for a log-in in between", async () => {
	const calls: [string, boolean][] = [];
	const core = await openCore(({ users }) => ({
		onUserDeleted: async (userId) => {
			calls.push([userId, (await users.find(userId)) !== undefined]);
		},
	}));
	const { id } = await core.addUser("ada@example.com");

	await deleteUser(core, id);

	expect(calls).toEqual([
		[id, true],
		[id, false],
	]);
});

test("an add-on that refuses keeps the user, and a second call deletes them", async () => {
	let fails = true;
	const core = await openCore(() => ({
		onUserDeleted: () => (fails ? Promise.reject(new Error("it failed")) : Promise.resolve()),
	}));
	const { id } = await core.addUser("ada@example.com");
	await core.outbox.send({ brandId: "acorn", to: "ada@example.com", ...LETTER });

	await expect(deleteUser(core, id)).rejects.toThrow("it failed");
	expect(await core.accounts.find(id)).toBeDefined();
	expect(await keptLetters(core.outbox)).toHaveLength(1);

	fails = false;
	expect(await deleteUser(core, id)).toBe(true);
	expect(await core.accounts.find(id)).toBeUndefined();
	expect(await keptLetters(core.outbox)).toEqual([]);
});

test.each(["nobody", "", "\u0000", "a".repeat(600)])(
	"there is no user %j to delete, and no add-on is called",
	async (userId) => {
		const calls: string[] = [];
		const core = await openCore(() => ({
			onUserDeleted: async (id) => {
				calls.push(id);
			},
		}));

		expect(await deleteUser(core, userId)).toBe(false);

		expect(calls).toEqual([]);
	},
);
