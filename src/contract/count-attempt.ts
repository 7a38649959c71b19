import type { Clock } from "./clock.ts";
import type { HostStorage, StorageKey, StorageValue } from "./storage.ts";
import { type Update, updateEntry } from "./update-entry.ts";

/** How often something may happen within a time. */
export interface Allowance {
	/** The entry that holds the count. Each thing that is counted has its own, so that a flood delays only itself. */
	readonly key: StorageKey;
	/** The most attempts within the window. */
	readonly most: number;
	/** The length of the window, which begins with its first attempt. Milliseconds. */
	readonly windowMs: number;
	/**
	 * Whether the attempt is only asked about, and not counted. Ask about each of several allowances before counting any, so
	 * that an attempt that one of them refuses does not use up the others.
	 */
	readonly isOnlyAsked?: boolean;
}

type Count = {
	readonly count: number;
	/** When counting starts again. Milliseconds since the epoch. */
	readonly until: number;
};

type Counter = { readonly storage: HostStorage; readonly clock: Clock };

/**
 * Counts an attempt in the storage, so that all nodes count together. Call it before the attempt has an effect:
 * simultaneous attempts cannot exceed the allowance. An attempt that is refused writes nothing.
 *
 * @returns 0 when the attempt is allowed, else the milliseconds until the next one is.
 * @throws StorageError
 * @throws Error when the stored count cannot be read. It stays in the storage until it expires.
 */
export async function countAttempt(counter: Counter, allowance: Allowance): Promise<number> {
	return updateEntry(counter.storage, () => attemptToCount(counter, allowance));
}

/**
 * What {@link countAttempt} writes and returns, for an attempt whose effect is in the same commit.
 *
 * @returns without a commit where the attempt is refused, or only asked about.
 */
export async function attemptToCount(
	{ storage, clock }: Counter,
	{ key, most, windowMs, isOnlyAsked }: Allowance,
): Promise<Update<number>> {
	const entry = await storage.get(key);
	const now = clock.now();
	const { count, until } =
		entry === undefined ? { count: 0, until: now + windowMs } : countIn(key, entry.value);
	const waitMs = count >= most ? Math.max(1, until - now) : 0;
	if (waitMs > 0 || isOnlyAsked) {
		return { result: waitMs };
	}
	const value: Count = { count: count + 1, until };
	return {
		commit: {
			checks: [{ key, version: entry?.version ?? null }],
			sets: [{ key, value, expiresAt: until }],
		},
		result: 0,
	};
}

function countIn(key: StorageKey, value: StorageValue): Count {
	const { count, until } = (value ?? {}) as { readonly [Field in keyof Count]?: unknown };
	if (typeof count !== "number" || typeof until !== "number") {
		throw new Error(`a stored count cannot be read: ${key[0]}`);
	}
	return { count, until };
}
