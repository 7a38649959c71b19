import { parseArgs } from "node:util";

const STORAGES = ["memory", "sqlite", "postgres", "redis"] as const;

export type StorageName = (typeof STORAGES)[number];

export interface GrowthOptions {
	/** Linked accounts. */
	readonly sizes: readonly number[];
	readonly storages: readonly StorageName[];
	readonly rounds: number;
	/** Log-ins of each kind in a round. */
	readonly logins: number;
	readonly json: boolean;
}

/** @throws Error that names the first wrong flag in one sentence. */
export function readGrowthOptions(args: readonly string[]): GrowthOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			sizes: { type: "string", default: "1000,100000,1000000" },
			storages: { type: "string", default: STORAGES.join() },
			rounds: { type: "string", default: "12" },
			logins: { type: "string", default: "25" },
			json: { type: "boolean", default: false },
		},
	});
	return {
		sizes: values.sizes.split(",").map((size) => positive("--sizes", size)),
		storages: values.storages.split(",").map((name) => {
			const storage = STORAGES.find((each) => each === name);
			if (storage === undefined) {
				throw new Error(`--storages are some of ${STORAGES.join()}`);
			}
			return storage;
		}),
		rounds: positive("--rounds", values.rounds),
		logins: positive("--logins", values.logins),
		json: values.json,
	};
}

function positive(flag: string, value: string): number {
	const number = Number(value);
	if (!Number.isInteger(number) || number < 1) {
		throw new Error(`${flag}: ${value} is not a whole number above 0`);
	}
	return number;
}
