import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readArchive } from "../../../dist/host.mjs";
import { spread } from "../harness/statistics.mjs";
import { readArtifact } from "../servers/ports-in-memory.mjs";

const PROGRAM = fileURLToPath(new URL("time-imports.mjs", import.meta.url));
const NAMES = [
	"x-login",
	"passport-twitter",
	"grant",
	"twitter-api-v2",
	"better-auth",
	"auth-core",
];

/** Measures the milliseconds to import each package and to activate the artifact, each time in a fresh process. */
export async function measureStartUp(stage, { imports }) {
	const files = readArchive(await readArtifact());
	const bundle = join(await stage.folder(), "plugin.mjs");
	await writeFile(bundle, files.get("plugin.mjs"));
	const text = (name) => JSON.parse(Buffer.from(files.get(name)).toString());
	const locales = { en: text("locales/en.json"), de: text("locales/de.json") };

	const samples = Object.fromEntries(NAMES.map((name) => [name, []]));
	for (let round = 0; round < imports; round += 1) {
		for (const name of NAMES) {
			samples[name].push(await sample(name, bundle, JSON.stringify(locales)));
		}
	}
	const figures = Object.entries(samples).map(([name, taken]) => [
		name,
		{
			importMs: spread(taken.map(({ importMs }) => importMs)),
			activateMs: spread(taken.map(({ activateMs }) => activateMs)),
			totalMs: spread(taken.map(({ importMs, activateMs }) => importMs + activateMs)),
		},
	]);
	return Object.fromEntries(figures);
}

async function sample(...args) {
	const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...args]);
	return JSON.parse(stdout);
}
