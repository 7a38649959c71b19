import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { apart, serverUrl } from "../kit/storage/test-servers.ts";

const ENGINES = ["sqlite", "postgres", "redis"] as const;

export type SoakEngine = (typeof ENGINES)[number];

export interface SoakOptions {
	readonly minutes: number;
	/** Visits per second. */
	readonly rate: number;
	readonly engine: SoakEngine;
	readonly json: boolean;
}

/** @throws Error that names the first wrong flag in one sentence. */
export function readSoakOptions(args: readonly string[]): SoakOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			minutes: { type: "string", default: "5" },
			rate: { type: "string", default: "10" },
			storage: { type: "string", default: "sqlite" },
			json: { type: "boolean", default: false },
		},
	});
	const engine = ENGINES.find((each) => each === values.storage);
	if (engine === undefined) {
		throw new Error(`--storage is one of ${ENGINES.join(", ")}`);
	}
	return {
		minutes: positive("--minutes", values.minutes),
		rate: positive("--rate", values.rate),
		engine,
		json: values.json,
	};
}

/** A new storage for the run. @param atEnd gets a function that removes it. */
export async function newStorageUrl(
	engine: SoakEngine,
	atEnd: (end: () => Promise<void>) => void,
): Promise<string> {
	if (engine === "sqlite") {
		const folder = await mkdtemp(join(tmpdir(), "soak-"));
		atEnd(() => rm(folder, { recursive: true, force: true }));
		return `sqlite:${join(folder, "helpdesk.sqlite")}`;
	}
	const url = serverUrl(engine === "postgres" ? "PostgreSQL" : "Redis");
	if (url === undefined) {
		throw new Error(`${engine} is not running; start the soak with \`sh test/with-servers.sh\``);
	}
	return apart(url);
}

function positive(flag: string, value: string): number {
	const number = Number(value);
	if (!(number > 0)) {
		throw new Error(`${flag} ${value} is not a number above 0`);
	}
	return number;
}
