import { scaleQuantile } from "d3-scale";
import type { SignInEntry } from "./sign-in-entry.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** The periods that an operator can choose. Bars begin at full hours and days of UTC. */
export const PERIODS = {
	day: { bars: 24, barMs: HOUR, unitMs: HOUR },
	week: { bars: 7, barMs: DAY, unitMs: DAY },
	month: { bars: 30, barMs: DAY, unitMs: DAY },
	quarter: { bars: 18, barMs: 5 * DAY, unitMs: DAY },
} as const;

export type Period = keyof typeof PERIODS;

export interface OutcomeCounts {
	readonly "came-in": number;
	readonly cancelled: number;
	readonly refused: number;
}

export interface TimeBar extends OutcomeCounts {
	readonly from: number;
	readonly to: number;
}

/** The beginning of a period whose last bar contains now. */
export function startOf(period: Period, now: number): number {
	const { bars, barMs, unitMs } = PERIODS[period];
	return (Math.floor(now / unitMs) + 1) * unitMs - bars * barMs;
}

export function countOutcomes(entries: readonly SignInEntry[]): OutcomeCounts {
	const counts = { "came-in": 0, cancelled: 0, refused: 0 };
	for (const { outcome } of entries) {
		counts[outcome] += 1;
	}
	return counts;
}

export function overTime(entries: readonly SignInEntry[], period: Period, now: number): TimeBar[] {
	const { bars, barMs } = PERIODS[period];
	const start = startOf(period, now);
	const groups = Array.from({ length: bars }, (): SignInEntry[] => []);
	for (const entry of entries) {
		// An entry from the future, by a node whose clock is ahead, counts as now.
		groups[Math.min(bars - 1, Math.floor((entry.at - start) / barMs))]?.push(entry);
	}
	return groups.map((group, index) => {
		const from = start + index * barMs;
		return { from, to: from + barMs, ...countOutcomes(group) };
	});
}

/** The beginnings of the groups, in seconds on the provider's pages. The last group has no end. */
const SECONDS_AWAY = [0, 5, 10, 20, 30, 60, 120, 300] as const;

export interface AwayBar {
	readonly fromSeconds: number;
	readonly toSeconds: number | undefined;
	readonly count: number;
}

/** How long visitors stayed at the provider before they came back. */
export function timeAway(entries: readonly SignInEntry[]): AwayBar[] {
	return SECONDS_AWAY.map((fromSeconds, index) => {
		const toSeconds = SECONDS_AWAY[index + 1];
		const count = entries.filter(
			({ awayMs }) =>
				awayMs !== null &&
				awayMs >= fromSeconds * 1000 &&
				awayMs < (toSeconds ?? Number.POSITIVE_INFINITY) * 1000,
		).length;
		return { fromSeconds, toSeconds, count };
	});
}

export interface Tenths {
	/** How many values there are. */
	readonly count: number;
	readonly median: number;
	/** Nine of ten values are at most this. */
	readonly ninth: number;
}

/** @returns undefined without values. */
export function tenthsOf(values: readonly number[]): Tenths | undefined {
	const tenths = scaleQuantile<number>()
		.domain(values)
		.range([...Array(10).keys()])
		.quantiles();
	const [median, ninth] = [tenths[4], tenths[8]];
	return values.length === 0 || median === undefined || ninth === undefined
		? undefined
		: { count: values.length, median, ninth };
}
