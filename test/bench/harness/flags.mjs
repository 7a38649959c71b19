import { parseArgs } from "node:util";

const ROUNDS = 5;
const QUICK_ROUNDS = 2;

/** What is measured, in this order. */
export const FIGURES = ["log-ins", "connections", "memory", "start-up", "artifact"];

/**
 * How long and how often is measured. A server is warm after so many log-ins, however long they take on a busy machine; only
 * the slowest end at the seconds.
 */
const FULL = {
	warmUp: { seconds: 40, count: 6000 },
	seconds: 2.5,
	latencyLogIns: 24,
	pausesSeconds: [7, 30],
	starts: 50_000,
	imports: 11,
};
const QUICK = {
	warmUp: { seconds: 20, count: 4000 },
	seconds: 1,
	latencyLogIns: 8,
	pausesSeconds: [7],
	starts: 10_000,
	imports: 5,
};

/** @returns what the command line asks for; `chosen` says whether a contestant takes part. */
export function readFlags(args) {
	const { values } = parseArgs({
		args,
		options: {
			json: { type: "boolean", default: false },
			quick: { type: "boolean", default: false },
			rounds: { type: "string" },
			only: { type: "string", multiple: true, default: [] },
			figure: { type: "string", multiple: true, default: FIGURES },
		},
	});
	const { json, quick, only, figure: figures } = values;
	const rounds = Number(values.rounds ?? (quick ? QUICK_ROUNDS : ROUNDS));
	const unknown = figures.find((name) => !FIGURES.includes(name));
	if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
		throw new Error(`--rounds is a number from 1, --figure one of ${FIGURES.join(", ")}`);
	}
	return {
		json,
		rounds,
		figures,
		...(quick ? QUICK : FULL),
		// Everything is told as a ratio to a floor.
		chosen: ({ name, kind }) => only.length === 0 || kind === "floor" || only.includes(name),
	};
}
