// Over TLS, while a visitor takes their time on X's page.

/** TCP and TLS 1.3 are a round trip each before the first call. */
const TRIPS_OF_A_CONNECTION = 2;

const CLOSED_AFTER_MS = 1_000;
const CAME_BACK_AFTER_MS = 3_000;
const CAME_BACK = 10;

/** @returns by the seconds on X's page, what a new and a returning visitor cost X, once connections are there. */
export async function measureConnections(stage, contestants, { pausesSeconds }) {
	const figures = {};
	await Promise.all(
		contestants.flatMap((contestant) => {
			const own = { pauses: {} };
			figures[contestant.name] = own;
			return [
				...pausesSeconds.map(async (pause) => {
					own.pauses[pause] = await withPause(stage, contestant, pause * 1000);
				}),
				failuresAfterClose(stage, contestant).then((failures) => {
					own.failuresAfterClose = failures;
				}),
			];
		}),
	);
	return figures;
}

async function withPause(stage, contestant, pauseMs) {
	const x = await stage.openX();
	const server = await stage.start(contestant, x, { scheme: "https" });
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

/** Log-ins that failed because X had closed its idle connections while the visitors were on its page. */
async function failuresAfterClose(stage, contestant) {
	const x = await stage.openX({ idleMs: CLOSED_AFTER_MS });
	const server = await stage.start(contestant, x, { scheme: "https" });
	const task = { count: CAME_BACK, concurrency: CAME_BACK };
	const { problems } = await server.logIns({
		...task,
		pauseMs: CAME_BACK_AFTER_MS,
		forgiving: true,
	});
	await server.stop();
	return { of: CAME_BACK, failed: problems.length };
}
