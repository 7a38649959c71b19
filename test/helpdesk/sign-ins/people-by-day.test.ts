// Whom a provider named on which day: the counts behind the estimate of what log-ins cost.
import { describe, expect, test } from "vitest";
import type { LoginEndedFields } from "../../../src/contract/login-ended.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DAY, end, KEY, openLedger } from "../../kit/helpdesk/open-ledger.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const HOUR = 60 * 60_000;
const OAUTH1 = { protocol: "oauth1" };
const OAUTH2 = { protocol: "oauth2" };

type Open = ReturnType<typeof openLedger>;

/** Moves the clock to a time, which is not before the last. */
function goTo(clock: MockClock, time: string): void {
	clock.advance(Date.parse(time) - clock.now());
}

/** A log-in in which the provider named an account, which need not have a user. */
async function logIn(
	{ ledger }: Open,
	account: string,
	fields: Partial<LoginEndedFields> = OAUTH2,
	brandId = "acorn",
): Promise<void> {
	const about = { subject: `x:${account}`, userId: `user-${account}` };
	ledger.record({ ...end(fields, about), brandId });
	await ledger.settled();
}

/** The people of the month of a time, by brand and protocol, and the attempts that named nobody. */
async function monthOf({ people }: Open, time: string): Promise<Readonly<Record<string, number>>> {
	const sums: Record<string, number> = {};
	for (const each of await people.ofMonth(Date.parse(time))) {
		const name = `${each.brandId} ${each.protocol}`;
		if (each.people > 0) {
			sums[name] = (sums[name] ?? 0) + each.people;
		}
		if (each.unnamed > 0) {
			sums[`${name} unnamed`] = (sums[`${name} unnamed`] ?? 0) + each.unnamed;
		}
	}
	return sums;
}

async function keysOf(storage: HostStorage, kind: string): Promise<number> {
	return (await allEntries(storage, [kind])).length;
}

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

		const counts = await open.people.ofMonth(open.clock.now());
		expect(counts.map((each) => each.people)).toEqual(people === 0 ? [] : [people]);
	},
);

test("an event of contract 1.0, which has no protocol, counts nobody", async () => {
	const open = openLedger();
	const { protocol: _, ...fields } = end(OAUTH2).fields;

	open.ledger.record({ ...end({}, { subject: "x:1" }), fields });
	await open.ledger.settled();

	expect(await open.ledger.since(0)).toMatchObject([{ protocol: null }]);
	expect(await open.people.ofMonth(open.clock.now())).toEqual([]);
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
		"commit gone: entry of-user person",
		"commit gone: entry of-user person",
	]);
});

test("the first log-in after a day is over adds that day up, in the background and an hour late", async () => {
	const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
	const open = openLedger({ clock });
	await logIn(open, "1");
	await logIn(open, "2");
	goTo(clock, "2026-11-06T00:59:59.999Z");
	await logIn(open, "3");
	await open.ledger.close();
	expect(await keysOf(open.storage, "person")).toBe(3);

	goTo(clock, "2026-11-06T01:00:00.000Z");
	await logIn(open, "4");
	await open.ledger.close();

	expect(await allEntries(open.storage, ["people"])).toMatchObject([
		{ key: ["people", "2026-11", "2026-11-05", "acorn"], value: { people: { oauth2: 2 } } },
	]);
	expect(await keysOf(open.storage, "person")).toBe(2);
	expect(await monthOf(open, "2026-11-06")).toEqual({ "acorn oauth2": 4 });
});

test("a log-in that a node writes after its day was added up is added later", async () => {
	const clock = new MockClock(Date.parse("2026-11-05T23:00:00Z"));
	const inner = new MemoryStorage(clock);
	let away = false;
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: (write) => (away ? Promise.reject(new Error("away")) : inner.commit(write)),
	};
	const open = openLedger({ clock, storage });
	await logIn(open, "1");
	away = true;
	await logIn(open, "2");
	clock.advance(3 * HOUR);
	await openLedger({ clock, storage: inner }).people.ofMonth(clock.now());
	await open.people.ofMonth(clock.now());
	away = false;
	await logIn(open, "3");
	await open.ledger.close();

	expect(await keysOf(inner, "person")).toBe(1);
	expect(await monthOf(open, "2026-11-05")).toEqual({ "acorn oauth2": 3 });
	expect(await allEntries(inner, ["people"])).toMatchObject([{ value: { people: { oauth2: 2 } } }]);
});

test("what is kept goes at the end of the following month, and a day of any number of people is one entry for each brand", async () => {
	const clock = new MockClock(Date.parse("2026-11-01T00:00:00Z"));
	const open = openLedger({ clock });
	for (let day = 1; day <= 30; day += 1) {
		for (let account = 0; account < 20; account += 1) {
			open.ledger.record(end(OAUTH2, { subject: `x:${account}` }));
			open.ledger.record({ ...end(OAUTH1, { subject: `x:${account}` }), brandId: "harbor" });
		}
		open.ledger.record(end({ ...OAUTH2, problem: "timeout" }));
		await open.ledger.settled();
		clock.advance(DAY);
	}
	await open.ledger.close();
	goTo(clock, "2026-12-31T23:59:59.999Z");
	expect(await monthOf(open, "2026-11-01")).toEqual({
		"acorn oauth2": 600,
		"acorn oauth2 unnamed": 30,
		"harbor oauth1": 600,
	});
	expect(await keysOf(open.storage, "people")).toBe(60);

	clock.advance(1);

	for (const kind of ["person", "people", "unnamed"]) {
		expect(await keysOf(open.storage, kind)).toBe(0);
	}
});

test("people of a month in which nobody looked are gone at the end of the following month", async () => {
	const clock = new MockClock(Date.parse("2026-11-30T23:00:00Z"));
	const open = openLedger({ clock });
	await logIn(open, "1");
	goTo(clock, "2026-12-31T23:59:59.999Z");
	expect(await keysOf(open.storage, "person")).toBe(1);

	clock.advance(1);

	expect(await keysOf(open.storage, "person")).toBe(0);
});

describe("a user who is deleted", () => {
	const hashesIn = async ({ storage }: Open): Promise<string[]> =>
		(await allEntries(storage, ["person"])).map(({ key }) => String(key.at(-1)));

	test("still counts, and nothing leads to them", async () => {
		const open = openLedger();
		await logIn(open, "1");
		await logIn(open, "1", OAUTH1);
		await logIn(open, "2");
		const [entry] = await open.ledger.since(0);
		const others = await hashesIn(open);
		expect(others).toContain(entry?.who);

		await open.ledger.forget("user-1");

		const left = await hashesIn(open);
		expect(left).toHaveLength(3);
		expect(left.filter((each) => others.includes(each))).toHaveLength(1);
		expect(await monthOf(open, "2026-01-15")).toEqual({ "acorn oauth1": 1, "acorn oauth2": 2 });
	});

	test("leaves no hash that a log-in writes again between the look and the deletion", async () => {
		const open = openLedger();
		await logIn(open, "1");
		const [hash = ""] = await hashesIn(open);
		const { storage, people } = open;
		const commit = storage.commit.bind(storage);
		let isFirst = true;
		storage.commit = async (change) => {
			const [key] = change.deletes ?? [];
			if (isFirst && key !== undefined) {
				isFirst = false;
				await commit({ sets: [{ key, value: null }] });
			}
			return commit(change);
		};
		await people.erase(new Set([hash]));
		expect(isFirst).toBe(false);
		expect(await hashesIn(open)).not.toContain(hash);
	});

	test("leaves no hash with a log-in that another node writes after that, not even for a moment", async () => {
		const clock = new MockClock();
		const inner = new MemoryStorage(clock);
		const one = openLedger({ clock, storage: inner });
		await logIn(one, "1");
		const [hash] = await hashesIn(one);
		await one.ledger.forget("user-1");
		const written: unknown[] = [];
		const storage: HostStorage = {
			get: (key) => inner.get(key),
			take: (key) => inner.take(key),
			list: (prefix, options) => inner.list(prefix, options),
			commit: async (commit) => {
				const done = await inner.commit(commit);
				written.push(...(done ? (commit.sets ?? []).map(({ key }) => key.at(-1)) : []));
				return done;
			},
		};
		const two = openLedger({ clock, storage });

		await logIn(two, "1");
		await logIn(two, "2");

		expect(await hashesIn(two)).toHaveLength(3);
		expect(written).not.toContain(hash);
	});

	test("counts once if another node adds the day up meanwhile", async () => {
		const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
		const inner = new MemoryStorage(clock);
		const pausing = new PausingStorage(inner);
		const one = openLedger({ clock, storage: inner });
		const two = openLedger({ clock, storage: pausing });
		await logIn(one, "1");
		clock.advance(DAY);
		const { reached, goOn } = pausing.stopAt(
			"before",
			({ kind, keys }) => kind === "commit" && keys[0]?.[0] === "person",
		);
		const forgetting = two.ledger.forget("user-1");
		await reached;

		expect(await monthOf(one, "2026-11-05")).toEqual({ "acorn oauth2": 1 });
		goOn();
		await forgetting;

		expect(await keysOf(inner, "person")).toBe(0);
	});

	test("leaves no hash while another node adds the day up", async () => {
		const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
		const inner = new MemoryStorage(clock);
		const pausing = new PausingStorage(inner);
		const [one, two] = [
			openLedger({ clock, storage: inner }),
			openLedger({ clock, storage: pausing }),
		];
		await logIn(one, "1");
		await logIn(one, "2");
		clock.advance(DAY);
		const { reached, goOn } = pausing.stopAt("before", ({ kind }) => kind === "commit");
		const counting = monthOf(two, "2026-11-05");
		await reached;

		await one.ledger.forget("user-1");
		goOn();

		expect(await counting).toEqual({ "acorn oauth2": 2 });
		expect(await keysOf(inner, "person")).toBe(0);
	});
});

test("a count that cannot be read is reported and kept, and the others are shown", async () => {
	const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
	const open = openLedger({ clock });
	const refused = { key: ["people", "2026-11", "2026-11-05", "acorn"], value: { people: "many" } };
	await open.storage.commit({ sets: [refused] });
	await logIn(open, "1");
	clock.advance(DAY);
	await logIn(open, "1");
	clock.advance(DAY);

	expect(await monthOf(open, "2026-11-05")).toEqual({ "acorn oauth2": 2 });
	expect(await monthOf(open, "2026-11-05")).toEqual({ "acorn oauth2": 2 });

	expect(await open.storage.get(refused.key)).toMatchObject({ value: refused.value });
	expect(open.problems.map(([what]) => what)).toContain(
		"the people who logged in on a day are not added up",
	);
});

describe("of two nodes that add up a day", () => {
	const atNextDay = async (people: number) => {
		const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
		const inner = new MemoryStorage(clock);
		const one = openLedger({ clock, storage: inner });
		for (let account = 1; account <= people; account += 1) {
			await logIn(one, String(account));
		}
		clock.advance(DAY);
		return { clock, inner, one };
	};

	test("the one that was slower after both listed the same people counts nobody again", async () => {
		const { clock, inner, one } = await atNextDay(2);
		const pausing = new PausingStorage(inner);
		const { reached, goOn } = pausing.stopAt(
			"after",
			({ kind, keys }) => kind === "list" && keys[0]?.[2] === "2026-11-05",
		);
		const slower = monthOf(openLedger({ clock, storage: pausing }), "2026-11-05");
		await reached;

		expect(await monthOf(one, "2026-11-05")).toEqual({ "acorn oauth2": 2 });
		goOn();

		expect(await slower).toEqual({ "acorn oauth2": 2 });
		expect(await monthOf(one, "2026-11-05")).toEqual({ "acorn oauth2": 2 });
	});

	test("the one that was slower adds its people to those of the other, who are not on its page", async () => {
		const { clock, inner, one } = await atNextDay(2);
		const [first] = await allEntries(inner, ["person"]);
		const listing = (isListed: (hash?: string) => boolean): HostStorage => ({
			get: (key) => inner.get(key),
			take: (key) => inner.take(key),
			commit: (commit) => inner.commit(commit),
			list: async (prefix, options) => {
				const { entries } = await inner.list(prefix, options);
				return { entries: entries.filter(({ key }) => isListed(key.at(-1))) };
			},
		});
		const pausing = new PausingStorage(listing((hash) => hash !== first?.key.at(-1)));
		const { reached, goOn } = pausing.stopAt("before", ({ kind }) => kind === "commit");
		const slower = openLedger({ clock, storage: pausing }).people.foldWhenDue();
		await reached;

		const faster = listing((hash) => hash === first?.key.at(-1));
		await openLedger({ clock, storage: faster }).people.foldWhenDue();
		goOn();
		await slower;

		expect(await keysOf(inner, "person")).toBe(0);
		expect(await monthOf(one, "2026-11-05")).toEqual({ "acorn oauth2": 2 });
	});
});

describeEachEngine((openStorage) => {
	test("two nodes that add up the same days at once count each person once", async () => {
		const clock = new MockClock(Date.parse("2026-11-05T12:00:00Z"));
		const storage = await openStorage(clock);
		const nodes = [openLedger({ clock, storage }), openLedger({ clock, storage })] as const;
		for (let day = 0; day < 2; day += 1) {
			for (let account = 0; account < 700; account += 1) {
				nodes[day]?.ledger.record(
					end(account % 2 === 0 ? OAUTH1 : OAUTH2, { subject: `x:${account}` }),
				);
			}
			await nodes[day]?.ledger.settled();
			clock.advance(DAY);
		}
		clock.advance(HOUR);

		const counts = { "acorn oauth1": 700, "acorn oauth2": 700 };
		await Promise.all(nodes.map((each) => monthOf(each, "2026-11-05")));

		expect(await monthOf(nodes[0], "2026-11-05")).toEqual(counts);
		expect(await monthOf(openLedger({ clock, storage, keys: [KEY] }), "2026-11-05")).toEqual(
			counts,
		);
		expect(await keysOf(storage, "person")).toBe(0);
		expect(await keysOf(storage, "people")).toBe(2);
	}, 60_000);
});
