import { isAbsolute, relative, resolve } from "node:path";
import { CommandError } from "../command-error.ts";
import { readFlags } from "../flags.ts";
import { readSecretOption, SURROUNDINGS } from "./secret-option.ts";
import { defaultStorage, readStorageOption } from "./storage-option.ts";

const FLAGS = {
	data: { type: "string" },
	storage: { type: "string" },
	"storage-file": { type: "string" },
	"key-file": { type: "string" },
	json: { type: "boolean" },
} as const;

export interface BackupOptions {
	/** The folder of the backup. */
	readonly folder: string;
	readonly data: string;
	/** The path of the SQLite file. */
	readonly database: string;
	readonly keyFile: string;
	/** Whether the key is in the data folder, and so in its backup. */
	readonly keyIsInData: boolean;
	readonly json: boolean;
}

/** The sentences about other storages, by the beginning of the URL. The URL itself may hold a password. */
const OTHERS: readonly [RegExp, string][] = [
	[/^memory:/, "is memory:, which stores nothing, so there is nothing to back up or restore"],
	[
		/^postgres(ql)?:/,
		"names PostgreSQL, which has its own tools: pg_dump and pg_restore. Keep the key file with the files that they write",
	],
	[
		/^rediss?:/,
		"names Redis, which has its own tool: redis-cli --rdb. Keep the key file with the file that it writes",
	],
];

/** @throws CommandError with one sentence about the first problem. */
export function readBackupOptions(
	command: "backup" | "restore",
	args: readonly string[],
	surroundings = SURROUNDINGS,
): BackupOptions {
	const { values, positionals } = readFlags(args, FLAGS);
	const [folder] = positionals;
	if (folder === undefined || positionals.length > 1) {
		throw new CommandError(`name one folder: ${command} FOLDER`);
	}
	const given = readSecretOption("storage", values, { ...surroundings, args });
	const other = OTHERS.find(([url]) => url.test(given?.value ?? ""));
	if (other !== undefined) {
		throw new CommandError(`${given?.place} ${other[1]}`);
	}
	const { data = ".helpdesk", json = false } = values;
	const { "key-file": keyFile = `${data}/key` } = values;
	const storage = given ? readStorageOption(given.value, given) : defaultStorage(data);
	if (storage.kind !== "sqlite") {
		throw new CommandError("this command backs up and restores sqlite: storages only");
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
