import { expect, test } from "vitest";
import type { PluginEvent } from "../../../src/contract/events.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { StrayCounts } from "../../../src/helpdesk/sign-ins/stray-counts.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CountingStorage as ListCounter } from "../../kit/storage/counting-storage.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

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

function openCounts<Storage extends HostStorage = CountingStorage>(
	clock = new MockClock(),
	storage = new CountingStorage(clock) as HostStorage as Storage,
) {
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

async function sumOf({ counts }: Pick<ReturnType<typeof openCounts>, "counts">): Promise<number> {
	return (await counts.since(0)).counts.reduce((sum, { count }) => sum + count, 0);
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
	const found = (await counts.since(0)).counts;
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

	expect(await counts.since(0)).toMatchObject({ counts: [{ count: 7 }], isWhole: true });
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
	expect((await counts.since(0)).counts.map(({ count }) => count)).toEqual([3, 5]);
	expect((await counts.since(clock.now())).counts).toMatchObject([{ count: 5 }]);
	clock.advance(90 * DAY);
	expect((await storage.list([])).entries).toEqual([]);
});

test("two nodes count a flood together, and neither waits for the other", async () => {
	const one = openCounts();
	const two = openCounts(one.clock, one.storage);
	countTimes(one.counts, 100);
	countTimes(two.counts, 280);

	await Promise.all([one.counts.settled(), two.counts.settled()]);

	expect(await sumOf(one)).toBe(380);
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

	expect((await counts.since(0)).counts).toMatchObject([{ count: 4 }]);
});

test("a stored count that cannot be read is left out and reported", async () => {
	const { counts, storage, problems } = openCounts();
	await storage.commit({ sets: [{ key: ["strays", "0", "acorn", "one"], value: { count: "?" } }] });
	countTimes(counts, 1);

	expect((await counts.since(0)).counts).toMatchObject([{ count: 1 }]);
	expect(problems).toEqual([expect.stringContaining("sign-ins/strays")]);
});

test("hours that are over are one entry each, however many brands and processes count in them", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(clock);
	for (let process = 0; process < 20; process += 1) {
		const { counts } = openCounts(clock, storage);
		for (let brand = 0; brand < 30; brand += 1) {
			countTimes(counts, 1 + process, `brand-${brand}`);
		}
		await counts.settled();
	}
	expect((await storage.list(["strays"], { limit: 1000 })).entries).toHaveLength(600);
	const { counts } = openCounts(clock, storage);
	const from = clock.now();

	clock.advance(3 * HOUR);

	const found = await counts.since(from);
	expect(found.isWhole).toBe(true);
	expect(found.counts).toHaveLength(30);
	expect(found.counts.every(({ count }) => count === 210)).toBe(true);
	expect((await storage.list(["strays"])).entries).toEqual([]);
	expect((await storage.list(["stray-hours"])).entries).toHaveLength(1);
	expect(await counts.since(from + HOUR)).toEqual({ counts: [], isWhole: true });
});

test("a page reads no more lists the longer a flood lasts, and those of its period only", async () => {
	const clock = new MockClock();
	const inner = new CountingStorage(clock);
	const storage = new ListCounter(inner);
	const { counts } = openCounts(clock, storage);
	for (let hour = 0; hour < 60 * 24; hour += 1) {
		countTimes(counts, 1);
		countTimes(counts, 1, "harbor");
		await counts.settled();
		clock.advance(HOUR);
	}
	storage.costsSoFar();

	expect(await sumOf({ counts })).toBe(2 * 60 * 24);
	expect(storage.costsSoFar()).toMatchObject({ longestList: 500 });
	const { counts: lastWeek } = await counts.since(clock.now() - 7 * DAY);
	expect(lastWeek).toHaveLength(2 * 7 * 24);
	expect(storage.costsSoFar().operations).toBeLessThanOrEqual(3);
});

test("where more is counted than a page waits for, it says so", async () => {
	const { counts, clock, storage } = openCounts();
	const from = clock.now();
	for (let part = 0; part < 3000; part += 500) {
		await storage.commit({
			sets: Array.from({ length: 500 }, (_, index) => ({
				...{ key: ["strays", String(from), "acorn", `process-${part + index}`] },
				value: { brandId: "acorn", from, count: 1 },
			})),
		});
	}

	expect((await counts.since(0)).isWhole).toBe(false);
	expect(await sumOf({ counts })).toBe(2000);
});

test("counts of several nodes are added up once, also at the same time, and late ones come on top", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(clock);
	const [one, two, late] = [0, 1, 2].map(() => openCounts(clock, storage));
	if (one === undefined || two === undefined || late === undefined) {
		return expect.unreachable();
	}
	countTimes(one.counts, 5);
	countTimes(late.counts, 7);
	await Promise.all([one.counts.settled(), late.counts.settled()]);
	countTimes(late.counts, 4);
	storage.isAway = true;
	await late.counts.settled();
	storage.isAway = false;
	clock.advance(3 * HOUR);

	expect(await Promise.all([sumOf(one), sumOf(two)])).toEqual([12, 12]);
	await late.counts.settled();

	expect(await sumOf(one)).toBe(16);
	expect(await sumOf(two)).toBe(16);
});

test("a node that adds up late overwrites nothing that another one has added meanwhile", async () => {
	const clock = new MockClock();
	const storage = new CountingStorage(clock);
	const pausing = new PausingStorage(storage);
	const slow = openCounts(clock, pausing as HostStorage);
	const other = openCounts(clock, storage);
	countTimes(other.counts, 5);
	await other.counts.settled();
	countTimes(other.counts, 4);
	storage.isAway = true;
	await other.counts.settled();
	storage.isAway = false;
	clock.advance(3 * HOUR);
	const { reached, goOn } = pausing.stopAt("before", ({ kind }) => kind === "commit");
	const late = sumOf(slow);
	await reached;
	expect(await sumOf(other)).toBe(9);
	goOn();

	expect(await late).toBe(9);
	expect(await sumOf(other)).toBe(9);
});

test("an hour that cannot be read stays as it is, is reported, and keeps no page from the others", async () => {
	const { counts, clock, storage, problems } = openCounts();
	countTimes(counts, 5);
	await counts.settled();
	clock.advance(3 * HOUR);
	await counts.since(0);
	const [hour] = (await storage.list(["stray-hours"])).entries;
	const key = hour?.key ?? [];
	await storage.commit({ sets: [{ key, value: "broken" }] });
	clock.advance(-3 * HOUR);
	const other = openCounts(clock, storage);
	countTimes(other.counts, 2);
	await other.counts.settled();
	clock.advance(3 * HOUR);

	expect(await sumOf({ counts })).toBe(2);

	expect((await storage.get(key))?.value).toBe("broken");
	expect(problems).toEqual([expect.stringContaining("sign-ins/stray-hours")]);
});
