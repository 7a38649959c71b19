import { setTimeout as after } from "node:timers/promises";
import type { Clock } from "../../src/contract/clock.ts";
import type { HostStorage } from "../../src/contract/storage.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { countStored, LIFETIMES } from "./stored-kinds.ts";

/** A clock by which nothing has expired, so that a list has the entries that were not swept. */
export const BEFORE_ALL_TIME: Clock = { now: () => 0 };

/** A sweep keeps what expired within the last minute, because the clocks of nodes differ. */
const SPARED_MS = 61_000;
const COMMITS_A_SWEEP = 100;
const MAX_SWEEPS = 500;

/**
 * Advances the clock of a storage that nobody else uses any more, and sweeps it as a node does.
 *
 * @returns how many entries of each kind outlived their lifetime.
 */
export async function leftoversOf(url: string): Promise<ReadonlyMap<string, number>> {
	const leftovers = new Map<string, number>();
	const end = Date.now();
	const raw = await openStorageAt(url, BEFORE_ALL_TIME);
	for (const [kind, lifetime] of [...LIFETIMES].sort(([, a], [, b]) => a - b)) {
		const left = async () => (await countStored(raw)).get(kind)?.entries ?? 0;
		const later = await openStorageAt(url, { now: () => end + lifetime + SPARED_MS });
		const count = await sweptUntilNone(later, left);
		await later.close();
		if (count > 0) {
			leftovers.set(kind, count);
		}
	}
	await raw.close();
	return leftovers;
}

/** Sweeps by empty commits until a round changes nothing. */
async function sweptUntilNone(storage: HostStorage, left: () => Promise<number>): Promise<number> {
	let count = await left();
	for (let sweep = 0; sweep < MAX_SWEEPS && count > 0; sweep += 1) {
		for (let commit = 0; commit < COMMITS_A_SWEEP; commit += 1) {
			await storage.commit({});
		}
		// Some storages sweep beside the commits.
		await after(20);
		const now = await left();
		if (now === count && sweep > 5) {
			return now;
		}
		count = now;
	}
	return count;
}
