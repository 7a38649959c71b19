import { isAbsolute, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CommandError } from "../command-error.ts";
import { readStartOptions } from "./start-options.ts";

export interface BackupOptions {
	/** Of the backup. */
	readonly folder: string;
	readonly data: string;
	/** Of the SQLite file. */
	readonly database: string;
	readonly keyFile: string;
	/** Whether the key lies with the rest of the data, and belongs in its backup. */
	readonly keyIsInData: boolean;
	readonly json: boolean;
}

/** What to use instead, by the start of a storage's URL; the URL itself may hold a password. */
const OTHERS: readonly [RegExp, string][] = [
	[/^memory:/, "--storage memory: keeps nothing, so there is nothing to back up or restore"],
	[
		/^postgres(ql)?:/,
		"--storage names PostgreSQL, which has tools of its own: pg_dump and pg_restore. Keep the key file with what they write",
	],
	[
		/^rediss?:/,
		"--storage names Redis, which has a tool of its own: redis-cli --rdb. Keep the key file with what it writes",
	],
];

/** @throws CommandError in one sentence for the first thing that is wrong. */
export function readBackupOptions(
	command: "backup" | "restore",
	args: readonly string[],
): BackupOptions {
	const { values, positionals } = parse(args);
	const [folder] = positionals;
	if (folder === undefined || positionals.length > 1) {
		throw new CommandError(`name one folder: ${command} FOLDER`);
	}
	const other = OTHERS.find(([url]) => url.test(values.storage ?? ""));
	if (other !== undefined) {
		throw new CommandError(other[1]);
	}
	const { json = false, ...flags } = values;
	const { data, storage, keyFile } = readStartOptions(
		Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
	);
	if (storage.kind !== "sqlite") {
		throw new CommandError("only what is stored by sqlite: can be backed up and restored by this");
	}
	const way = relative(resolve(data), resolve(keyFile));
	return {
		folder,
		data,
		database: storage.path,
		keyFile,
		keyIsInData: !way.startsWith("..") && !isAbsolute(way),
		json,
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				data: { type: "string" },
				storage: { type: "string" },
				"key-file": { type: "string" },
				json: { type: "boolean" },
			},
		});
	} catch (cause) {
		const [sentence] = cause instanceof Error ? cause.message.split("\n") : [];
		throw new CommandError(`${sentence} (--help lists the flags)`, { cause });
	}
}
