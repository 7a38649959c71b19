// Whom a provider named on which day: the counts behind the estimate of what log-ins cost.
import { expect, test } from "vitest";
import type { LoginEndedFields } from "../../../src/contract/login-ended.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DAY, end, openLedger } from "../../kit/helpdesk/open-ledger.ts";
import { goTo, keysOf, logIn, monthOf, OAUTH1, OAUTH2 } from "../../kit/helpdesk/people-of-days.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

type LogIn = readonly [time: string, account: string, protocol: string, brandId?: string];

test.each([
	["nobody", [], {}],
	[
		"a person who logs in three times on a day",
		[
			["2026-11-05T00:00:00.000Z", "1", "oauth2"],
			["2026-11-05T12:00:00.000Z", "1", "oauth2"],
			["2026-11-05T23:59:59.999Z", "1", "oauth2"],
		],
		{ "acorn oauth2": 1 },
	],
	[
		"a person who logs in before and after midnight UTC",
		[
			["2026-11-05T23:59:59.999Z", "1", "oauth2"],
			["2026-11-06T00:00:00.000Z", "1", "oauth2"],
		],
		{ "acorn oauth2": 2 },
	],
	[
		"two people on one day",
		[
			["2026-11-05T12:00:00.000Z", "1", "oauth2"],
			["2026-11-05T12:00:00.000Z", "2", "oauth2"],
		],
		{ "acorn oauth2": 2 },
	],
	[
		"a person who uses two protocols on one day",
		[
			["2026-11-05T12:00:00.000Z", "1", "oauth1"],
			["2026-11-05T13:00:00.000Z", "1", "oauth2"],
		],
		{ "acorn oauth1": 1, "acorn oauth2": 1 },
	],
	[
		"a person at two brands",
		[
			["2026-11-05T12:00:00.000Z", "1", "oauth2"],
			["2026-11-05T12:00:00.000Z", "1", "oauth2", "harbor"],
		],
		{ "acorn oauth2": 1, "harbor oauth2": 1 },
	],
	[
		"people on the days around a month",
		[
			["2026-10-31T23:59:59.999Z", "1", "oauth2"],
			["2026-11-01T00:00:00.000Z", "2", "oauth2"],
			["2026-11-30T23:59:59.999Z", "3", "oauth2"],
			["2026-12-01T00:00:00.000Z", "4", "oauth2"],
		],
		{ "acorn oauth2": 2 },
	],
] satisfies [string, LogIn[], object][])("November counts %s", async (_, logIns, counts) => {
	const clock = new MockClock(Date.parse("2026-10-31T12:00:00.000Z"));
	const open = openLedger({ clock });
	for (const [time, account, protocol, brandId] of logIns) {
		goTo(clock, time);
		await logIn(open, account, { protocol }, brandId);
	}

	// Those of today are listed.
	expect(await monthOf(open, "2026-11-15")).toEqual(counts);
	// Now all days are added up.
	goTo(clock, "2026-12-31T23:59:59.999Z");
	expect(await monthOf(open, "2026-11-15")).toEqual(counts);
	expect(await keysOf(open.storage, "person")).toBe(0);
});

test.each([
	["names an account and refuses it", { outcome: "refused", code: "sign-up-closed" }, "1", 1],
	["is of a plugin that does not say by which protocol", { protocol: null }, "1", 0],
	["is cancelled at the provider", { outcome: "cancelled", calls: 1 }, undefined, 0],
	["makes no call", { outcome: "refused", calls: 0, problem: "timeout" }, undefined, 0],
] satisfies [string, Partial<LoginEndedFields>, string | undefined, number][])(
	"an attempt that %s",
	async (_, fields, account, people) => {
		const open = openLedger();

		open.ledger.record(
			end({ ...OAUTH2, ...fields }, account === undefined ? {} : { subject: `x:${account}` }),
		);
		await open.ledger.settled();

		const { counts } = await open.people.ofMonth(open.clock.now());
		expect(counts.map((each) => each.people)).toEqual(people === 0 ? [] : [people]);
	},
);

test("an event of contract 1.0, which has no protocol, counts nobody", async () => {
	const open = openLedger();
	const { protocol: _, ...fields } = end(OAUTH2).fields;

	open.ledger.record({ ...end({}, { subject: "x:1" }), fields });
	await open.ledger.settled();

	expect(await open.ledger.since(0)).toMatchObject([{ protocol: null }]);
	expect((await open.people.ofMonth(open.clock.now())).counts).toEqual([]);
});

test("attempts in which the provider's error came first are counted for themselves, by each process", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const nodes = [openLedger({ clock, storage }), openLedger({ clock, storage })] as const;
	const failed = {
		...OAUTH2,
		outcome: "refused",
		code: "x-unavailable",
		problem: "timeout",
	} as const;
	for (const { ledger } of [...nodes, ...nodes]) {
		ledger.record(end(failed));
		ledger.record(end(failed));
		await ledger.settled();
	}

	expect(await monthOf(nodes[0], "2026-01-15")).toEqual({ "acorn oauth2 unnamed": 8 });
	expect(await keysOf(storage, "unnamed")).toBe(2);
	clock.advance(DAY);
	nodes[0].ledger.record(end(failed));
	await nodes[0].ledger.settled();
	expect(await monthOf(nodes[1], "2026-01-15")).toEqual({ "acorn oauth2 unnamed": 9 });
});

test("an attempt that could not be written is not counted twice when it is written later", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let away = true;
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: async (write) => {
			const done = await inner.commit(write);
			// The answer is lost, not the commit.
			return away ? Promise.reject(new Error("away")) : done;
		},
	};
	const open = openLedger({ clock, storage });
	open.ledger.record(end({ ...OAUTH2, problem: "timeout" }));
	await logIn(open, "1");
	away = false;
	open.ledger.record(end({ ...OAUTH2, problem: "timeout" }));
	await logIn(open, "1");

	expect(await monthOf(open, "2026-01-15")).toEqual({
		"acorn oauth2": 1,
		"acorn oauth2 unnamed": 2,
	});
});

test("a log-in is one commit as before, checks nothing of the counts, and reads nothing", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const operations: string[] = [];
	const storage: HostStorage = {
		get: (key) => {
			operations.push(`get ${key[0]}`);
			return inner.get(key);
		},
		take: (key) => inner.take(key),
		list: (prefix, options) => {
			operations.push(`list ${prefix[0]}`);
			return inner.list(prefix, options);
		},
		commit: (write) => {
			const checked = (write.checks ?? []).map(({ key }) => key[0]);
			const set = (write.sets ?? []).map(({ key }) => key[0]);
			operations.push(`commit ${checked.join(" ")}: ${set.join(" ")}`);
			return inner.commit(write);
		},
	};
	const open = openLedger({ clock, storage });
	// The first entry of a process trims the ledger and adds up the days that are over.
	await logIn(open, "1");
	await open.ledger.close();
	operations.length = 0;

	await logIn(open, "2", OAUTH1);
	await logIn(open, "3");
	await open.ledger.close();

	expect(operations).toEqual([
		"commit gone: entry by-code by-account of-user person attempts",
		"commit gone: entry by-code by-account of-user person attempts",
	]);
});

test("a page lists up to 10,000 people of a day that is not over, and leaves out a day with more until it is over", async () => {
	const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
	const memory = new MemoryStorage(clock);
	const storage = new CountingStorage(memory, ([kind = ""]) => kind);
	const open = openLedger({ clock, storage });
	await logIn(open, "the day before");
	clock.advance(DAY);
	const expiresAt = clock.now() + DAY;
	for (let person = 0; person < 12_000; person += 1000) {
		const key = ["person", "2026-11", "2026-11-06", "acorn", "oauth2"];
		await memory.commit({
			sets: Array.from({ length: 1000 }, (_, index) => ({
				...{ key: [...key, `hash ${person + index}`], value: null, expiresAt },
			})),
		});
	}
	storage.costsSoFar();

	const { counts, countedUntil } = await open.people.ofMonth(clock.now());

	expect(counts.map(({ people }) => people)).toEqual([1]);
	expect(countedUntil).toBe(Date.parse("2026-11-06"));
	expect(storage.costsSoFar().operations).toBeLessThanOrEqual(32);
});

test("a page with nothing to add up costs the same after a day and after two months", async () => {
	const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
	const storage = new CountingStorage(new MemoryStorage(clock), ([kind = ""]) => kind);
	const { people } = openLedger({ clock, storage });
	const cost = async () => {
		await people.ofMonth(clock.now());
		return storage.costsSoFar().operations;
	};
	const first = await cost();

	clock.advance(60 * DAY);

	expect(first).toBeLessThanOrEqual(4);
	expect(await cost()).toBe(first);
});
