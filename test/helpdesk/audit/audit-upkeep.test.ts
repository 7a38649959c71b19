import { expect, test } from "vitest";
import { type Actor, type NewDeed, storedEntry } from "../../../src/helpdesk/audit/audit-entry.ts";
import { entrySets } from "../../../src/helpdesk/audit/audit-keys.ts";
import { AuditLog } from "../../../src/helpdesk/audit/audit-log.ts";
import { AuditUpkeep } from "../../../src/helpdesk/audit/audit-upkeep.ts";
import { FailureCounts } from "../../../src/helpdesk/audit/failure-counts.ts";
import { isKeptDays, KeptDays } from "../../../src/helpdesk/audit/kept-days.ts";
import { keepingAuditTrail } from "../../../src/helpdesk/keep-audit-trail.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const DAY_MS = 24 * 60 * 60_000;
const OPERATOR: Actor = { kind: "operator", id: "op@example.com" };
const SUSPEND: NewDeed = { name: "user.suspend", actor: OPERATOR };
const FAILED: NewDeed = { name: "user.log-in-failed", actor: { kind: "nobody" } };

function open() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keptDays = new KeptDays(storage);
	const bounds = { operators: 10, users: 10, failures: 10 };
	const jobs = { endOf: async () => undefined };
	const upkeep = new AuditUpkeep({ storage, clock, keptDays, jobs, bounds });
	const log = new AuditLog(storage, (what) => expect.fail(what));
	let count = 0;
	const add = async (deed: NewDeed, at = clock.now()): Promise<string> => {
		count += 1;
		const trace = String(count).padStart(8, "0");
		await storage.commit({ sets: entrySets(storedEntry(deed, at, trace)) });
		return trace;
	};
	const traces = async (deed?: string) =>
		(await log.page({ deed }, undefined, 100)).entries.map(({ trace }) => trace);
	return { clock, storage, keptDays, upkeep, log, add, traces };
}

test("entries are kept for 400 days, or for as long as the owner says", async () => {
	const { clock, storage, keptDays, upkeep, add, traces } = open();
	await add(SUSPEND, clock.now() - 402 * DAY_MS);
	const old = await add(SUSPEND, clock.now() - 399 * DAY_MS);
	const young = await add(SUSPEND, clock.now() - 29 * DAY_MS);

	expect(await keepingAuditTrail(upkeep).run()).toEqual({
		key: "jobs.duty.entries-deleted",
		values: { count: 1 },
	});
	expect(await traces()).toEqual([young, old]);
	await keptDays.set(30);
	await upkeep.run();
	expect(await traces()).toEqual([young]);
	await keptDays.set(3650);
	clock.advance(3000 * DAY_MS);
	expect(await keepingAuditTrail(upkeep).run()).toBeUndefined();
	expect(await traces()).toEqual([young]);
	clock.advance(700 * DAY_MS);
	await upkeep.run();
	expect((await allEntries(storage)).map(({ key }) => key)).toEqual([["settings", "kept-days"]]);
});

test.each([
	[29, false],
	[30, true],
	[3650, true],
	[3651, false],
	[30.5, false],
	[Number.NaN, false],
])("%d days can be chosen: %s", (days, isAllowed) => {
	expect(isKeptDays(days)).toBe(isAllowed);
});

test("the oldest entries go where there are too many, and no index leads to them", async () => {
	const { clock, storage, upkeep, add, traces } = open();
	const all: string[] = [];
	for (let index = 0; index < 25; index += 1) {
		all.push(await add(SUSPEND, clock.now() - 5 * DAY_MS + index * 6 * 60 * 60_000));
	}
	await upkeep.run();
	expect(await traces()).toEqual(all.slice(-10).reverse());
	expect(await traces("user.suspend")).toEqual(all.slice(-10).reverse());
	expect(await allEntries(storage, ["by"])).toHaveLength(20);
	expect(await keepingAuditTrail(upkeep).run()).toBeUndefined();
});

test("a flood of failed log-ins pushes out nothing else", async () => {
	const { clock, upkeep, add, traces } = open();
	const suspended = await add(SUSPEND, clock.now() - 3 * DAY_MS);
	for (let index = 0; index < 500; index += 1) {
		await add(FAILED, clock.now() - index);
	}
	await upkeep.run();
	expect(await traces("user.suspend")).toEqual([suspended]);
	expect(await traces("user.log-in-failed")).toHaveLength(10);
});

test("the failures of a network are single entries up to 20 an hour, and one with a number from there on", async () => {
	const { clock, storage, log } = open();
	const reports: unknown[] = [];
	const failures = new FailureCounts(storage, clock, cryptoRandom, (what) => reports.push(what));
	const looked: number[] = [];
	const fail = async (times: number, network: string): Promise<void> => {
		for (let index = 0; index < times; index += 1) {
			await failures.note({ ...FAILED, network }, async () => {
				looked.push(index);
				return { kind: "user", id: "u1" };
			});
		}
	};
	await fail(1000, "192.0.2.1");
	await failures.settled();
	await fail(10, "192.0.2.1");
	await fail(1, "192.0.2.2");
	await failures.settled();
	const { entries } = await log.page({}, undefined, 100);

	expect(entries).toHaveLength(22);
	const [counted, ...others] = entries.filter(({ count }) => count > 1);
	expect(counted).toMatchObject({ network: "192.0.2.1", count: 990, objectId: null });
	expect(others).toEqual([]);
	expect(looked).toHaveLength(21);
	clock.advance(60 * 60_000);
	await fail(1, "192.0.2.1");
	expect((await log.page({}, undefined, 100)).entries).toHaveLength(23);
	expect(reports).toEqual([]);
});

test("failures from very many networks are counted together", async () => {
	const { clock, storage, log } = open();
	const failures = new FailureCounts(storage, clock, cryptoRandom, () => {});
	for (let index = 0; index < 10_100; index += 1) {
		await failures.note(
			{ ...FAILED, network: `2001:db8:0:${index.toString(16)}::/64` },
			async () => undefined,
		);
	}
	await failures.settled();
	const counted: number[] = [];
	for await (const entries of log.inParts({})) {
		counted.push(...entries.filter(({ network }) => network === null).map(({ count }) => count));
	}
	// Of the hundred networks above the bound, twenty have entries of their own.
	expect(counted).toEqual([80]);
});
