import { expect, test } from "vitest";
import type { HostStorage } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { sweepWhileIdle } from "../../src/storage/sweep-while-idle.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../kit/eventually.ts";

const LIFETIME_MS = 20 * 60_000;

test("a helpdesk that nobody visits deletes expired entries", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const expiresAt = clock.now() + LIFETIME_MS;
	const sets = Array.from({ length: 50 }, (_, index) => ({
		key: ["pending", String(index)],
		value: null,
		expiresAt,
	}));
	await storage.commit({ sets });
	/** The stored entries, read with a clock by which nothing has expired. */
	const stored = async () => {
		clock.advance(-LIFETIME_MS);
		const { entries } = await storage.list(["pending"]);
		clock.advance(LIFETIME_MS);
		return entries.length;
	};
	clock.advance(LIFETIME_MS);
	expect(await stored()).toBe(50);

	const end = sweepWhileIdle(storage, 1);

	await eventually(async () => expect(await stored()).toBe(0));
	end();
});

test("sweeping goes on after the storage was away", async () => {
	let asked = 0;
	const away = {
		commit: async () => {
			asked += 1;
			throw new Error("away");
		},
	} as unknown as HostStorage;

	const end = sweepWhileIdle(away, 1);

	await eventually(() => expect(asked).toBeGreaterThan(2));
	end();
});
