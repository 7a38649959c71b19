import { setTimeout as after } from "node:timers/promises";
import type { VisitLog } from "./visit-log.ts";
import type { VisitKind } from "./visits.ts";

/** Twenty visits. The traffic repeats them. */
const MIX: readonly VisitKind[] = [
	...["new", "returning", "abandoned", "returning", "cancelled"],
	...["returning", "forged", "new", "returning", "abandoned"],
	...["form", "returning", "new", "returning", "cancelled"],
	...["returning", "abandoned", "new", "forged", "returning"],
] as const;

/** The longest time that visits under way at the end may take. */
const PATIENCE_MS = 120_000;

export interface Load {
	readonly seconds: number;
	/** Visits per second. */
	readonly rate: number;
}

/** The number of visits of one kind among this many visits. */
export function countOf(kind: VisitKind, visits: number): number {
	return Math.ceil(visits / MIX.length) * MIX.filter((each) => each === kind).length;
}

export function visitsIn({ seconds, rate }: Load): number {
	return Math.round(seconds * rate);
}

/**
 * Sends visitors by the clock, whether or not earlier visits have ended (an open loop). Latencies count from the moment
 * when a visit was due. Resolves when all visits have ended.
 */
export async function driveTraffic(
	load: Load,
	visit: (kind: VisitKind) => Promise<void>,
	log: VisitLog,
): Promise<void> {
	const begin = performance.now();
	const underWay = new Set<Promise<void>>();
	for (let index = 0; index < visitsIn(load); index += 1) {
		const due = begin + (index * 1000) / load.rate;
		const early = due - performance.now();
		if (early > 0) {
			await after(early);
		}
		const kind = MIX[index % MIX.length] ?? "new";
		const one = log.watch(kind, due, () => visit(kind)).finally(() => underWay.delete(one));
		underWay.add(one);
	}
	const patience = new AbortController();
	const late = after(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
	await Promise.race([Promise.all(underWay), late]);
	patience.abort();
	if (underWay.size > 0) {
		log.fail("traffic", `${underWay.size} visits did not end`);
	}
}
