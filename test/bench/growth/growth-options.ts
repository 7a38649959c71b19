import { parseArgs } from "node:util";

const STORAGES = ["memory", "sqlite", "postgres", "redis"] as const;

export type StorageName = (typeof STORAGES)[number];

const MEASURED = ["log-ins", "pages", "jobs", "migration"] as const;

type Measured = (typeof MEASURED)[number];

export interface GrowthOptions {
	/** What is measured. */
	readonly what: readonly Measured[];
	/** People. */
	readonly sizes: readonly number[];
	readonly storages: readonly StorageName[];
	readonly rounds: number;
	/** Log-ins of each kind in a round. */
	readonly logins: number;
	/** How long log-ins go on beside nothing and beside each job, at least. */
	readonly seconds: number;
	/** After how long a job is cancelled, which is then measured as far as it came; undefined: never. Seconds. */
	readonly longest: number | undefined;
	/** The rows of an import; undefined: one for each person with a link. */
	readonly rows: number | undefined;
	/** Whether the people are stored as version 0.3.0 did. The migration needs it, and sets it. */
	readonly isOldShape: boolean;
	readonly json: boolean;
}

/** @throws Error that names the first wrong flag in one sentence. */
export function readGrowthOptions(args: readonly string[]): GrowthOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			what: { type: "string", default: MEASURED.join() },
			sizes: { type: "string", default: "1000,100000,1000000" },
			storages: { type: "string", default: STORAGES.join() },
			rounds: { type: "string", default: "12" },
			logins: { type: "string", default: "25" },
			seconds: { type: "string", default: "60" },
			longest: { type: "string" },
			rows: { type: "string" },
			"old-shape": { type: "boolean", default: false },
			json: { type: "boolean", default: false },
		},
	});
	const what = someOf("--what", MEASURED, values.what);
	return {
		what,
		sizes: values.sizes.split(",").map((size) => positive("--sizes", size)),
		storages: someOf("--storages", STORAGES, values.storages),
		rounds: positive("--rounds", values.rounds),
		logins: positive("--logins", values.logins),
		seconds: positive("--seconds", values.seconds),
		longest: values.longest === undefined ? undefined : positive("--longest", values.longest),
		rows: values.rows === undefined ? undefined : positive("--rows", values.rows),
		isOldShape: values["old-shape"] || what.includes("migration"),
		json: values.json,
	};
}

function someOf<Name extends string>(flag: string, names: readonly Name[], value: string): Name[] {
	return value.split(",").map((typed) => {
		const name = names.find((each) => each === typed);
		if (name === undefined) {
			throw new Error(`${flag} are some of ${names.join()}`);
		}
		return name;
	});
}

function positive(flag: string, value: string): number {
	const number = Number(value);
	if (!Number.isInteger(number) || number < 1) {
		throw new Error(`${flag}: ${value} is not a whole number above 0`);
	}
	return number;
}
