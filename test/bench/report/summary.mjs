import { CONTESTANTS } from "../contestants.mjs";
import { spread } from "../harness/statistics.mjs";

const KINDS = ["newcomers", "returning"];

/**
 * Turns the samples of the rounds into medians with their lowest and highest values. Ratios are taken within a round.
 */
export function summary(figures) {
	const { "log-ins": rounds, connections, memory, "start-up": startUp, artifact } = figures;
	const contestants = CONTESTANTS.map(({ name, title, kind }) => ({
		name,
		title,
		kind,
		...(rounds?.[0][name] && ofRounds(rounds, name)),
		...(connections?.[name] && { connectionsAtX: connections[name] }),
		...(memory?.[name] && { memory: memory[name] }),
	}));
	return {
		noise: rounds && noiseOf(rounds),
		contestants: contestants.filter(
			({ cpu, connectionsAtX, memory: used }) => cpu ?? connectionsAtX ?? used,
		),
		startUp,
		artifact,
	};
}

function ofRounds(rounds, name) {
	const over = (read) => spread(rounds.map((round) => read(round[name], round)));
	const both = (read) =>
		Object.fromEntries(KINDS.map((kind) => [kind, over((own, round) => read(own, kind, round))]));
	return {
		startMs: over(({ startMs }) => startMs),
		cpu: both((own, kind) => own.cpu[kind]),
		toFloor3: both((own, kind, round) => own.cpu[kind] / floor3(round, kind)),
		toFloor2: both((own, kind, round) => own.cpu[kind] / round["floor-2"].cpu[kind]),
		oursToThis: both(
			(own, kind, round) => (round["x-login"]?.cpu[kind] ?? Number.NaN) / own.cpu[kind],
		),
		calls: both((own, kind) => own.calls[kind]),
		connections: both((own, kind) => own.connections[kind]),
		perSecond: Object.fromEntries(
			[1, 32, 256, "newcomers"].map((at) => [at, over(({ perSecond }) => perSecond[at])]),
		),
		latencyMs: {
			http: over(({ latencyMs }) => latencyMs.http),
			https: over(({ latencyMs }) => latencyMs.https),
		},
	};
}

function floor3(round, kind) {
	return (round["floor-3"].cpu[kind] + round["floor-3-again"].cpu[kind]) / 2;
}

/** The difference of the floor's two measurements in a round, as a fraction. */
function noiseOf(rounds) {
	const apart = (kind) =>
		spread(
			rounds.map((round) => {
				const [first, again] = [round["floor-3"].cpu[kind], round["floor-3-again"].cpu[kind]];
				return Math.abs(first - again) / ((first + again) / 2);
			}),
		);
	return Object.fromEntries(KINDS.map((kind) => [kind, apart(kind)]));
}
