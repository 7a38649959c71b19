import { type JudgedEnd, MINUTE_MS } from "../sign-ins/attempt-note.ts";
import { kindOfEnd } from "../sign-ins/end-kinds.ts";
import { type BrandHealth, type MinuteCounts, UNFINISHED, type Verdict } from "./brand-health.ts";

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When log-ins count as failing and as well again. Every number of the rule is here. */
const THRESHOLDS = {
	/** So many attempts in a row that no visitor can have made fail: the provider refuses the app. */
	certainInARow: 2,
	/** So many in a row, over ten minutes at least, while the provider or the way to it is away. */
	likelyInARow: 3,
	/** So many in a row, of as many networks, where each failure may be one visitor's own doing. */
	weakInARow: 5,
	/** A failure in passing is over within this time. */
	lastsMs: 10 * MINUTE_MS,
	/** Attempts in a row count as such within this time. */
	rowWithinMs: DAY_MS,
	/** A rate is taken over this time, of at least so many failures, with at least this share of all attempts. */
	rateWithinMs: 15 * MINUTE_MS,
	rateFailures: 5,
	rateShare: 0.5,
	/** A brand at which attempts usually fail has to fail so many times as often, but no more often than this share. */
	timesUsual: 3,
	highestShare: 0.9,
	/** Fewer attempts than this do not say what is usual. */
	usualAttempts: 20,
	/** So many networks, and this little chance that all of them changed their minds, as far as it is known. */
	unfinishedStarters: 8,
	unfinishedChance: 0.001,
	/** A log-in takes so long at most: ten minutes at the provider and ten in forms. */
	unfinishedMs: 20 * MINUTE_MS,
	/** Well again: within ten minutes so many came in, and at most this share of all attempts failed. */
	wellGood: 3,
	wellShare: 0.1,
	/** Well again at a brand with few visitors: nothing failed for an hour, and the last attempt came in. */
	quietMs: HOUR_MS,
} as const;

const T = THRESHOLDS;

/** What a rule goes by. */
interface Facts {
	readonly health: BrandHealth;
	/** The ends since the brand was last well again, the oldest first. */
	readonly recent: readonly JudgedEnd[];
	/** The minutes since then, the oldest first. */
	readonly minutes: readonly MinuteCounts[];
	readonly now: number;
}

/**
 * Judges whether people can log in at a brand. Forged callbacks and visitors who cancel say nothing, so they are in none of
 * the counts. It takes more to become well again than to stay well, so that a brand does not go back and forth.
 *
 * @param now milliseconds since the epoch.
 * @param testedAt when a test of the set-up last passed.
 */
export function judged(health: BrandHealth, now: number, testedAt = 0): Verdict {
	const { verdict } = health;
	if (verdict.kind === "failing") {
		return isWellAgain(health, now, testedAt) ? { kind: "well", since: now } : verdict;
	}
	const after = Math.max(verdict.since, testedAt);
	const facts: Facts = {
		...{ health, now },
		recent: health.recent.filter(({ at }) => at > after && at > now - T.rowWithinMs),
		minutes: health.minutes.filter(({ from }) => from + MINUTE_MS > after && from <= now),
	};
	return failingInARow(facts) ?? failingByRate(facts) ?? unfinished(facts) ?? verdict;
}

function failingInARow({ recent, health, now }: Facts): Verdict | undefined {
	const goodAt = recent.findLastIndex(({ end }) => kindOfEnd(end) === "good");
	const row = recent.slice(goodAt + 1);
	const [first] = row;
	const last = row.at(-1);
	if (first === undefined || last === undefined) {
		return undefined;
	}
	const certain = row.filter(({ end }) => kindOfEnd(end) === "certain");
	if (certain.length >= T.certainInARow) {
		return failing(certain);
	}
	const lasts = last.at - first.at >= T.lastsMs;
	const likely = row.filter(({ end }) => kindOfEnd(end) !== "weak");
	if (lasts && likely.length >= T.likelyInARow) {
		return failing(likely);
	}
	const since = recent[goodAt]?.at ?? now - T.rowWithinMs;
	const isOfMany = startersAfter(health, since, now) >= T.weakInARow;
	return lasts && isOfMany && row.length >= T.weakInARow ? failing(row) : undefined;
}

function failingByRate({ health, recent, minutes, now }: Facts): Verdict | undefined {
	const window = minutes.filter(({ from }) => from > now - T.rateWithinMs);
	const failed = window.filter((minute) => minute.certain + minute.likely + minute.weak > 0);
	const [first] = failed;
	const last = failed.at(-1);
	if (first === undefined || last === undefined || last.from - first.from < T.lastsMs) {
		return undefined;
	}
	const { failures, share } = rateOf(window);
	const usual = usualShare(health, now);
	const limit = Math.min(Math.max(T.rateShare, T.timesUsual * usual), T.highestShare);
	const ends = recent.filter(({ at, end }) => at >= first.from && kindOfEnd(end) !== "good");
	return ends.length > 0 && failures >= T.rateFailures && share >= limit
		? { ...failing(ends), since: first.from }
		: undefined;
}

function unfinished({ health, now }: Facts): Verdict | undefined {
	const open = health.unfinished;
	if (
		open === null ||
		open.starters < T.unfinishedStarters ||
		now - open.since < T.unfinishedMs ||
		now - open.since > T.rowWithinMs
	) {
		return undefined;
	}
	const before = health.hours.filter(({ from }) => from + HOUR_MS <= open.since);
	const began = before.reduce((sum, { starters }) => sum + starters, 0);
	const returned = before.reduce((sum, hour) => sum + hour.returned, 0);
	const chanceOfReturn = Math.min((returned + 1) / (began + 2), 0.9);
	return (1 - chanceOfReturn) ** open.starters <= T.unfinishedChance
		? { kind: "failing", since: open.since, why: UNFINISHED }
		: undefined;
}

function isWellAgain(health: BrandHealth, now: number, testedAt: number): boolean {
	const { verdict, recent } = health;
	const cameInAt = recent.findLast(({ end }) => kindOfEnd(end) === "good")?.at ?? 0;
	if (verdict.kind === "failing" && verdict.why === UNFINISHED) {
		return health.unfinished === null || cameInAt > verdict.since;
	}
	const failedAt = recent.findLast(({ end }) => kindOfEnd(end) !== "good")?.at ?? verdict.since;
	if (testedAt > Math.max(failedAt, verdict.since)) {
		return true;
	}
	const { good, share } = rateOf(
		health.minutes.filter(({ from }) => from > now - T.lastsMs && from > verdict.since),
	);
	const isQuiet = cameInAt > failedAt && now - failedAt >= T.quietMs;
	return isQuiet || (good >= T.wellGood && share <= T.wellShare);
}

/** A failure that may be one visitor's own doing counts once for each network that did not come in. */
function rateOf(minutes: readonly MinuteCounts[]): {
	readonly good: number;
	readonly failures: number;
	readonly share: number;
} {
	const sum = (read: (minute: MinuteCounts) => number) =>
		minutes.reduce((total, minute) => total + read(minute), 0);
	const good = sum((minute) => minute.good);
	const others = Math.max(0, sum(({ starters }) => starters) - good);
	const weak = Math.min(
		sum((minute) => minute.weak),
		others,
	);
	const failures = sum(({ certain, likely }) => certain + likely) + weak;
	return { good, failures, share: failures / Math.max(1, good + failures) };
}

/** The share of attempts that usually fail, before the time in which a rate is taken. */
function usualShare({ hours }: BrandHealth, now: number): number {
	let good = 0;
	let failures = 0;
	for (const { ends } of hours.filter(({ from }) => from + HOUR_MS <= now - T.rateWithinMs)) {
		for (const [name, count] of Object.entries(ends)) {
			const kind = kindOfEnd(name);
			good += kind === "good" ? count : 0;
			failures += kind === undefined || kind === "good" ? 0 : count;
		}
	}
	return good + failures < T.usualAttempts ? 0 : failures / (good + failures);
}

/** How many networks went to the provider after a time. Of what is longer ago than two hours, whole hours count. */
function startersAfter({ minutes, hours }: BrandHealth, time: number, now: number): number {
	const counts = time > now - 2 * HOUR_MS + MINUTE_MS ? minutes : hours;
	return counts.filter(({ from }) => from >= time).reduce((sum, { starters }) => sum + starters, 0);
}

/** @param ends at least one. */
function failing(ends: readonly JudgedEnd[]): Extract<Verdict, { kind: "failing" }> {
	const counts = new Map<string, number>();
	for (const { end } of ends) {
		counts.set(end, (counts.get(end) ?? 0) + 1);
	}
	const [[why] = [""]] = [...counts].sort(([, one], [, other]) => other - one);
	return { kind: "failing", since: ends[0]?.at ?? 0, why };
}
