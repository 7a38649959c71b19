import { readStorageOption } from "../../../src/cli/helpdesk/storage-option.ts";
import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { PostgresStorage } from "../../../src/storage/postgres-storage.ts";
import { RedisStorage } from "../../../src/storage/redis-storage.ts";
import { SqliteStorage } from "../../../src/storage/sqlite-storage.ts";

export type ClosableStorage = HostStorage & { close(): void | Promise<void> };

/** Opens the storage of a `--storage` URL, with this clock instead of the machine's. */
export async function openStorageAt(url: string, clock: Clock): Promise<ClosableStorage> {
	const option = readStorageOption(url);
	switch (option.kind) {
		case "memory":
			return Object.assign(new MemoryStorage(clock), { close: () => {} });
		case "sqlite":
			return new SqliteStorage(option.path, clock, option);
		case "postgres":
			return PostgresStorage.open(option.url, clock);
		case "redis":
			return RedisStorage.open(option.url, clock);
	}
}
