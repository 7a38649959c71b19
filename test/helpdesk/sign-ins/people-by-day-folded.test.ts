// How the people of a day that is over are added up.
import { describe, expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DAY, end, KEY, openLedger } from "../../kit/helpdesk/open-ledger.ts";
import {
	goTo,
	HOUR,
	keysOf,
	logIn,
	monthOf,
	OAUTH1,
	OAUTH2,
} from "../../kit/helpdesk/people-of-days.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

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
			list: async (prefix) => {
				const { entries } = await inner.list(prefix);
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
