const CONCURRENCY = 32;
const WARM_UP = 2_000;
const LATER_MS = 25 * 3_600_000;

/**
 * Measures the memory of a log-in that was started and never finished, and what is left of all of them a day later,
 * when as many others have been started as before the first measurement.
 */
export async function measureMemory(stage, contestant, { starts }) {
	const server = await stage.start(contestant, await stage.openX(), { flags: ["--expose-gc"] });
	await server.starts({ count: WARM_UP, concurrency: CONCURRENCY });
	const before = await server.ask("memory");
	await server.starts({ count: starts, concurrency: CONCURRENCY });
	const pending = await server.ask("memory");
	await server.ask("advance", { milliseconds: LATER_MS });
	await server.starts({ count: WARM_UP, concurrency: CONCURRENCY });
	const after = await server.ask("memory");
	await server.stop();
	const each = (part) => (pending[part] - before[part]) / starts;
	return {
		starts,
		heapEach: each("heap"),
		rssEach: each("rss"),
		heapLeftBytes: after.heap - before.heap,
	};
}
