// Measures what a log-in costs with many accounts; see README.md beside this file.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apart, serverUrl } from "../../kit/storage/test-servers.ts";
import { readGrowthOptions, type StorageName } from "./growth-options.ts";
import { type Cost, costOf, growthProblems, growthTable } from "./growth-table.ts";
import { MeasuredHelpdesk } from "./measured-helpdesk.ts";

/** Rounds that are not counted, because code is compiled and caches fill. */
const WARM_UP_ROUNDS = 2;

const options = readGrowthOptions(process.argv.slice(2));
const costs: Cost[] = [];
for (const storage of options.storages) {
	costs.push(...(await measure(storage)));
}
const problems = growthProblems(costs);
if (options.json) {
	console.log(JSON.stringify({ costs, problems }));
} else {
	const { rounds, logins } = options;
	const day = new Date().toISOString().slice(0, 10);
	console.log(
		`${day}, Node ${process.versions.node}, ${rounds} rounds of ${logins} log-ins each\n`,
	);
	console.log([growthTable(costs), "", ...problems].join("\n"));
}
process.exitCode = problems.length === 0 ? 0 : 1;

async function measure(storage: StorageName): Promise<Cost[]> {
	const { sizes, rounds, logins } = options;
	const folder = await mkdtemp(join(tmpdir(), "growth-"));
	const helpdesks: MeasuredHelpdesk[] = [];
	try {
		for (const people of sizes) {
			const began = performance.now();
			const helpdesk = new MeasuredHelpdesk(urlOf(storage, folder, people), {
				people,
				logins: (WARM_UP_ROUNDS + rounds) * logins,
			});
			helpdesks.push(helpdesk);
			await helpdesk.filled;
			const seconds = (performance.now() - began) / 1000;
			console.error(`${storage}: ${people} people are stored, after ${seconds.toFixed(0)} s`);
		}
		for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
			// Each size is first, last and in between equally often.
			const first = round % helpdesks.length;
			for (const helpdesk of [...helpdesks.slice(first), ...helpdesks.slice(0, first)]) {
				await helpdesk.measure(logins, round >= WARM_UP_ROUNDS);
			}
		}
		return helpdesks.map(({ people, times }) => costOf(storage, people, times));
	} finally {
		await Promise.all(helpdesks.map((helpdesk) => helpdesk.end()));
		await rm(folder, { recursive: true, force: true });
	}
}

function urlOf(storage: StorageName, folder: string, people: number): string {
	switch (storage) {
		case "memory":
			return "memory:";
		case "sqlite":
			return `sqlite:${join(folder, `${people}.sqlite`)}`;
		case "postgres":
		case "redis": {
			const url = serverUrl(storage === "postgres" ? "PostgreSQL" : "Redis");
			if (url === undefined) {
				throw new Error(`${storage} is not running; start this with \`sh test/with-servers.sh\``);
			}
			return apart(url);
		}
	}
}
