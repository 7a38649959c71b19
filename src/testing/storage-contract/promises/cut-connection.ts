import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { HostStorage } from "../../../contract/storage.ts";

export interface StorageBehindConnection {
	readonly storage: HostStorage;
	/** Cuts the connection when so many more bytes went over it, in either direction; the next connection is whole. */
	cutAfter(bytes: number): void;
}

const CUTS = 24;
const BACK_WITHIN_MS = 15_000;

/** Commits over a connection that is cut at every place of the commit, before its answer and within it. */
export async function commitOverCutConnections({
	storage,
	cutAfter,
}: StorageBehindConnection): Promise<void> {
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
		assert.equal(new Set(cuts).size, 1, `all or nothing, cut after ${cut * 64} bytes`);
		assert.ok(done !== true || cuts[0] === cut, "what was answered is there");
	}
	assert.equal(await onceBack(() => storage.commit({ deletes: keys })), true);
}

/** A storage finds its way back by itself; meanwhile its calls reject. */
async function onceBack<Result>(call: () => Promise<Result>): Promise<Result> {
	const start = Date.now();
	while (true) {
		try {
			return await call();
		} catch (error) {
			assert.ok(error instanceof Error);
			if (Date.now() - start > BACK_WITHIN_MS) {
				throw error;
			}
			await delay(20);
		}
	}
}
