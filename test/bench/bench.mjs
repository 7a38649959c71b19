// Measures X Login, its peers and two floors, interleaved in one run. `npm run bench` in the project installs the
// peers.
import { availableParallelism, totalmem } from "node:os";
import {
	CONTESTANTS,
	HELPDESK_ON_SQLITE,
	OAUTH2_CONTESTANTS,
	OPENID_CONTESTANTS,
} from "./contestants.mjs";
import { measureArtifact } from "./figures/artifact.mjs";
import { checkAtFakeX } from "./figures/check-at-fake-x.mjs";
import { measureConnections } from "./figures/connections.mjs";
import { inRounds } from "./figures/in-rounds.mjs";
import { measureLanguage } from "./figures/language.mjs";
import { measureLogIns } from "./figures/log-ins.mjs";
import { measureMemory } from "./figures/memory.mjs";
import { measureOAuth2 } from "./figures/oauth2.mjs";
import { measureOpenId } from "./figures/openid.mjs";
import { measureStartUp } from "./figures/start-up.mjs";
import { readFlags } from "./harness/flags.mjs";
import { Stage } from "./harness/stage.mjs";
import { mustHold } from "./report/must-hold.mjs";
import { summary } from "./report/summary.mjs";
import { tables } from "./report/tables.mjs";

const progress = (text) => console.error(text);

function measureRounds(stage, contestants, plan, measureOne) {
	return inRounds(contestants, plan.rounds, (contestant, round) => {
		progress(`${round}: ${contestant.name}`);
		return measureOne(stage, contestant, plan);
	});
}

async function measureEachMemory(stage, contestants, plan) {
	const figures = {};
	for (const contestant of contestants.filter(({ name }) => name !== "helpdesk")) {
		progress(`memory: ${contestant.name}`);
		figures[contestant.name] = await measureMemory(stage, contestant, plan);
	}
	return figures;
}

async function measure(stage, plan) {
	const contestants = CONTESTANTS.filter(plan.chosen);
	const underOAuth2 = OAUTH2_CONTESTANTS.filter(plan.chosen);
	const atX = plan.figures.filter((name) => name !== "openid");
	progress("one log-in each at a fake X that checks signatures and keys");
	await checkAtFakeX(stage, [
		...(atX.some((name) => name !== "oauth2") ? contestants : []),
		...(atX.includes("oauth2") ? underOAuth2 : []),
	]);
	const work = {
		"log-ins": () => measureRounds(stage, contestants, plan, measureLogIns),
		oauth2: () => measureOAuth2(stage, underOAuth2, plan, progress),
		connections: () => measureConnections(stage, contestants, plan),
		memory: () => measureEachMemory(stage, contestants, plan),
		openid: () => measureRounds(stage, OPENID_CONTESTANTS.filter(plan.chosen), plan, measureOpenId),
		"start-up": () => measureStartUp(stage, plan),
		artifact: () => measureArtifact(stage),
		language: () => measureLanguage(stage, HELPDESK_ON_SQLITE, plan),
	};
	const figures = {};
	const failed = [];
	for (const name of plan.figures) {
		progress(name);
		try {
			figures[name] = await work[name]();
		} catch (error) {
			// The figures of the others took many minutes, and do not depend on this one.
			progress(`${name} could not be measured: ${error.stack}`);
			failed.push(name);
		}
	}
	return { figures, failed };
}

const plan = readFlags(process.argv.slice(2));
const stage = await Stage.open();
try {
	const { figures, failed } = await measure(stage, plan);
	const results = {
		date: new Date().toISOString().slice(0, 10),
		node: process.versions.node,
		cores: availableParallelism(),
		memoryGigabytes: Math.round(totalmem() / 2 ** 30),
		rounds: plan.rounds,
		...summary(figures),
	};
	const claims = mustHold(results);
	console.log(
		plan.json ? JSON.stringify({ ...results, mustHold: claims }) : tables(results, claims),
	);
	process.exitCode = failed.length === 0 && claims.every(({ holds }) => holds !== false) ? 0 : 1;
} finally {
	await stage.close();
}
