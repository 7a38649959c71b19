import { parseArgs } from "node:util";

const ROUNDS = 5;
const QUICK_ROUNDS = 2;

/** The figures, in the order in which they are measured. */
export const FIGURES = [
	"log-ins",
	"oauth2",
	"connections",
	"memory",
	"openid",
	"start-up",
	"artifact",
	"language",
];

/**
 * How long and how often to measure. A warm-up is a number of log-ins, however long they take on a busy machine. The
 * limit of seconds ends only the slowest. `slices` is how often the contestants of `oauth2` take turns in a round; `turns`
 * is how often those of `language` do, each with so many `pages`.
 */
const FULL = {
	warmUp: { seconds: 40, count: 6000 },
	seconds: 2.5,
	slices: 4,
	latencyLogIns: 24,
	pausesSeconds: [7, 30],
	starts: 50_000,
	imports: 11,
	turns: 20,
	pages: 1500,
};
const QUICK = {
	warmUp: { seconds: 20, count: 4000 },
	seconds: 1,
	slices: 2,
	latencyLogIns: 8,
	pausesSeconds: [7],
	starts: 10_000,
	imports: 5,
	turns: 6,
	pages: 800,
};

/** @returns the options of the command line; `chosen` tells whether a contestant takes part. */
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
		// The report has only ratios to a floor.
		chosen: ({ name, kind }) => only.length === 0 || kind === "floor" || only.includes(name),
	};
}
