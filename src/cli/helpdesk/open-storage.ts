import type { HostStorage } from "../../contract/storage.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import { PostgresStorage } from "../../storage/postgres-storage.ts";
import { RedisStorage } from "../../storage/redis-storage.ts";
import { SqliteStorage } from "../../storage/sqlite-storage.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import type { StorageOption } from "./storage-option.ts";

export interface OpenedStorage {
	readonly storage: HostStorage;
	closeStorage(): Promise<void>;
}

/**
 * @param warn called with a sentence when the engine may lose commits.
 * @param make false: no tables are made, and a storage without them is refused.
 * @throws CommandError with one sentence when the storage cannot be used.
 */
export async function openStorage(
	option: StorageOption,
	warn: (sentence: string) => void,
	make = true,
): Promise<OpenedStorage> {
	try {
		const storage = await open(option, warn, make);
		return {
			storage,
			closeStorage: async () => ("close" in storage ? storage.close() : undefined),
		};
	} catch (cause) {
		throw new CommandError(`${reasonOf(cause)}${lineInstead(option, cause)}`, { cause });
	}
}

/** How to give the URLs that an error of a storage proposes. */
function lineInstead(option: StorageOption, cause: unknown): string {
	const { insteadUrls = [] } = cause as { readonly insteadUrls?: readonly string[] };
	const given = "given" in option ? option.given : undefined;
	return given === undefined || insteadUrls.length === 0
		? ""
		: `. To give it, ${given.giving(...insteadUrls)}`;
}

function open(option: StorageOption, warn: (sentence: string) => void, make: boolean) {
	switch (option.kind) {
		case "memory":
			return new MemoryStorage(systemClock);
		case "sqlite":
			return new SqliteStorage(option.path, systemClock, option);
		case "postgres":
			return PostgresStorage.open(option.url, systemClock, warn, make);
		case "redis":
			return RedisStorage.open(option.url, systemClock, warn);
	}
}
