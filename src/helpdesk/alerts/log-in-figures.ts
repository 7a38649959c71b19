import { partsOfEnd } from "../sign-ins/end-kinds.ts";
import type { BrandHealth } from "./brand-health.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** How many ways in which attempts ended a page names. */
const MOST_ENDS = 3;

/** How attempts ended in a time. */
export interface LogInFigures {
	readonly cameIn: number;
	readonly refused: number;
	readonly cancelled: number;
}

/** How attempts of the last day and of the last week ended. */
export interface RecentLogIns {
	readonly day: LogInFigures;
	readonly week: LogInFigures;
	/** Why attempts of the last day were refused, the most frequent first. For the names see `endName`. */
	readonly refusals: readonly { readonly end: string; readonly count: number }[];
}

/** Sums up whole hours. @param now milliseconds since the epoch. */
export function recentLogIns({ hours }: Pick<BrandHealth, "hours">, now: number): RecentLogIns {
	const since = (age: number) => countsOf(hours.filter(({ from }) => from > now - age - HOUR_MS));
	const day = since(DAY_MS);
	return {
		day: figuresOf(day),
		week: figuresOf(since(7 * DAY_MS)),
		refusals: [...day]
			.filter(([end]) => partsOfEnd(end) !== undefined)
			.sort(([, one], [, other]) => other - one)
			.slice(0, MOST_ENDS)
			.map(([end, count]) => ({ end, count })),
	};
}

function countsOf(hours: BrandHealth["hours"]): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const [end, count] of hours.flatMap(({ ends }) => Object.entries(ends))) {
		counts.set(end, (counts.get(end) ?? 0) + count);
	}
	return counts;
}

function figuresOf(counts: ReadonlyMap<string, number>): LogInFigures {
	let refused = 0;
	for (const [end, count] of counts) {
		refused += partsOfEnd(end) === undefined ? 0 : count;
	}
	return {
		cameIn: counts.get("came-in") ?? 0,
		refused,
		cancelled: counts.get("cancelled") ?? 0,
	};
}
