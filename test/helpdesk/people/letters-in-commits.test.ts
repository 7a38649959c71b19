import { expect, test } from "vitest";
import type { StorageCommit } from "../../../src/contract/storage.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

async function openWithUser() {
	const core = await openCore();
	const user = await core.addUser("ada@example.com");
	const write = async () => core.letters.lastWayInEndsIn(user, "X");
	return { ...core, user, write };
}

function keysIn({ checks = [], sets = [], deletes = [] }: StorageCommit = {}): number {
	return checks.length + sets.length + deletes.length;
}

test("a letter, its link and its index are part of one commit of somebody else, and nothing is stored before", async () => {
	const { outbox, resets, storage, user, write } = await openWithUser();

	const commit = await write();

	expect(keysIn(commit)).toBeLessThanOrEqual(8);
	expect((await storage.list(NAMESPACES.outbox)).entries).toEqual([]);
	expect((await storage.list(NAMESPACES.passwordResets)).entries).toEqual([]);
	expect(await storage.commit(commit ?? {})).toBe(true);
	const [letter] = await keptLetters(outbox, "ada@example.com");
	expect(letter?.subject).toBe("How you log in to Acorn Outdoor from now on");
	const [, token = ""] = /token=([\w-]+)/.exec(letter?.text ?? "") ?? [];
	expect(await resets.find(token)).toMatchObject({ userId: user.id });
});

test("two commits with a letter for the same reason: the second one fails, and the letter is there once", async () => {
	const { outbox, storage, write } = await openWithUser();
	const [first, second] = [await write(), await write()];

	expect(await storage.commit(first ?? {})).toBe(true);
	expect(await storage.commit(second ?? {})).toBe(false);
	expect(await keptLetters(outbox)).toHaveLength(1);
});

test("a user gets five such letters an hour, and one with a password gets none", async () => {
	const { accounts, letters, storage, user, write } = await openWithUser();
	for (let letter = 0; letter < 5; letter += 1) {
		await storage.commit((await write()) ?? expect.fail("no letter"));
	}

	expect(await write()).toBeUndefined();
	const other = { ...user, hasPassword: true };
	expect(await letters.lastWayInEndsIn(other, "X")).toBeUndefined();
	expect(await accounts.find(user.id)).toBeDefined();
});
