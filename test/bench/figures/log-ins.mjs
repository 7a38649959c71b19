import { median } from "../harness/statistics.mjs";

export const CONCURRENCY = 32;
const X_DELAY_MS = 50;
/** Visitors who came at the same time would wait for each other, because all of X's answers come at once. */
const LATENCY_LANES = 1;

/** Measures a contestant in one round, in a new process. */
export async function measureLogIns(stage, contestant, plan) {
	const x = await stage.openX();
	const spawned = performance.now();
	const server = await stage.start(contestant, x);
	await server.starts({ count: 1, concurrency: 1 });
	const startMs = performance.now() - spawned;

	await server.logIns({ concurrency: CONCURRENCY, ...plan.warmUp });
	const { seconds } = plan;
	const newcomers = await observed(server, { concurrency: CONCURRENCY, seconds });
	const { accounts } = newcomers;
	const returning = await observed(server, { concurrency: CONCURRENCY, seconds, accounts });
	const alone = await observed(server, { concurrency: 1, seconds, accounts });
	const crowd = await observed(server, { concurrency: 256, seconds, accounts });

	await x.delay(X_DELAY_MS);
	const latencyHttpMs = await latency(server, plan, accounts);
	await server.stop();
	return {
		startMs,
		cpu: { newcomers: newcomers.cpu, returning: returning.cpu },
		calls: { newcomers: newcomers.calls, returning: returning.calls },
		connections: { newcomers: newcomers.connections, returning: returning.connections },
		perSecond: {
			1: alone.perSecond,
			32: returning.perSecond,
			256: crowd.perSecond,
			newcomers: newcomers.perSecond,
		},
		latencyMs: { http: latencyHttpMs, https: await latencyOverTls(stage, contestant, plan) },
	};
}

/** Logs visitors in. @returns what each log-in cost the server, and who logged in. */
export async function observed(server, task) {
	const [cpu, counts] = await Promise.all([server.ask("cpu"), server.counts()]);
	const { count, seconds, accounts } = await server.logIns(task);
	const [cpuAfter, countsAfter] = await Promise.all([server.ask("cpu"), server.counts()]);
	return {
		/** Microseconds for each log-in. */
		cpu: (cpuAfter - cpu) / count,
		calls: (countsAfter.calls - counts.calls) / count,
		connections: (countsAfter.connections - counts.connections) / count,
		perSecond: count / seconds,
		accounts,
	};
}

async function latency(server, { latencyLogIns: count }, accounts) {
	const task = { concurrency: LATENCY_LANES, accounts };
	// The first one opens its connections.
	await server.logIns({ ...task, count: LATENCY_LANES });
	const { waits } = await server.logIns({ ...task, count });
	return median(waits);
}

async function latencyOverTls(stage, contestant, plan) {
	const x = await stage.openX();
	const server = await stage.start(contestant, x, { scheme: "https" });
	const { accounts } = await server.logIns({ concurrency: CONCURRENCY, count: 1000, seconds: 5 });
	await x.delay(X_DELAY_MS);
	const waited = await latency(server, plan, accounts);
	await server.stop();
	return waited;
}
