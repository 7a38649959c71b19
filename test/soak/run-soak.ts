import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { engineBytes } from "./engine-bytes.ts";
import { BEFORE_ALL_TIME, leftoversOf } from "./leftovers.ts";
import { NO_MEMORY, sampleMemory } from "./memory-samples.ts";
import { storeSignInHistory } from "./sign-in-history.ts";
import { openSoakHouse } from "./soak-house.ts";
import type { Memory } from "./soak-node.ts";
import { newStorageUrl, type SoakOptions } from "./soak-options.ts";
import { countThoseLeft, storeStaleStarts } from "./stale-starts.ts";
import { countStored, type StoredKinds } from "./stored-kinds.ts";
import { driveTraffic, type Load, visitsIn } from "./traffic.ts";
import { type Latency, VisitLog } from "./visit-log.ts";
import { VISITS, type VisitKind } from "./visits.ts";

export interface SoakFigures {
	readonly seconds: number;
	/** Successful visits. */
	readonly visits: number;
	readonly latencies: Readonly<Record<string, Latency>>;
	/** Errors and how often each happened. */
	readonly errors: ReadonlyMap<string, number>;
	readonly nodes: readonly NodeMemory[];
	/** Entries before and after the traffic. */
	readonly stored: { readonly start: StoredKinds; readonly end: StoredKinds };
	/** Bytes that the engine uses. */
	readonly engineBytes: { readonly start: number; readonly end: number };
	/** People with an account before and after the traffic. */
	readonly people: { readonly start: number; readonly end: number };
	/** Log-ins, abandoned and expired before the run, that are still stored. */
	readonly staleStarts: number;
	/** Entries that outlived their lifetime, by kind. */
	readonly leftovers: ReadonlyMap<string, number>;
}

/** Start and end are measured after a garbage collection. The maximum is the largest sample. */
interface NodeMemory {
	readonly start: Memory;
	readonly end: Memory;
	readonly max: Memory;
}

const MAX_WARM_UP_SECONDS = 30;
/** A shorter run writes too little to trim the sign-in ledger. */
const OF_CONSEQUENCE_SECONDS = 60;

/** @param atEnd gets functions that end and remove what the run started, in the order of the starts. */
export async function runSoak(
	{ minutes, rate, engine }: SoakOptions,
	atEnd: (end: () => unknown) => void,
): Promise<SoakFigures> {
	const load: Load = { seconds: minutes * 60, rate };
	// The warm-up covers what a process does once: code is compiled, connections are opened, buffers grow.
	const warmUp: Load = { seconds: Math.min(load.seconds / 4, MAX_WARM_UP_SECONDS), rate };
	const storage = await newStorageUrl(engine, atEnd);
	const stale = await storeStaleStarts(storage);
	if (load.seconds >= OF_CONSEQUENCE_SECONDS) {
		await storeSignInHistory(storage);
	}
	const { place, nodes } = await openSoakHouse(storage, visitsIn(load) + visitsIn(warmUp), atEnd);
	const raw = await openStorageAt(storage, BEFORE_ALL_TIME);

	const log = new VisitLog();
	const warmUpLog = new VisitLog();
	const visit = (kind: VisitKind) => VISITS[kind](place);
	for (const kind of Object.keys(VISITS) as VisitKind[]) {
		await warmUpLog.watch(kind, performance.now(), () => visit(kind));
	}
	await driveTraffic(warmUp, visit, warmUpLog);
	const start = await Promise.all(nodes.map((node) => node.memory({ collected: true })));
	const storedBefore = await countStored(raw);
	const bytesBefore = await engineBytes(storage);
	const peopleBefore = place.newcomers.come;
	const begin = performance.now();
	const sampling = sampleMemory(nodes);
	await Promise.race([driveTraffic(load, visit, log), sampling.failure]);
	const max = await sampling.stop();
	const seconds = (performance.now() - begin) / 1000;
	const end = await Promise.all(nodes.map((node) => node.memory({ collected: true })));
	const bytesAfter = await engineBytes(storage);
	const staleStarts = await countThoseLeft(raw, stale);
	for (const node of nodes) {
		const code = await node.stop();
		if (code !== 0) {
			log.fail("node", `a node ended with the code ${code}`);
		}
	}
	const stored = { start: storedBefore, end: await countStored(raw) };
	await raw.close();
	const complaints = nodes.flatMap(({ complaints }) => [...complaints]);
	const latencies = log.latencies();
	return {
		seconds,
		visits: Object.values(latencies).reduce((sum, { count }) => sum + count, 0),
		latencies,
		errors: summed([...warmUpLog.errors, ...log.errors, ...complaints]),
		nodes: nodes.map((_, index) => ({
			start: start[index] ?? NO_MEMORY,
			end: end[index] ?? NO_MEMORY,
			max: max[index] ?? NO_MEMORY,
		})),
		stored,
		engineBytes: { start: bytesBefore, end: bytesAfter },
		people: { start: peopleBefore, end: place.newcomers.come },
		staleStarts,
		leftovers: await leftoversOf(storage),
	};
}

function summed(counts: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
	const sums = new Map<string, number>();
	for (const [name, count] of counts) {
		sums.set(name, (sums.get(name) ?? 0) + count);
	}
	return sums;
}
