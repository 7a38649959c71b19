import { randomBytes } from "node:crypto";
import type { HostStorage, StorageKey } from "../../src/contract/storage.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";

const COUNT = 500;
const HOUR = 60 * 60_000;
const LIFETIME_MS = 20 * 60_000;

/** Stores log-ins that were started an hour ago and abandoned. */
export async function storeStaleStarts(url: string): Promise<readonly StorageKey[]> {
	const startedAt = Date.now() - HOUR;
	const storage = await openStorageAt(url, { now: () => startedAt });
	const sets = Array.from({ length: COUNT }, () => ({
		key: ["plugin-data", "x-login", "pending", randomBytes(32).toString("base64url")],
		value: { brandId: "acorn", returnPath: "/account", expiresAt: startedAt + LIFETIME_MS / 2 },
		expiresAt: startedAt + LIFETIME_MS,
	}));
	await storage.commit({ sets });
	await storage.close();
	return sets.map(({ key }) => key);
}

/** The number of these entries that are still stored. @param storage a storage whose clock lets nothing expire. */
export async function countThoseLeft(
	storage: HostStorage,
	keys: readonly StorageKey[],
): Promise<number> {
	const found = await Promise.all(keys.map((key) => storage.get(key)));
	return found.filter((entry) => entry !== undefined).length;
}
