import { expect, test } from "vitest";
import type { SoakFigures } from "./run-soak.ts";
import { soakProblems } from "./soak-problems.ts";
import { OF_PEOPLE } from "./stored-kinds.ts";

const MEBIBYTE = 2 ** 20;
const MEMORY = { rss: 150 * MEBIBYTE, heapUsed: 25 * MEBIBYTE, external: 4 * MEBIBYTE };

/** Ten people before, and thirty after. */
function figures(changes: Partial<SoakFigures> = {}): SoakFigures {
	const kinds = (entries: Readonly<Record<string, number>>, people: number) =>
		new Map(
			[...OF_PEOPLE.map((kind) => [kind, people] as const), ...Object.entries(entries)].map(
				([kind, count]) => [kind, { entries: count, bytes: 100 * count }],
			),
		);
	return {
		seconds: 60,
		visits: 600,
		latencies: {},
		errors: new Map(),
		nodes: [{ start: MEMORY, end: MEMORY, max: MEMORY }],
		stored: { start: kinds({ operators: 1 }, 10), end: kinds({ operators: 1 }, 30) },
		engineBytes: { start: 0, end: 0 },
		people: { start: 10, end: 30 },
		staleStarts: 0,
		leftovers: new Map(),
		...changes,
	};
}

function storedAtTheEnd(kind: string, entries: number): Partial<SoakFigures> {
	const { start, end } = figures().stored;
	return { stored: { start, end: new Map([...end, [kind, { entries, bytes: 0 }]]) } };
}

function grown(what: keyof typeof MEMORY, mebibytes: number): Partial<SoakFigures> {
	const end = { ...MEMORY, [what]: MEMORY[what] + mebibytes * MEBIBYTE };
	return { nodes: [{ start: MEMORY, end, max: end }] };
}

test("new people, entries with a lifetime and a process that settles are not a problem", () => {
	expect(soakProblems(figures())).toEqual([]);
	expect(soakProblems(figures(storedAtTheEnd("sessions/portal", 9000)))).toEqual([]);
	expect(soakProblems(figures(grown("heapUsed", 5)))).toEqual([]);
});

test("a person has several words, and none of the notes that are worked off", () => {
	expect(soakProblems(figures(storedAtTheEnd("accounts/word", 12 * 30)))).toEqual([]);
	expect(soakProblems(figures(storedAtTheEnd("accounts/count-due", 0)))).toEqual([]);
});

test.each([
	[
		"more words than people have",
		storedAtTheEnd("accounts/word", 12 * 30 + 1),
		"361 entries of accounts/word",
	],
	["an unexpected answer", { errors: new Map([["new: 502", 3]]) }, "new: 502 (3 times)"],
	["a start that was not swept", { staleStarts: 2 }, "2 starts that had expired"],
	[
		"an entry that outlives its lifetime",
		{ leftovers: new Map([["outbox", 4]]) },
		"4 entries of outbox",
	],
	["a kind that grows", storedAtTheEnd("operators", 2), "operators grows"],
	["an unknown kind", storedAtTheEnd("footprints", 1), "footprints grows"],
	[
		"one account too many",
		storedAtTheEnd("accounts/account", 31),
		"31 entries of accounts/account",
	],
	["a ledger that is not trimmed", storedAtTheEnd("sign-ins/entry", 25_000), "more than are kept"],
	["a heap that does not shrink", grown("heapUsed", 9), "node 1 holds 9.0 MiB more"],
	["buffers that do not shrink", grown("external", 9), "node 1 holds 9.0 MiB more"],
	["a process that grows", grown("rss", 129), "node 1 has 129.0 MiB more resident"],
] as const)("%s is a problem", (_, changes, sentence) => {
	expect(soakProblems(figures(changes))).toEqual([expect.stringContaining(sentence)]);
});
