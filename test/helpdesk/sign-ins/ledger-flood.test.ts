import { expect, test } from "vitest";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DAY, end, ofAda, openLedger } from "../../kit/helpdesk/open-ledger.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const LIMITS = { attempts: 2000, strays: 200, trimmedAfter: 200 };
const STRAY = end({ code: "unknown-login", outcome: "refused", wanted: null });

function openCounted(limits = LIMITS) {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	const storage = new CountingStorage(memory, ([kind = ""]) => kind);
	const open = () => openLedger({ clock, storage, limits });
	return { clock, memory, open, costs: () => storage.costsSoFar() };
}

/** Records events in groups, as they end together, and lets some time pass between the groups. */
async function flood(
	{ clock, ledger }: { clock: MockClock; ledger: ReturnType<typeof openLedger>["ledger"] },
	events: number,
	event = (index: number) => end({ protocol: "oauth1" }, of(index)),
): Promise<void> {
	for (let index = 0; index < events; index += 1) {
		ledger.record(event(index));
		if (index % 50 === 49) {
			await ledger.settled();
			clock.advance(1000);
		}
	}
	await ledger.close();
}

function of(person: number) {
	return { subject: `x:${person}`, userId: `user-${person}` };
}

test("a flood of log-ins and callbacks stays within the limits, in small lists and commits", async () => {
	const { clock, memory, open, costs } = openCounted();
	const { ledger, problems } = open();

	await flood({ clock, ledger }, 3 * LIMITS.attempts);
	await flood({ clock, ledger }, 10 * LIMITS.strays, () => STRAY);

	const attempts = (await allEntries(memory, ["entry", "attempts"])).length;
	const strays = (await allEntries(memory, ["entry", "strays"])).length;
	expect(attempts).toBeLessThanOrEqual(LIMITS.attempts + LIMITS.trimmedAfter);
	expect(attempts).toBeGreaterThanOrEqual(LIMITS.attempts);
	expect(strays).toBeLessThanOrEqual(LIMITS.strays + LIMITS.trimmedAfter);
	expect(costs()).toMatchObject({ longestList: 200, failed: {} });
	expect(problems).toEqual([]);
});

test("entries that waited for the storage are written in commits of at most 400 keys", async () => {
	const { memory, open, costs } = openCounted();
	const { ledger } = open();
	for (let index = 0; index < 1000; index += 1) {
		ledger.record(end({ protocol: "oauth1" }, of(index)));
	}

	await ledger.settled();

	expect(await allEntries(memory, ["entry"])).toHaveLength(1000);
	expect(costs().mostKeys).toBeLessThanOrEqual(400);
});

test("a file of a full ledger has every entry once, newest first, with one page of 500 in memory", async () => {
	const { clock, open, costs } = openCounted();
	const { ledger } = open();
	for (const day of [1, 2, 3]) {
		await flood({ clock, ledger }, 600, (index) => end({ calls: day * 1000 + index }));
		clock.advance(DAY);
	}
	await flood({ clock, ledger }, 100, () => STRAY);
	costs();
	const times: number[] = [];
	const calls = new Set<number>();

	for await (const entry of ledger.newestFirst(0)) {
		times.push(entry.at);
		calls.add(entry.wanted === null ? times.length : entry.calls);
	}

	expect(times).toEqual(times.toSorted((a, b) => b - a));
	expect([times.length, calls.size]).toEqual([1900, 1900]);
	expect(costs()).toMatchObject({ operations: 8, longestList: 500 });
	let recent = 0;
	for await (const { wanted } of ledger.newestFirst(clock.now() - DAY)) {
		recent += wanted === null ? 1 : 0;
	}
	expect(recent).toBe(100);
});

test("an entry that is deleted while the file is made moves no other entry into it twice", async () => {
	const { clock, memory, open } = openCounted();
	const { ledger } = open();
	await flood({ clock, ledger }, 1200, (index) => end({ calls: index }));
	const calls: number[] = [];

	for await (const entry of ledger.newestFirst(0)) {
		calls.push(entry.calls);
		if (calls.length === 1) {
			const [oldest] = (await memory.list(["entry", "attempts"], { limit: 1 })).entries;
			await memory.commit({ deletes: [oldest?.key ?? []] });
		}
	}

	expect(calls).toEqual([...new Set(calls)]);
	expect(calls).toHaveLength(1199);
});

test("an attempt is found by its code in a full ledger with the lists that its limits allow, until there is an index", async () => {
	const { clock, open, costs } = openCounted();
	const { ledger } = open();
	ledger.record(end({ traceCode: "7F3K-9QWD" }, ofAda));
	await flood({ clock, ledger }, LIMITS.attempts - 1, () => end({ traceCode: "AAAA-AAAA" }));
	costs();

	const found = await ledger.withCode("7f3k 9qwd", 10);
	expect(found).toMatchObject({ count: 1, newest: [{ code: "signed-in" }], isPartial: false });
	expect(costs().operations).toBeLessThanOrEqual(LIMITS.attempts / 500 + 3);
	const all = await ledger.withCode("AAAA-AAAA", 10);
	expect([all.newest.length, all.count]).toEqual([10, LIMITS.attempts - 1]);
	const who = found.newest[0]?.who ?? "";
	const others = await ledger.ofEachAccount(new Set([who, "nobody"]), 10);
	expect([...others.values()].map(({ length }) => length)).toEqual([1]);
});

test("the newest attempts of a user are found, newest first, in at most 47 operations until there is an index", async () => {
	const { clock, open, costs } = openCounted({ ...LIMITS, attempts: 20_000 });
	const { ledger } = open();
	ledger.record(end({ calls: 1 }, ofAda));
	for (let day = 0; day < 60; day += 1) {
		await flood({ clock, ledger }, 20);
		clock.advance(DAY);
	}
	ledger.record(end({ calls: 2 }, ofAda));
	clock.advance(1);
	ledger.record(end({ calls: 3 }, ofAda));
	clock.advance(20 * DAY);
	await flood({ clock, ledger }, 20);
	costs();

	const newest = await ledger.entriesOfUser("ada", 2);
	expect(newest.map(({ calls }) => calls)).toEqual([3, 2]);
	// It begins on the day of the last log-in.
	expect(costs().operations).toBe(4);
	expect((await ledger.entriesOfUser("ada", 20)).map(({ calls }) => calls)).toEqual([3, 2]);
	expect(costs().operations).toBe(2 + 45);
	expect(await ledger.entriesOfUser("nobody", 20)).toEqual([]);
	expect(costs().operations).toBe(1);
});

test("all attempts of a user are found where the ledger is small", async () => {
	const { clock, open, costs } = openCounted();
	const { ledger } = open();
	for (const calls of [1, 2, 3]) {
		ledger.record(end({ calls }, ofAda));
		await ledger.settled();
		clock.advance(29 * DAY);
	}
	await ledger.close();
	costs();

	expect((await ledger.entriesOfUser("ada", 20)).map(({ calls }) => calls)).toEqual([3, 2, 1]);
	expect(costs().operations).toBe(3);
});

test("many deleted users are erased in one pass, and until then nothing leads from them to a hash", async () => {
	const { clock, memory, open, costs } = openCounted();
	const { ledger } = open();
	await flood({ clock, ledger }, 600);
	costs();
	for (let person = 0; person < 300; person += 1) {
		await ledger.forgetLater(`user-${person}`);
	}
	expect(costs().counts["list entry"]).toBeUndefined();
	const claims = await allEntries(memory, ["of-user"]);
	expect(claims.map(({ key }) => key[1]).filter((userId) => userId === "user-7")).toEqual([]);
	expect(claims).toHaveLength(300);

	expect(await ledger.eraseNoted()).toBe(300);

	const { counts, longestList, mostKeys } = costs();
	expect(counts["list entry"]).toBe(3);
	expect(longestList).toBeLessThanOrEqual(200);
	expect(mostKeys).toBeLessThanOrEqual(400);
	expect((await ledger.since(0)).filter(({ who }) => who !== null)).toHaveLength(300);
	expect(await allEntries(memory, ["erase"])).toEqual([]);
	expect(await ledger.eraseNoted()).toBe(0);
});

test("hashes that were noted to be erased are erased by another node after a crash", async () => {
	const { clock, memory, open } = openCounted();
	const [one, two] = [open().ledger, open().ledger];
	await flood({ clock, ledger: one }, 10);
	await one.forgetLater("user-3");

	expect(await two.eraseNoted()).toBe(1);

	expect((await two.since(0)).filter(({ who }) => who === null)).toHaveLength(1);
	expect(await allEntries(memory, ["of-user", "user-3"])).toEqual([]);
});

test("the time of the last log-in is kept beside the hash, and a merge keeps the later one", async () => {
	const { clock, memory, open } = openCounted();
	const { ledger } = open();
	const timesOf = async (userId: string) =>
		(await allEntries(memory, ["of-user", userId])).map(({ value }) => value);
	ledger.record(end({}, ofAda));
	await ledger.settled();
	const early = clock.now();
	clock.advance(DAY);
	ledger.record(end({}, { ...ofAda, userId: "bob" }));
	await ledger.settled();
	expect([await timesOf("ada"), await timesOf("bob")]).toEqual([[early], [clock.now()]]);

	await ledger.move("ada", "bob");

	expect([await timesOf("ada"), await timesOf("bob")]).toEqual([[], [clock.now()]]);
});

test("a claim of an earlier version has no time, and the attempts of its user are found", async () => {
	const { clock, memory, open } = openCounted();
	const { ledger } = open();
	ledger.record(end({}, ofAda));
	await ledger.settled();
	const [claim] = await allEntries(memory, ["of-user"]);
	const expiresAt = clock.now() + DAY;
	await memory.commit({ sets: [{ key: claim?.key ?? [], value: null, expiresAt }] });

	expect(await ledger.entriesOfUser("ada", 20)).toHaveLength(1);
	await ledger.move("ada", "bob");
	expect((await allEntries(memory, ["of-user", "bob"])).map(({ value }) => value)).toEqual([null]);
	await ledger.forget("bob");
	expect((await ledger.since(0)).map(({ who }) => who)).toEqual([null]);
});

test("the deletion of a user costs no more where 30,000 people have logged in today, and a duty does the rest", async () => {
	const { clock, memory, open, costs } = openCounted();
	const { ledger } = open();
	ledger.record(end({ protocol: "oauth2" }, ofAda));
	await ledger.settled();
	const [{ key = [] } = {}] = await allEntries(memory, ["person"]);
	const expiresAt = clock.now() + DAY;
	for (let person = 0; person < 30_000; person += 1000) {
		const sets = Array.from({ length: 1000 }, (_, index) => ({
			...{ key: [...key.slice(0, -1), `- ${person + index}`], value: null, expiresAt },
		}));
		await memory.commit({ sets });
	}
	const hashes = async () =>
		(await allEntries(memory)).filter(({ key: each }) => each.at(-1) === key.at(-1));
	costs();

	await ledger.forget("ada");

	expect(costs().operations).toBeLessThanOrEqual(110);
	expect((await ledger.since(0)).map(({ who }) => who)).toEqual([null]);
	expect((await hashes()).map(({ key: [kind] }) => kind)).toEqual(["erase", "person"]);
	expect(await ledger.eraseNoted()).toBe(1);
	expect(await hashes()).toEqual([]);
});
