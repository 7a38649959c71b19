// When log-ins count as failing, and when as well again.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
	type BrandHealth,
	STORED_HEALTH,
	unknownHealth,
	type Verdict,
	withNotes,
} from "../../../src/helpdesk/alerts/brand-health.ts";
import { judged } from "../../../src/helpdesk/alerts/judge-health.ts";
import { emptyNote, withEnd } from "../../../src/helpdesk/sign-ins/attempt-note.ts";
import type { SignInEntry } from "../../../src/helpdesk/sign-ins/sign-in-entry.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-02T08:00:00.000Z");

/** What happens in a minute: `start` is a network that goes to X. */
type Happening = "start" | keyof typeof ENDS;
const ENDS = {
	in: { outcome: "came-in", code: "signed-in", problem: null, awayMs: 1 },
	cancel: { outcome: "cancelled", code: "cancelled", problem: null, awayMs: 1 },
	keys: { outcome: "refused", code: "x-misconfigured", problem: "bad-keys", awayMs: null },
	credits: { outcome: "refused", code: "x-misconfigured", problem: "no-credits", awayMs: 1 },
	timeout: { outcome: "refused", code: "x-unavailable", problem: "timeout", awayMs: null },
	verifier: { outcome: "refused", code: "x-rejected", problem: "verifier-refused", awayMs: 1 },
	expired: { outcome: "refused", code: "login-expired", problem: null, awayMs: 1 },
	locked: {
		...{ outcome: "refused", code: "x-account-locked", problem: "account-locked" },
		awayMs: 1,
	},
} as const satisfies Record<string, Partial<SignInEntry>>;

/** The happenings of some minutes, by the number of the minute. */
type Story = Readonly<Record<number, readonly Happening[]>>;

function entry(happening: keyof typeof ENDS, at: number): SignInEntry {
	return {
		...{ at, brandId: "acorn", traceCode: "7F3K-9QWD", wanted: "log-in", durationMs: 1 },
		...{ calls: 1, waitedMs: 1, protocol: "oauth1", who: null, isIndexed: true },
		...ENDS[happening],
	};
}

/** Judges a brand once a minute, as the helpdesk does. @returns the verdicts, without repetitions. */
function told(story: Story, minutes: number, testedAt = 0, health = unknownHealth("acorn")) {
	const verdicts: { readonly minute: number; readonly verdict: Verdict }[] = [];
	let known: BrandHealth = health;
	for (let minute = 0; minute < minutes; minute += 1) {
		const from = START + minute * MINUTE;
		let note = emptyNote("acorn", from);
		for (const happening of story[minute] ?? []) {
			note =
				happening === "start"
					? { ...note, starters: note.starters + 1 }
					: withEnd(note, entry(happening, from + 1000));
		}
		const now = from + MINUTE;
		known = withNotes(known, [note], now);
		const verdict = judged(known, now, testedAt <= now ? testedAt : 0);
		if (verdict.kind !== known.verdict.kind) {
			verdicts.push({ minute, verdict });
		}
		known = { ...known, verdict };
	}
	expect(STORED_HEALTH.read(known)).toEqual(known);
	return { verdicts, known };
}

function every(minutes: number, of: number, ...happenings: readonly Happening[]): Story {
	const times = Array.from({ length: Math.ceil(of / minutes) }, (_, index) => index * minutes);
	return Object.fromEntries(times.map((minute) => [minute, happenings]));
}

const HOUR = 60;
const DAY = 24 * HOUR;

test.each<readonly [string, Story, number, string | undefined]>([
	["nothing happens", {}, 100, undefined],
	["everybody comes in", every(3, 300, "start", "in"), 300, undefined],
	["everybody cancels", every(1, 300, "start", "cancel"), 300, undefined],
	["everybody takes too long", every(1, 300, "start", "expired"), 300, undefined],
	["visitors whose accounts are locked", every(1, 300, "start", "locked"), 300, undefined],
	["one attempt finds wrong keys", { 5: ["keys"] }, 300, undefined],
	["two attempts in a row find wrong keys", { 5: ["keys"], 9: ["keys"] }, 300, "bad-keys"],
	["wrong keys, hours apart", { 5: ["keys"], 600: ["keys"] }, 700, "bad-keys"],
	["wrong keys, more than a day apart", { 5: ["keys"], 1500: ["keys"] }, 1600, undefined],
	["wrong keys, and a visitor who cancels", { 5: ["keys", "cancel", "keys"] }, 9, "bad-keys"],
	["X is away in passing", { 5: ["timeout", "timeout", "timeout", "timeout"] }, 300, undefined],
	["X is away", { 5: ["timeout"], 12: ["timeout"], 15: ["timeout"] }, 300, "timeout"],
	["every tenth attempt times out", every(2, 300, ...nineAnd("timeout")), 300, undefined],
	["every second attempt times out", every(1, 300, "start", "in", "timeout"), 300, "timeout"],
	[
		"X is away at a brand with many visitors",
		{
			...every(
				1,
				100,
				..."i"
					.repeat(40)
					.split("")
					.map(() => "in" as const),
			),
			...away(50, 75),
		},
		100,
		"timeout",
	],
	[
		"one network sends bad verifiers",
		{ 0: ["start"], ...every(1, 300, "verifier") },
		300,
		undefined,
	],
	["many networks bring what X refuses", every(4, 60, "start", "verifier"), 60, "verifier-refused"],
	["few networks do not come back", every(3, 20, "start"), 300, undefined],
	["many networks do not come back", every(3, 40, "start"), 80, "unfinished"],
	["many networks have begun a moment ago", every(1, 15, "start"), 16, undefined],
	[
		"a brand at which one of ten comes back, and twenty do not",
		{ ...every(10, DAY, ...mostNot()), ...shifted(every(2, 40, "start"), DAY) },
		DAY + 2 * HOUR,
		undefined,
	],
])("%s", (_, story, minutes, why) => {
	const { verdicts } = told(story, minutes);
	if (why === undefined) {
		expect(verdicts).toEqual([]);
	} else {
		expect(verdicts[0]?.verdict).toMatchObject({
			kind: "failing",
			why: expect.stringContaining(why),
		});
	}
});

function nineAnd(last: Happening): readonly Happening[] {
	return ["start", ...Array<Happening>(9).fill("in"), last];
}

function mostNot(): readonly Happening[] {
	return [...Array<Happening>(10).fill("start"), "in"];
}

function away(from: number, to: number): Story {
	const minutes = Array.from({ length: to - from }, (_, index) => from + index);
	return Object.fromEntries(minutes.map((minute) => [minute, Array(40).fill("timeout")]));
}

test("the verdict names the first failure, and when somebody comes in again", () => {
	const story: Story = {
		...{ 5: ["in"], 200: ["keys"], 300: ["keys"], 400: ["keys"] },
		...{ 500: ["in"], 530: ["in"] },
	};
	expect(told(story, 600).verdicts).toEqual([
		{
			minute: 300,
			verdict: {
				kind: "failing",
				since: START + 200 * MINUTE + 1000,
				why: "refused x-misconfigured bad-keys",
			},
		},
		// One visitor came in, and nothing failed for an hour.
		{ minute: 500, verdict: { kind: "well", since: START + 501 * MINUTE } },
	]);
});

test("a small brand stays failing while nobody tries, and a passed test makes it well", () => {
	const story: Story = { 5: ["keys"], 6: ["keys"] };
	expect(told(story, 3 * DAY).verdicts).toHaveLength(1);
	expect(told(story, 60, START + 3 * MINUTE).verdicts).toHaveLength(1);
	expect(told(story, 60, START + 30 * MINUTE).verdicts).toMatchObject([
		{ minute: 6 },
		{ minute: 29, verdict: { kind: "well" } },
	]);
});

test("after a passed test it takes new failures", () => {
	const testedAt = START + 30 * MINUTE;
	const story: Story = { 5: ["keys"], 6: ["keys"], 40: ["keys"], 50: ["keys"] };
	expect(told(story, 100, testedAt).verdicts.map(({ minute }) => minute)).toEqual([6, 29, 50]);
});

test("visitors who come back end that nobody comes back", () => {
	const { verdicts } = told({ ...every(3, 40, "start"), 60: ["cancel"] }, 100);
	expect(verdicts).toMatchObject([{ verdict: { kind: "failing" } }, { minute: 60 }]);
});

const happening = fc.constantFrom<Happening>(
	...["start" as const, ...(Object.keys(ENDS) as (keyof typeof ENDS)[])],
);
const anyStory = fc.dictionary(
	fc.integer({ min: 0, max: 200 }).map(String),
	fc.array(happening, { maxLength: 8 }),
	{ maxKeys: 120 },
);

test("property: an hour of visitors who come in makes every brand well", () => {
	fc.assert(
		fc.property(anyStory, (story) => {
			const { known } = told(story, 201);
			const after = told(shifted(every(5, 2 * HOUR, "start", "in"), 201), 201 + 90, 0, known);
			expect(after.known.verdict.kind).toBe("well");
		}),
		{ numRuns: 25 },
	);
});

test("property: what strangers send from one network makes no brand failing", () => {
	const theirs = fc.constantFrom<Happening>("cancel", "verifier", "expired", "locked");
	const story = fc.dictionary(
		fc.integer({ min: 0, max: 200 }).map(String),
		fc.array(theirs, { maxLength: 20 }),
	);
	fc.assert(
		fc.property(story, fc.integer({ min: 0, max: 30 }), (sent, pause) => {
			const real = pause === 0 ? {} : every(pause, 400, "start", "in");
			const mixed = Object.fromEntries(
				Array.from({ length: 401 }, (_, minute) => [
					minute,
					[...(real[minute] ?? []), ...(sent[String(minute)] ?? [])],
				]),
			);
			const begun = { ...mixed, 0: ["start" as const, ...(mixed[0] ?? [])] };
			expect(told(begun, 401).verdicts).toEqual([]);
		}),
		{ numRuns: 25 },
	);
});

test("property: visitors who cancel change no verdict", () => {
	fc.assert(
		fc.property(anyStory, (story) => {
			const judgedEnds = withoutReturns(story);
			const more = Object.fromEntries(
				Object.entries(judgedEnds).map(([minute, all]) => [minute, [...all, "locked" as const]]),
			);
			const kinds = (of: Story) =>
				told(of, 401).verdicts.filter(
					({ verdict }) => verdict.kind === "well" || verdict.why !== "unfinished",
				);
			expect(kinds(more)).toEqual(kinds(judgedEnds));
		}),
		{ numRuns: 25 },
	);
});

test("a brand at which a third fails stays as it is, failing or well", () => {
	const third = every(1, 400, "start", "in", "in", "timeout");
	const broken = told({ 1: ["keys", "keys"] }, 2).known;
	expect(told(third, 400).verdicts).toEqual([]);
	expect(told(third, 400, 0, broken).verdicts).toEqual([]);
});

function withoutReturns(story: Story): Story {
	return Object.fromEntries(
		Object.entries(story).map(([minute, all]) => [minute, all.filter((each) => each !== "start")]),
	);
}

function shifted(story: Story, by: number): Story {
	return Object.fromEntries(
		Object.entries(story).map(([minute, all]) => [Number(minute) + by, all]),
	);
}
