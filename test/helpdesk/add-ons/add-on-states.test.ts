import { expect, test } from "vitest";
import { AddOnStates } from "../../../src/helpdesk/add-ons/add-on-states.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

function openStates() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	return { storage, states: new AddOnStates(storage, "tiny", clock) };
}

test("nothing is stored for an add-on once its data is deleted, until it is installed again", async () => {
	const { storage, states } = openStates();
	const data = states.dataStorage();
	const link = { sets: [{ key: ["link"], value: 1 }] };
	await states.uninstalled("keep");
	expect(await data.commit(link)).toBe(true);
	await states.uninstalled("purge");

	await expect(data.commit(link)).rejects.toMatchObject({
		message: expect.stringContaining("nothing more is stored"),
		said: { key: "add-on-failure.data-deleted" },
	});

	await states.installed();
	expect(await states.read()).toEqual({ kind: "disabled" });
	expect(await data.commit(link)).toBe(true);
	expect(await data.commit({ checks: [{ key: ["link"], version: null }] })).toBe(false);
	expect((await storage.list(["plugin-data", "tiny"])).entries).toHaveLength(1);
});

test("once the data is deleted, discarding storage drops writes without an error", async () => {
	const { storage, states } = openStates();
	const entry = { sets: [{ key: ["sign-ins", "tiny", "a"], value: 1 }] };
	await states.uninstalled("purge");

	expect(await states.discarding().commit(entry)).toBe(true);

	expect((await storage.list(["sign-ins"])).entries).toEqual([]);
	expect(await states.read()).toEqual({ kind: "not-installed", kept: false, emptying: true });
	await states.emptied();
	expect(await states.read()).toEqual({ kind: "not-installed", kept: false });
});

test("an activation does not bring back an add-on that is uninstalled meanwhile", async () => {
	const { states } = openStates();
	await states.uninstalled("keep");

	await states.activated();
	await states.deactivated();

	expect(await states.read()).toEqual({ kind: "not-installed", kept: true });
});

test("a change fails after a hundred rounds that each lost to another writer", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	let rivals = 0;
	const states = new AddOnStates(
		{
			get: (key) => storage.get(key),
			take: (key) => storage.take(key),
			list: (prefix, options) => storage.list(prefix, options),
			commit: async () => {
				rivals += 1;
				return false;
			},
		},
		"tiny",
		clock,
	);

	await expect(states.activated()).rejects.toThrow("other writers");
	expect(rivals).toBe(100);
});

test("a note of a failed activation that cannot be read is kept until the add-on works again", async () => {
	const { storage, states } = openStates();
	const key = ["plugin-state", "tiny", "failure"];
	await storage.commit({ sets: [{ key, value: { reason: 7 } }] });

	await states.failed(new Error("it failed again"));

	expect((await storage.get(key))?.value).toEqual({ reason: 7 });
	expect(await states.read()).toMatchObject({
		kind: "failed",
		failure: {
			reason: {
				key: "problem.unreadable-because",
				values: { kind: "plugin-state", problems: expect.stringContaining("/reason") },
			},
		},
	});
	await states.activated();
	expect(await storage.get(key)).toBeUndefined();
});
