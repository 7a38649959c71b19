// Notes of how attempts end, from which the health of a brand is judged.
import { expect, test } from "vitest";
import type { LoginEndedFields } from "../../../src/contract/login-ended.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import {
	type AttemptNote,
	STORED_ATTEMPT_NOTE,
} from "../../../src/helpdesk/sign-ins/attempt-note.ts";
import { kindOfEnd } from "../../../src/helpdesk/sign-ins/end-kinds.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { end, openLedger, recordOneByOne } from "../../kit/helpdesk/open-ledger.ts";
import { CountingStorage } from "../../kit/storage/counting-storage.ts";

const MINUTE = 60_000;
const BAD_KEYS: Partial<LoginEndedFields> = {
	...{ outcome: "refused", code: "x-misconfigured", problem: "bad-keys", awayMs: null },
};

async function notesIn(storage: HostStorage): Promise<readonly AttemptNote[]> {
	const { entries } = await storage.list(["attempts"], { limit: 500 });
	return entries.flatMap(({ value }) => STORED_ATTEMPT_NOTE.read(value) ?? []);
}

function sumOf(notes: readonly AttemptNote[]): Record<string, number> {
	const sum: Record<string, number> = {};
	for (const [name, count] of notes.flatMap(({ ends }) => Object.entries(ends))) {
		sum[name] = (sum[name] ?? 0) + count;
	}
	return sum;
}

test("a note of a minute says how attempts ended, and what the provider said", async () => {
	const { ledger, storage, clock } = openLedger();
	ledger.record(end());
	ledger.record(end(BAD_KEYS));
	await ledger.settled();
	clock.advance(1000);
	ledger.record(end({ outcome: "cancelled", code: "cancelled" }));
	await ledger.settled();

	const [note, ...others] = await notesIn(storage);
	expect(others).toEqual([]);
	expect(note).toMatchObject({
		ends: { "came-in": 1, "refused x-misconfigured bad-keys": 1, cancelled: 1 },
		// Somebody who cancels says nothing about the brand.
		recent: [{ end: "came-in" }, { end: "refused x-misconfigured bad-keys" }],
		returned: 2,
		starters: 0,
	});
});

test("requests that belong to no attempt are not noted", async () => {
	const { ledger, storage } = openLedger();
	ledger.record(end({ outcome: "refused", code: "unknown-login", wanted: null }));
	await ledger.settled();
	expect(await notesIn(storage)).toEqual([]);
});

test("a note costs no operation of its own, and there is one for each minute", async () => {
	const clock = new MockClock(0);
	const storage = new CountingStorage(new MemoryStorage(clock));
	const { ledger } = openLedger({ clock, storage });
	await recordOneByOne(ledger, 1);
	storage.costsSoFar();
	await recordOneByOne(ledger, 9);
	expect(storage.costsSoFar().operations).toBe(9);
	expect(await notesIn(storage)).toMatchObject([{ ends: { "came-in": 10 } }]);
	clock.advance(MINUTE);
	await recordOneByOne(ledger, 1);
	expect(await notesIn(storage)).toHaveLength(2);
});

test("attempts count once where a commit fails and is tried again, even after the minute", async () => {
	const clock = new MockClock(0);
	const memory = new MemoryStorage(clock);
	let isAway = false;
	const storage: HostStorage = {
		get: (key) => memory.get(key),
		take: (key) => memory.take(key),
		list: (prefix, options) => memory.list(prefix, options),
		commit: (commit) => (isAway ? Promise.reject(new Error("away")) : memory.commit(commit)),
	};
	const { ledger, problems } = openLedger({ clock, storage });
	await recordOneByOne(ledger, 2);
	isAway = true;
	await recordOneByOne(ledger, 3);
	expect(problems).not.toEqual([]);
	isAway = false;
	clock.advance(3 * MINUTE);
	await recordOneByOne(ledger, 1);

	const notes = await notesIn(storage);
	expect(sumOf(notes)).toEqual({ "came-in": 6 });
	// The note of the first minute may be added up by now, so that it is as it was.
	expect(notes.map(({ ends }) => ends["came-in"]).sort()).toEqual([1, 2, 3]);
});

test("a network that starts many log-ins within a day counts once", async () => {
	const { attempts, storage, clock } = openLedger();
	for (let start = 0; start < 50; start += 1) {
		attempts.started("acorn", "203.0.113.7");
	}
	attempts.started("acorn", "203.0.113.8");
	attempts.started("harbor", "203.0.113.7");
	await attempts.settled();
	const startersOf = async () =>
		(await notesIn(storage)).map(({ brandId, starters }) => `${brandId} ${starters}`);
	expect(await startersOf()).toEqual(["acorn 2", "harbor 1"]);
	clock.advance(24 * 60 * MINUTE - 1);
	attempts.started("acorn", "203.0.113.7");
	await attempts.settled();
	expect(await startersOf()).toEqual(["acorn 2", "harbor 1"]);
	clock.advance(1);
	attempts.started("acorn", "203.0.113.7");
	await attempts.settled();
	// The notes of the day before are gone.
	expect(await startersOf()).toEqual(["acorn 1"]);
	expect(JSON.stringify(await notesIn(storage))).not.toContain("203.0.113");
});

test("a plugin that makes up codes has no more than 31 of them in a note", async () => {
	const { ledger, storage } = openLedger();
	for (let code = 0; code < 100; code += 1) {
		ledger.record(end({ outcome: "refused", code: `code-${code}` }));
	}
	await ledger.settled();
	const ends = sumOf(await notesIn(storage));
	expect(Object.keys(ends)).toHaveLength(31);
	expect(ends["refused other"]).toBe(70);
});

test.each([
	["came-in", "good"],
	["refused x-misconfigured bad-keys", "certain"],
	["refused x-other-protocol no-credits", "certain"],
	["refused x-unavailable timeout", "likely"],
	["refused x-unavailable", "likely"],
	["refused x-rejected verifier-refused", "weak"],
	["refused x-unavailable exchange-refused", "weak"],
	["refused unexpected", "weak"],
	["refused another-plugins-code its-problem", "weak"],
	["cancelled", undefined],
	["refused login-expired", undefined],
	["refused malformed-callback", undefined],
	["refused x-account-locked account-locked", undefined],
	["refused domain-refused", undefined],
	["refused other", undefined],
])("%s says %s about a brand", (name, kind) => {
	expect(kindOfEnd(name)).toBe(kind);
});
