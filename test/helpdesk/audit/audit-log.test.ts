import { expect, test } from "vitest";
import type { Actor } from "../../../src/helpdesk/audit/audit-entry.ts";
import { storedEntry } from "../../../src/helpdesk/audit/audit-entry.ts";
import { entrySets } from "../../../src/helpdesk/audit/audit-keys.ts";
import { type AuditFilter, AuditLog } from "../../../src/helpdesk/audit/audit-log.ts";
import type { DeedName } from "../../../src/helpdesk/audit/deeds.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const DAY_MS = 24 * 60 * 60_000;
const MANY = 20_000;
const DEEDS = ["user.suspend", "user.activate", "keys.change", "user.export"] as const;

/** An entry every 20 minutes, of 5 operators about 100 users: the last one a minute ago. */
async function openFilled(entries: number) {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	const reports: string[] = [];
	for (let first = 0; first < entries; first += 200) {
		const sets = Array.from({ length: Math.min(200, entries - first) }, (_, index) =>
			entrySets(entryOf(first + index, clock.now())),
		);
		await storage.commit({ sets: sets.flat() });
	}
	storage.costsSoFar();
	const log = new AuditLog(storage, (what) => reports.push(what));
	return { clock, storage, log, reports };
}

function entryOf(index: number, now: number) {
	const actor: Actor = { kind: "operator", id: `op${index % 5}@example.com` };
	const name: DeedName = DEEDS[index % 4] ?? "user.suspend";
	const object = { kind: "user", id: `user${index % 100}` } as const;
	const trace = `T${String(index).padStart(7, "0")}`;
	return storedEntry({ name, actor, object }, now - 60_000 - index * 20 * 60_000, trace);
}

async function allOf(log: AuditLog, filter: AuditFilter): Promise<string[]> {
	const traces: string[] = [];
	let after: string | undefined;
	do {
		const page = await log.page(filter, after);
		expect(page.entries.length).toBeLessThanOrEqual(25);
		traces.push(...page.entries.map(({ trace }) => trace));
		after = page.next;
	} while (after !== undefined);
	return traces;
}

function expected(count: number, now: number, isMeant: (index: number, at: number) => boolean) {
	return Array.from({ length: count }, (_, index) => entryOf(index, now))
		.filter(({ at }, index) => isMeant(index, at))
		.map(({ trace }) => trace);
}

test("pages have every entry that is meant, once, the newest first", async () => {
	const { log, clock } = await openFilled(600);
	const now = clock.now();
	const today = Math.floor(now / DAY_MS);
	const filters: readonly (readonly [AuditFilter, (index: number, at: number) => boolean])[] = [
		[{}, () => true],
		[{ actor: "op3@example.com" }, (index) => index % 5 === 3],
		[{ deed: "user.export" }, (index) => index % 4 === 3],
		[{ object: "user7" }, (index) => index % 100 === 7],
		[
			{ actor: "op3@example.com", deed: "user.export" },
			(index) => index % 5 === 3 && index % 4 === 3,
		],
		[{ object: "user7", actor: "op3@example.com" }, () => false],
		[{ from: today - 2 }, (_, at) => at >= (today - 2) * DAY_MS],
		[{ to: today - 3 }, (_, at) => at < (today - 2) * DAY_MS],
		[
			{ from: today - 4, to: today - 3, deed: "user.export" },
			(index, at) => index % 4 === 3 && at >= (today - 4) * DAY_MS && at < (today - 2) * DAY_MS,
		],
		[{ to: today - 4000 }, () => false],
	];
	for (const [filter, isMeant] of filters) {
		expect([filter, await allOf(log, filter)]).toEqual([filter, expected(600, now, isMeant)]);
	}
});

test(`a page of ${MANY} entries costs no more than one of few`, async () => {
	const { log, storage, clock } = await openFilled(MANY);
	const today = Math.floor(clock.now() / DAY_MS);
	const filters: readonly AuditFilter[] = [
		{},
		{ actor: "op3@example.com" },
		{ actor: "nobody@example.com" },
		{ deed: "user.export" },
		{ object: "user7" },
		{ actor: "op3@example.com", deed: "user.export" },
		{ actor: "op3@example.com", deed: "user.expire" },
		{ to: today - 200 },
		{ to: today - 200, actor: "op1@example.com", deed: "keys.change" },
		{ from: today - 1 },
	];
	for (const filter of filters) {
		let after: string | undefined;
		for (let pages = 0; pages < 3; pages += 1) {
			const page = await log.page(filter, after);
			const { operations, longestList } = storage.costsSoFar();
			expect([filter, operations <= 60, longestList <= 500]).toEqual([filter, true, true]);
			after = page.next;
			if (after === undefined) {
				break;
			}
		}
	}
});

test("a search that finds nothing soon goes on with the next page", async () => {
	// The page looks at 750 entries of an operator, and this one has 1,000.
	const { log } = await openFilled(5_000);
	const page = await log.page({ actor: "op3@example.com", deed: "user.expire" });
	expect(page.entries).toEqual([]);
	expect(page.next).toEqual(expect.any(String));
	expect(await allOf(log, { actor: "op3@example.com", deed: "user.expire" })).toEqual([]);
});

test("all parts of a file together have every entry", async () => {
	const { log, clock } = await openFilled(600);
	const traces: string[] = [];
	for await (const entries of log.inParts({ deed: "user.export" })) {
		traces.push(...entries.map(({ trace }) => trace));
	}
	expect(traces).toEqual(expected(600, clock.now(), (index) => index % 4 === 3));
});

test.each(["", "no cursor", "bnVsbA", Buffer.from('[1,"x"]').toString("base64url"), "WzEsMl0"])(
	"the text %j is no cursor",
	async (text) => {
		const { log } = await openFilled(30);
		await expect(log.page({}, text)).rejects.toThrow(TypeError);
	},
);

test("an entry that cannot be read is left out and reported, and hides no other", async () => {
	const { log, storage, reports } = await openFilled(3);
	const [first] = (await storage.list(["entry"])).entries;
	await storage.commit({ sets: [{ key: first?.key ?? [], value: { at: "soon" } }] });
	expect((await log.page({})).entries).toHaveLength(2);
	expect((await log.page({ actor: "op0@example.com" })).entries).toHaveLength(0);
	expect(reports).toHaveLength(2);
});
