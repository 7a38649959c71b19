// Measures connections over TLS while a visitor takes their time on X's page.

/** TCP and TLS 1.3 take one round trip each before the first call. */
const TRIPS_OF_A_CONNECTION = 2;

const CLOSED_AFTER_MS = 1_000;
const CAME_BACK_AFTER_MS = 3_000;
const CAME_BACK = 10;

/** @returns the cost to X of a new and a returning visitor once connections are open, by the seconds on X's page. */
export async function measureConnections(stage, contestants, { pausesSeconds }) {
	const figures = {};
	const waiting = [];
	// Servers start one after the other, because all at once they would be slow. The visitors then wait side by side.
	for (const contestant of contestants) {
		const own = { pauses: {} };
		figures[contestant.name] = own;
		for (const pause of pausesSeconds) {
			const server = await overTls(stage, contestant);
			waiting.push(async () => {
				own.pauses[pause] = await withPause(server, pause * 1000);
			});
		}
		const server = await overTls(stage, contestant, { idleMs: CLOSED_AFTER_MS });
		waiting.push(async () => {
			own.failuresAfterClose = await failuresAfterClose(server);
		});
	}
	await Promise.all(waiting.map((run) => run()));
	return figures;
}

async function overTls(stage, contestant, options) {
	return stage.start(contestant, await stage.openX(options), { scheme: "https" });
}

async function withPause(server, pauseMs) {
	const first = await server.logIns({ count: 1 });
	const counted = async (task) => {
		const before = await server.counts();
		await server.logIns({ count: 1, pauseMs, ...task });
		const after = await server.counts();
		const calls = after.calls - before.calls;
		const connections = after.connections - before.connections;
		return { calls, connections, roundTrips: calls + TRIPS_OF_A_CONNECTION * connections };
	};
	const returning = await counted({ accounts: first.accounts });
	const newcomers = await counted({});
	await server.stop();
	return { returning, newcomers };
}

/** Counts log-ins that failed because X had closed its idle connections while the visitors were on its page. */
async function failuresAfterClose(server) {
	const task = { count: CAME_BACK, concurrency: CAME_BACK };
	const { problems } = await server.logIns({
		...task,
		pauseMs: CAME_BACK_AFTER_MS,
		forgiving: true,
	});
	await server.stop();
	return { of: CAME_BACK, failed: problems.length };
}
