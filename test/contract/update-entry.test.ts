import { expect, test } from "vitest";
import { isStorageError, type StorageCommit } from "../../src/contract/storage.ts";
import { updateEntry } from "../../src/contract/update-entry.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";

const KEY = ["counter"];

function addOne(storage: MemoryStorage) {
	return async (): Promise<{ commit: StorageCommit; result: number }> => {
		const entry = await storage.get(KEY);
		const value = Number(entry?.value ?? 0) + 1;
		const checks = [{ key: KEY, version: entry?.version ?? null }];
		return { commit: { checks, sets: [{ key: KEY, value }] }, result: value };
	};
}

test("simultaneous writers all succeed, each with the result of its own round", async () => {
	const storage = new MemoryStorage(new MockClock());

	const results = await Promise.all(
		Array.from({ length: 50 }, () => updateEntry(storage, addOne(storage))),
	);

	expect(results.sort((a, b) => a - b)).toEqual(
		Array.from({ length: 50 }, (_, index) => index + 1),
	);
	expect((await storage.get(KEY))?.value).toBe(50);
});

test("a round without a commit is the last, and writes nothing", async () => {
	const storage = new MemoryStorage(new MockClock());

	expect(await updateEntry(storage, async () => ({ result: "nothing to do" }))).toBe(
		"nothing to do",
	);
	expect((await storage.list([])).entries).toEqual([]);
});

test("after 100 lost rounds it rejects with a StorageError", async () => {
	let rounds = 0;
	const busy = { commit: async () => false };

	const update = updateEntry(busy, async () => {
		rounds += 1;
		return { commit: {}, result: undefined };
	});

	await expect(update).rejects.toSatisfy(isStorageError);
	expect(rounds).toBe(100);
});
