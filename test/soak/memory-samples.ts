import { setInterval as every } from "node:timers/promises";
import type { Memory, SoakNode } from "./soak-node.ts";

const SAMPLE_MS = 1000;
export const NO_MEMORY: Memory = { rss: 0, heapUsed: 0, external: 0 };

/** Samples the memory of every node once a second until it is stopped, and returns each node's maximum. */
export function sampleMemory(nodes: readonly SoakNode[]): {
	/** Rejects if a node does not answer. Never resolves. */
	readonly failure: Promise<never>;
	stop(): Promise<readonly Memory[]>;
} {
	const ended = new AbortController();
	const max: Memory[] = nodes.map(() => NO_MEMORY);
	const sampling = (async () => {
		for await (const _ of every(SAMPLE_MS, undefined, { signal: ended.signal })) {
			for (const [index, node] of nodes.entries()) {
				max[index] = largest(max[index] ?? NO_MEMORY, await node.memory({ collected: false }));
			}
		}
	})().catch((error: unknown) => {
		if (!ended.signal.aborted) {
			throw error;
		}
	});
	const failure = sampling.then(() => new Promise<never>(() => undefined));
	// The run waits for the traffic and for this promise, and so learns of it.
	failure.catch(() => undefined);
	return {
		failure,
		stop: async () => {
			ended.abort();
			await sampling;
			return max;
		},
	};
}

function largest(one: Memory, other: Memory): Memory {
	return {
		rss: Math.max(one.rss, other.rss),
		heapUsed: Math.max(one.heapUsed, other.heapUsed),
		external: Math.max(one.external, other.external),
	};
}
