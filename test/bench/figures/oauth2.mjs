import { inRounds } from "./in-rounds.mjs";
import { CONCURRENCY, observed } from "./log-ins.mjs";

const SLICE = { concurrency: CONCURRENCY, count: 800 };
/** Before each slice: clients close connections to X that were idle meanwhile, and what runs elsewhere empties caches. */
const AWAKE = { concurrency: CONCURRENCY, count: 160 };
const KINDS = ["newcomers", "returning"];
const FIGURES = ["cpu", "calls", "connections"];

/**
 * Measures log-ins under OAuth 2.0 over TLS. In each round all contestants run side by side, each in a new process, and
 * take turns of 800 log-ins: whatever else the machine does then falls on all of them alike.
 *
 * @returns the means of each round, by contestant.
 */
export async function measureOAuth2(stage, contestants, plan, progress) {
	const rounds = [];
	for (let round = 1; round <= plan.rounds; round += 1) {
		progress(`round ${round} of ${plan.rounds}`);
		rounds.push(await measureRound(stage, contestants, plan));
	}
	return rounds;
}

async function measureRound(stage, contestants, { warmUp, slices }) {
	const opened = new Map();
	for (const contestant of contestants) {
		const server = await stage.start(contestant, await stage.openX(), { scheme: "https" });
		const { accounts } = await server.logIns({ concurrency: CONCURRENCY, ...warmUp });
		opened.set(contestant.name, { server, accounts });
	}
	const taken = await inRounds(contestants, slices, async ({ name }) => {
		const { server, accounts } = opened.get(name);
		await server.logIns({ ...AWAKE, accounts });
		const newcomers = await observed(server, SLICE);
		return { newcomers, returning: await observed(server, { ...SLICE, accounts }) };
	});
	for (const { server } of opened.values()) {
		await server.stop();
	}
	return Object.fromEntries(Object.keys(taken[0]).map((name) => [name, meansOf(taken, name)]));
}

/** All slices have the same number of log-ins. */
function meansOf(taken, name) {
	const mean = (kind, figure) =>
		taken.reduce((sum, slice) => sum + slice[name][kind][figure], 0) / taken.length;
	const ofKind = (kind) =>
		Object.fromEntries(FIGURES.map((figure) => [figure, mean(kind, figure)]));
	return Object.fromEntries(KINDS.map((kind) => [kind, ofKind(kind)]));
}
