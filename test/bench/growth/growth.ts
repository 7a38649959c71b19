// Measures what a helpdesk costs with many people; see README.md beside this file.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apart, serverUrl } from "../../kit/storage/test-servers.ts";
import { readGrowthOptions, type StorageName } from "./growth-options.ts";
import { type Cost, costOf, growthProblems, growthTable } from "./growth-table.ts";
import { MeasuredHelpdesk } from "./measured-helpdesk.ts";
import { measureWhole } from "./measured-whole.ts";
import { storedBytes } from "./stored-size.ts";
import { type WholeFigures, wholeProblems, wholeTables } from "./whole-tables.ts";

/** Rounds that are not counted, because code is compiled and caches fill. */
const WARM_UP_ROUNDS = 2;

const options = readGrowthOptions(process.argv.slice(2));
const { what, sizes, rounds, logins, isOldShape, json } = options;
const costs: Cost[] = [];
const figures: WholeFigures[] = [];
for (const storage of options.storages) {
	await measure(storage);
}
const problems = [...growthProblems(costs), ...wholeProblems(figures)];
if (json) {
	console.log(JSON.stringify({ costs, figures, problems }));
} else {
	const day = new Date().toISOString().slice(0, 10);
	console.log(
		`${day}, Node ${process.versions.node}, ${rounds} rounds of ${logins} log-ins each\n`,
	);
	const tables = [...(costs.length === 0 ? [] : [growthTable(costs)]), ...wholeTables(figures)];
	console.log([...tables, ...problems].join("\n\n"));
}
process.exitCode = problems.length === 0 ? 0 : 1;

async function measure(storage: StorageName): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), "growth-"));
	const helpdesks: MeasuredHelpdesk[] = [];
	try {
		for (const people of sizes) {
			helpdesks.push(await filled(storage, folder, people));
		}
		if (what.includes("log-ins")) {
			await measureLogIns(helpdesks);
			costs.push(...helpdesks.map(({ people, times }) => costOf(storage, people, times)));
		}
		for (const [index, helpdesk] of helpdesks.entries()) {
			if (what.some((each) => each !== "log-ins")) {
				const fresh = await freshOne(helpdesk);
				helpdesks[index] = fresh;
				figures.push({ storage, ...(await measureWhole(fresh, options)) });
			}
		}
	} finally {
		await Promise.all(helpdesks.map((helpdesk) => helpdesk.end()));
		await rm(folder, { recursive: true, force: true });
	}
}

async function filled(
	storage: StorageName,
	folder: string,
	people: number,
): Promise<MeasuredHelpdesk> {
	const began = performance.now();
	const url = urlOf(storage, folder, people);
	const helpdesk = new MeasuredHelpdesk({
		...{ url, people, isOldShape, isFilled: false },
		logins: (WARM_UP_ROUNDS + rounds) * logins,
	});
	await helpdesk.call("fill");
	const seconds = (performance.now() - began) / 1000;
	const bytes = await storedBytes(url);
	const size = bytes === undefined ? "" : `, ${(bytes / 1e6).toFixed(0)} MB`;
	console.error(`${storage}: ${people} people are stored, after ${seconds.toFixed(0)} s${size}`);
	return helpdesk;
}

/** All sizes take turns, and each is first, last and in between equally often. */
async function measureLogIns(helpdesks: readonly MeasuredHelpdesk[]): Promise<void> {
	for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
		const first = round % helpdesks.length;
		for (const helpdesk of [...helpdesks.slice(first), ...helpdesks.slice(0, first)]) {
			await helpdesk.measure(logins, round >= WARM_UP_ROUNDS);
		}
	}
}

/** A process that has stored nobody, so that its memory is that of a helpdesk. What is in memory stays where it is. */
async function freshOne(helpdesk: MeasuredHelpdesk): Promise<MeasuredHelpdesk> {
	if (helpdesk.options.url === "memory:") {
		return helpdesk;
	}
	await helpdesk.end();
	return new MeasuredHelpdesk({ ...helpdesk.options, isFilled: true });
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
