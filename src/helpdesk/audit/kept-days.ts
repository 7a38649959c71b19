import type { HostStorage, StorageValue } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { SETTINGS_KEY } from "./audit-keys.ts";

export const KEPT_DAYS = { least: 30, most: 3650, unlessSet: 400 } as const;

type StoredSettings = { readonly keptDays: number };

const SETTINGS: StoredKind<StoredSettings> = { name: "audit/settings", read: readSettings };

/** How long entries of the audit trail are kept. */
export class KeptDays {
	/** @param storage the namespace of the trail. */
	constructor(private readonly storage: HostStorage) {}

	async get(): Promise<number> {
		const entry = await this.storage.get(SETTINGS_KEY);
		return entry === undefined ? KEPT_DAYS.unlessSet : readEntry(entry, SETTINGS).keptDays;
	}

	/** @param days see {@link isKeptDays}. */
	async set(days: number): Promise<void> {
		await updateEntry(this.storage, async () => {
			const entry = await this.storage.get(SETTINGS_KEY);
			const before = entry && SETTINGS.read(entry.value);
			return {
				commit: {
					checks: [{ key: SETTINGS_KEY, version: entry?.version ?? null }],
					sets: [{ key: SETTINGS_KEY, value: { ...before, keptDays: days } }],
				},
				result: undefined,
			};
		});
	}
}

export function isKeptDays(days: number): boolean {
	return Number.isInteger(days) && days >= KEPT_DAYS.least && days <= KEPT_DAYS.most;
}

/** Keeps fields that a later version added. */
function readSettings(value: StorageValue): StoredSettings | undefined {
	const fields = fieldsOf(value);
	const { keptDays } = fields;
	return typeof keptDays === "number" && isKeptDays(keptDays) ? { ...fields, keptDays } : undefined;
}
