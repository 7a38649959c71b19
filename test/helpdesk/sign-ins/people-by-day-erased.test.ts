// What a deleted user leaves in the counts of a day.
import { describe, expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { DAY, openLedger } from "../../kit/helpdesk/open-ledger.ts";
import { keysOf, logIn, monthOf, OAUTH1, type Open } from "../../kit/helpdesk/people-of-days.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

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
