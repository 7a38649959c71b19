import { onTestFinished } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { PostgresStorage } from "../../../src/storage/postgres-storage.ts";
import { RedisStorage } from "../../../src/storage/redis-storage.ts";

export const ENGINES = ["PostgreSQL", "Redis"] as const;

/** Opens the storage of the nodes, to look at their data. */
export async function openStorage(url: string): Promise<HostStorage> {
	const storage = url.startsWith("postgres:")
		? await PostgresStorage.open(url, systemClock)
		: await RedisStorage.open(url, systemClock);
	onTestFinished(() => storage.close());
	return storage;
}
