import { describe, expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { StagedStorage } from "../../../src/helpdesk/add-on-install/staged-storage.ts";
import { Staging } from "../../../src/helpdesk/add-on-install/staging.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { describeStorageContract } from "../../../src/testing/storage-contract/describe-storage-contract.ts";

function openStaged(clock = new MockClock()) {
	const base = new MemoryStorage(clock);
	const staging = new Staging();
	const storage = new StagedStorage(base, base, staging, clock);
	const finish = async (): Promise<boolean> => {
		await staging.seal();
		const done = await base.commit(storage.staged);
		staging.settle(done);
		return done;
	};
	return { clock, base, staging, storage, finish };
}

async function contents(storage: HostStorage): Promise<unknown[]> {
	const { entries } = await storage.list([]);
	return entries.map(({ key, value }) => [key.join("/"), value]).sort();
}

describeStorageContract({
	name: "what is staged",
	open: async (clock) => ({ storage: openStaged(clock).storage, close: () => {} }),
	describe,
	test,
});

test("only the writer sees staged writes until they are stored, and later writes go through", async () => {
	const { base, storage, finish } = openStaged();
	const sets = ["a", "b", "c"].map((name) => ({ key: [name], value: 1 }));
	await base.commit({ sets });
	const before = await base.list([]);
	await storage.commit({
		sets: [
			{ key: ["a"], value: 2 },
			{ key: ["d"], value: 2 },
		],
		deletes: [["b"]],
	});
	await storage.take(["c"]);

	expect(await contents(storage)).toEqual([
		["a", 2],
		["d", 2],
	]);
	expect(await base.list([])).toEqual(before);
	expect(await finish()).toBe(true);
	expect(await contents(base)).toEqual([
		["a", 2],
		["d", 2],
	]);
	await storage.commit({ sets: [{ key: ["e"], value: 3 }] });
	expect((await base.get(["e"]))?.value).toBe(3);
});

test.each([
	["what was read and then written", (storage: HostStorage) => storage.get(["a"])],
	["what was listed and then written", (storage: HostStorage) => storage.list([])],
	[
		"what had to be unchanged",
		async (storage: HostStorage) => {
			const version = (await storage.get(["a"]))?.version ?? null;
			return storage.commit({ checks: [{ key: ["a"], version }] });
		},
	],
])("nothing is stored when a visitor changed %s", async (_, look) => {
	const { base, storage, finish } = openStaged();
	await base.commit({ sets: [{ key: ["a"], value: 1 }] });
	await look(storage);
	await storage.commit({ sets: [{ key: [_.includes("demanded") ? "b" : "a"], value: 2 }] });

	await base.commit({ sets: [{ key: ["a"], value: "a visitor's" }] });

	expect(await finish()).toBe(false);
	expect(await contents(base)).toEqual([["a", "a visitor's"]]);
	await expect(storage.get(["a"])).rejects.toThrow("was not installed");
});

test("keys that were only read may change in the meantime", async () => {
	const { base, storage, finish } = openStaged();
	await base.commit({ sets: [{ key: ["a"], value: 1 }] });
	await storage.list([]);
	await storage.commit({ sets: [{ key: ["b"], value: 2 }] });

	await base.commit({ sets: [{ key: ["a"], value: 3 }] });

	expect(await finish()).toBe(true);
});

test("calls during the commit wait, and then write through", async () => {
	const { base, staging, storage } = openStaged();
	await storage.commit({ sets: [{ key: ["a"], value: 1 }] });
	await staging.seal();
	const late = storage.commit({ sets: [{ key: ["b"], value: 2 }] });
	await base.commit(storage.staged);
	expect(await base.get(["b"])).toBeUndefined();
	staging.settle(true);

	expect(await late).toBe(true);
	expect(await contents(base)).toEqual([
		["a", 1],
		["b", 2],
	]);
});

test("at most a thousand keys may be written", async () => {
	const { storage } = openStaged();
	const keys = Array.from({ length: 1000 }, (_, index) => ({ key: [`${index}`], value: 1 }));
	await storage.commit({ sets: keys });
	await storage.commit({ sets: [{ key: ["7"], value: 2 }] });

	await expect(storage.commit({ sets: [{ key: ["one more"], value: 1 }] })).rejects.toMatchObject({
		message: expect.stringContaining("may write at most 1,000 keys"),
		said: { key: "add-on-failure.tried-keys" },
	});
	expect(await storage.get(["one more"])).toBeUndefined();
});
