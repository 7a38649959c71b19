import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { HostStorage } from "../../../contract/storage.ts";

export interface StorageBehindConnection {
	readonly storage: HostStorage;
	/** Cuts the connection after this many more bytes in either direction. The next connection is not cut. */
	cutAfter(bytes: number): void;
}

const CUTS = 24;
const BETWEEN_TRIES_MS = 20;
/** Counted, not timed: on a busy machine a try takes longer. The tries take at least 15 seconds. */
const MAX_TRIES = 750;

export const CUT_CONNECTION_PROMISES: Readonly<
	Record<string, (opened: StorageBehindConnection) => Promise<void>>
> = {
	"A commit over a connection that is cut is applied as a whole or not at all": async ({
		storage,
		cutAfter,
	}) => {
		const keys = [["a"], ["b"], ["c"]];
		const text = "x".repeat(200);
		for (let cut = 0; cut < CUTS; cut += 1) {
			cutAfter(cut * 64);
			const value = { cut, text };
			const done = await storage
				.commit({ sets: keys.map((key) => ({ key, value })) })
				.catch((error: unknown) => {
					assert.ok(error instanceof Error);
					return undefined;
				});
			cutAfter(Number.POSITIVE_INFINITY);

			const found = await onceBack(() => Promise.all(keys.map((key) => storage.get(key))));
			const cuts = found.map((entry) => (entry?.value as { cut: number } | undefined)?.cut);
			assert.equal(new Set(cuts).size, 1, `cut after ${cut * 64} bytes, a part was written`);
			assert.ok(done !== true || cuts[0] === cut, "a commit that succeeded was not written");
		}
		assert.equal(await onceBack(() => storage.commit({ deletes: keys })), true);
	},
};

/** Repeats a call until the storage has connected again by itself. */
async function onceBack<Result>(call: () => Promise<Result>): Promise<Result> {
	for (let tries = 1; ; tries += 1) {
		try {
			return await call();
		} catch (error) {
			assert.ok(error instanceof Error);
			if (tries >= MAX_TRIES) {
				throw error;
			}
			await delay(BETWEEN_TRIES_MS);
		}
	}
}
