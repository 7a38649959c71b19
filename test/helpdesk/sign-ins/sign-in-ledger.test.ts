import { expect, test, vi } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import {
	DAY,
	end,
	ofAda,
	openLedger,
	recordOneByOne,
	stored,
	X_ID,
} from "../../kit/helpdesk/open-ledger.ts";

test("an entry has the figures of the event, and a keyed hash of the person", async () => {
	const { ledger, clock, storage } = openLedger();
	ledger.record(end({ problem: "access-level" }, ofAda));

	const [entry] = await ledger.since(0);

	expect(entry).toEqual({
		at: clock.now(),
		brandId: "acorn",
		outcome: "came-in",
		code: "signed-in",
		traceCode: "7F3K-9QWD",
		wanted: "log-in",
		durationMs: 21_000,
		awayMs: 20_000,
		calls: 2,
		waitedMs: 400,
		problem: "access-level",
		protocol: null,
		who: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
		isIndexed: true,
	});
	expect(await stored(storage)).not.toContain(X_ID.slice(2));
});

test("an X account has one hash at each brand", async () => {
	const { ledger } = openLedger();
	ledger.record(end({}, ofAda));
	ledger.record(end({}, ofAda));
	ledger.record({ ...end({}, ofAda), brandId: "harbor" });

	const hashes = (await ledger.since(0)).map(({ who }) => who);

	expect(new Set(hashes).size).toBe(2);
});

test("recording neither waits nor writes at once, and all attempts that end together are one commit", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let commits = 0;
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: (write) => {
			commits += 1;
			return inner.commit(write);
		},
	};
	const { ledger } = openLedger({ clock, storage });

	for (let each = 0; each < 199; each += 1) {
		ledger.record(end());
	}
	expect(commits).toBe(0);
	await ledger.settled();

	expect(commits).toBe(1);
	expect(await ledger.since(0)).toHaveLength(199);
});

test("while the storage is away, as many entries wait as fit, and it is reported", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let away = true;
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: (write) => (away ? Promise.reject(new Error("away")) : inner.commit(write)),
	};
	const { ledger, problems } = openLedger({ clock, storage });
	for (let each = 0; each < 1200; each += 1) {
		ledger.record(end());
	}
	await ledger.settled();
	expect(problems).toEqual([[expect.stringContaining("could not write"), expect.any(Error)]]);

	away = false;
	await ledger.close();

	expect(await ledger.since(0)).toHaveLength(1000);
	expect(problems.at(-1)).toEqual([expect.stringContaining("lost"), 200]);
});

test("events of other kinds, and events that break the contract, are ignored", async () => {
	const { ledger, problems } = openLedger();
	ledger.record({ name: "x.clock-off", level: "warn", message: "", fields: {} });
	ledger.record(end({ code: "<script>" }));
	ledger.record(end({ traceCode: "=1+1" }));
	ledger.record(end({ outcome: "admin" as never }));
	ledger.record({ ...end(), brandId: "a b" });
	ledger.record({ name: "login.ended" } as never);
	ledger.record(end({}, { subject: X_ID, userId: "\ud800" }));
	ledger.record(end({ durationMs: -5, calls: Number.NaN, problem: "<b>" }));

	const entries = await ledger.since(0);
	expect(entries).toHaveLength(2);
	expect(entries).toContainEqual(
		expect.objectContaining({ durationMs: 0, calls: 0, problem: null }),
	);
	expect(problems).toHaveLength(1);
});

test("entries are deleted after 90 days", async () => {
	const { ledger, clock, storage } = openLedger();
	ledger.record(end({}, ofAda));
	await ledger.settled();

	clock.advance(90 * DAY - 1);
	expect(await ledger.since(0)).toHaveLength(1);
	clock.advance(1);

	expect(await ledger.since(0)).toEqual([]);
	expect(await stored(storage)).toBe("[]");
});

test("the oldest of too many entries are deleted, and forged callbacks drive no attempt out", async () => {
	const { ledger, clock } = openLedger({
		limits: { attempts: 20, strays: 5, trimmedAfter: 10 },
	});
	for (let each = 0; each < 60; each += 1) {
		ledger.record(end({ calls: each }));
		await ledger.settled();
		clock.advance(DAY / 4);
	}
	for (let each = 0; each < 100; each += 1) {
		ledger.record(end({ code: "unknown-login", outcome: "refused", wanted: null }));
	}

	const entries = await ledger.since(0);

	const attempts = entries.filter(({ wanted }) => wanted !== null);
	expect(attempts.length).toBeGreaterThanOrEqual(20);
	expect(attempts.length).toBeLessThan(30);
	expect(attempts.map(({ calls }) => calls)).toEqual(attempts.map((_, index) => 59 - index));
	expect(entries.length - attempts.length).toBe(5);
});

test("entries are not read for trimming as long as all of them fit", async () => {
	const limits = { attempts: 41, strays: 5, trimmedAfter: 10 };
	const { ledger, storage } = openLedger({ limits });
	await recordOneByOne(ledger, 1);
	// The people of earlier days are added up in the background.
	await ledger.close();
	const list = vi.spyOn(storage, "list");

	// It looks again after a quarter of the room for forty entries, and ten more.
	await recordOneByOne(ledger, 19);
	expect(list).not.toHaveBeenCalled();

	await recordOneByOne(ledger, 1);
	expect(list).toHaveBeenCalled();
});

test("several nodes that fill the ledger together stay within the limit plus their allowance", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const limits = { attempts: 40, strays: 5, trimmedAfter: 10 };
	const nodes = [0, 1, 2].map(() => openLedger({ clock, storage, limits }).ledger);

	for (let each = 0; each < 100; each += 1) {
		for (const ledger of nodes) {
			await recordOneByOne(ledger, 1);
		}
		expect((await nodes[0]?.since(0))?.length).toBeLessThanOrEqual(40 + 3 * 10);
	}
});

test("two nodes on one storage lose nothing, and may trim at the same time", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const limits = { attempts: 50, strays: 5, trimmedAfter: 10 };
	const [one, two] = [openLedger({ clock, storage }), openLedger({ clock, storage })];
	for (let each = 0; each < 100; each += 1) {
		one.ledger.record(end({ calls: each }));
		two.ledger.record(end({ calls: 1000 + each }));
	}
	await Promise.all([one.ledger.settled(), two.ledger.settled()]);
	const all = await one.ledger.since(0);
	expect(new Set(all.map(({ calls }) => calls)).size).toBe(200);

	const nodes = [0, 1].map(() => openLedger({ clock, storage, limits }).ledger);
	clock.advance(1000);
	for (const ledger of nodes) {
		ledger.record(end());
	}
	await Promise.all(nodes.map((ledger) => ledger.settled()));

	const left = await one.ledger.since(0);
	expect(left).toHaveLength(50);
	expect(left.slice(0, 2).map(({ at }) => at)).toEqual([clock.now(), clock.now()]);
});

test("a broken entry stays as it is and is reported, and the others are listed", async () => {
	const { ledger, clock, storage, problems } = openLedger();
	ledger.record(end({}, ofAda));
	await ledger.settled();
	const day = new Date(clock.now()).toISOString().slice(0, 10);
	const key = ["entry", "attempts", day, "0000000000000000-broken"];
	await storage.commit({ sets: [{ key, value: { at: clock.now(), outcome: "lost" } }] });
	const planted = JSON.stringify(await storage.get(key));

	expect(await ledger.since(0)).toHaveLength(1);
	await ledger.forget("ada");

	expect(await ledger.since(0)).toMatchObject([{ who: null }]);
	expect(problems.map(([, error]) => String(error))).toEqual(
		Array(3).fill(expect.stringContaining("a value under sign-ins/entry")),
	);
	expect(JSON.stringify(await storage.get(key))).toBe(planted);
});

test("a log-in of a user whose heir cannot be read is recorded without the user", async () => {
	const { ledger, storage, problems } = openLedger();
	const key = ["gone", "ada"];
	await storage.commit({ sets: [{ key, value: { into: "bob" } }] });
	const planted = JSON.stringify(await storage.get(key));

	ledger.record(end({}, ofAda));

	expect(await ledger.since(0)).toMatchObject([{ outcome: "came-in", who: null }]);
	expect(problems.map(([, error]) => String(error))).toEqual([
		expect.stringContaining("a value under sign-ins/gone"),
	]);
	expect(JSON.stringify(await storage.get(key))).toBe(planted);
});
