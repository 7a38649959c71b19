import { expect, test } from "vitest";
import type { PluginEvent } from "../../../src/contract/events.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { StrayCounts } from "../../../src/helpdesk/sign-ins/stray-counts.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

class CountingStorage extends MemoryStorage {
	written = 0;
	isAway = false;

	override commit: HostStorage["commit"] = async (commit) => {
		if (this.isAway) {
			throw new Error("away");
		}
		this.written += 1;
		return super.commit(commit);
	};
}

function openCounts(clock = new MockClock(), storage = new CountingStorage(clock)) {
	const log: PluginEvent[] = [];
	const problems: string[] = [];
	const counts = new StrayCounts(
		storage,
		clock,
		(event) => log.push(event),
		(what, error) => problems.push(`${what}: ${error instanceof Error ? error.message : error}`),
	);
	return { counts, clock, storage, log, problems };
}

function countTimes(counts: StrayCounts, times: number, brandId = "acorn"): void {
	for (let each = 0; each < times; each += 1) {
		counts.count(brandId);
	}
}

test("a flood is one line in the log, one commit and one small entry for each brand and hour", async () => {
	const { counts, storage, log } = openCounts();

	countTimes(counts, 380);
	countTimes(counts, 20, "harbor");
	await counts.settled();

	expect(log.map(({ name, level, brandId }) => [name, level, brandId])).toEqual([
		["helpdesk.strays", "warn", "acorn"],
		["helpdesk.strays", "warn", "harbor"],
	]);
	expect(storage.written).toBe(1);
	const { entries } = await storage.list([]);
	expect(entries).toHaveLength(2);
	expect(JSON.stringify(entries).length).toBeLessThan(600);
	const found = await counts.since(0);
	expect(found.map(({ brandId, count }) => [brandId, count])).toEqual([
		["acorn", 380],
		["harbor", 20],
	]);
});

test("counting never writes at once, and a second look writes only what is new", async () => {
	const { counts, storage } = openCounts();
	countTimes(counts, 5);
	expect(storage.written).toBe(0);

	await counts.since(0);
	await counts.since(0);
	expect(storage.written).toBe(1);
	countTimes(counts, 2);

	expect(await counts.since(0)).toMatchObject([{ count: 7 }]);
	expect(storage.written).toBe(2);
});

test("an hour of a flood has a line and an entry of its own, and goes after 90 days", async () => {
	const { counts, clock, storage, log } = openCounts();
	countTimes(counts, 3);
	await counts.settled();
	clock.advance(HOUR);
	countTimes(counts, 4);
	await counts.settled();
	countTimes(counts, 1);

	expect(log).toHaveLength(2);
	expect((await counts.since(0)).map(({ count }) => count)).toEqual([3, 5]);
	expect(await counts.since(clock.now())).toMatchObject([{ count: 5 }]);
	clock.advance(90 * DAY);
	expect((await storage.list([])).entries).toEqual([]);
});

test("two nodes count a flood together, and neither waits for the other", async () => {
	const one = openCounts();
	const two = openCounts(one.clock, one.storage);
	countTimes(one.counts, 100);
	countTimes(two.counts, 280);

	await Promise.all([one.counts.settled(), two.counts.settled()]);

	const found = await one.counts.since(0);
	expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(380);
	expect(one.storage.written).toBe(2);
});

test("what could not be stored waits for the next time, and is reported", async () => {
	const { counts, storage, problems } = openCounts();
	storage.isAway = true;
	countTimes(counts, 3);
	await counts.settled();
	expect(problems).toEqual([
		"the number of requests that belong to no log-in could not be stored: away",
	]);

	storage.isAway = false;
	countTimes(counts, 1);

	expect(await counts.since(0)).toMatchObject([{ count: 4 }]);
});

test("a stored count that cannot be read is left out and reported", async () => {
	const { counts, storage, problems } = openCounts();
	await storage.commit({ sets: [{ key: ["strays", "0", "acorn", "one"], value: { count: "?" } }] });
	countTimes(counts, 1);

	expect(await counts.since(0)).toMatchObject([{ count: 1 }]);
	expect(problems).toEqual([expect.stringContaining("sign-ins/strays")]);
});
