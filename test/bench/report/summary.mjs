import { CONTESTANTS, OAUTH2_CONTESTANTS, OPENID_CONTESTANTS } from "../contestants.mjs";
import { OPENID_KINDS } from "../figures/openid.mjs";
import { spread } from "../harness/statistics.mjs";

const KINDS = ["newcomers", "returning"];

/**
 * Turns the samples of the rounds into medians with their lowest and highest values. Ratios are taken within a round.
 */
export function summary(figures) {
	const { "log-ins": rounds, oauth2, connections, memory, openid, artifact } = figures;
	const contestants = CONTESTANTS.map(({ name, title, kind }) => ({
		name,
		title,
		kind,
		...(rounds?.[0][name] && ofRounds(rounds, name)),
		...(connections?.[name] && { connectionsAtX: connections[name] }),
		...(memory?.[name] && { memory: memory[name] }),
	}));
	return {
		noise: rounds && noiseOf(rounds, "floor-3", KINDS, (sample, kind) => sample.cpu[kind]),
		contestants: contestants.filter(
			({ cpu, connectionsAtX, memory: used }) => cpu ?? connectionsAtX ?? used,
		),
		oauth2: oauth2 && oauth2Summary(oauth2),
		openid: openid && openIdSummary(openid),
		startUp: figures["start-up"],
		artifact,
		language: figures.language,
	};
}

/** Log-ins under OAuth 2.0, beside arctic's in the same round. */
function oauth2Summary(rounds) {
	const [{ name: arctic }] = OAUTH2_CONTESTANTS;
	const arcticIn = (round, kind) =>
		(round[arctic][kind].cpu + round[`${arctic}-again`][kind].cpu) / 2;
	const both = (read) =>
		Object.fromEntries(
			KINDS.map((kind) => [kind, spread(rounds.map((round) => read(round, kind)))]),
		);
	return {
		noise: noiseOf(rounds, arctic, KINDS, (sample, kind) => sample[kind].cpu),
		contestants: OAUTH2_CONTESTANTS.filter(({ name }) => rounds[0][name]).map(
			({ name, title }) => ({
				...{ name, title },
				cpu: both((round, kind) => round[name][kind].cpu),
				toArctic: both((round, kind) => round[name][kind].cpu / arcticIn(round, kind)),
				calls: both((round, kind) => round[name][kind].calls),
				connections: both((round, kind) => round[name][kind].connections),
			}),
		),
	};
}

/** Log-ins at a connected helpdesk, of each kind. */
function openIdSummary(rounds) {
	const kinds = OPENID_KINDS.map(({ name }) => name);
	const [{ name: alone }] = OPENID_CONTESTANTS;
	const aloneIn = (round, kind) => (round[alone][kind].cpu + round[`${alone}-again`][kind].cpu) / 2;
	const ofKinds = (read) =>
		Object.fromEntries(
			kinds.map((kind) => [kind, spread(rounds.map((round) => read(round, kind)))]),
		);
	return {
		noise: noiseOf(rounds, alone, kinds, (sample, kind) => sample[kind].cpu),
		contestants: OPENID_CONTESTANTS.filter(({ name }) => rounds[0][name]).map(
			({ name, title }) => ({
				...{ name, title },
				cpu: ofKinds((round, kind) => round[name][kind].cpu),
				toAlone: ofKinds((round, kind) => round[name][kind].cpu / aloneIn(round, kind)),
				pages: ofKinds((round, kind) => round[name][kind].pages),
			}),
		),
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

/** The difference of two measurements of the same contestant in a round, as a fraction. */
function noiseOf(rounds, name, kinds, read) {
	const apart = (kind) =>
		spread(
			rounds.map((round) => {
				const [first, again] = [read(round[name], kind), read(round[`${name}-again`], kind)];
				return Math.abs(first - again) / ((first + again) / 2);
			}),
		);
	return Object.fromEntries(kinds.map((kind) => [kind, apart(kind)]));
}
