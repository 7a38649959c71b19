import type { HostStorage } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { STORED_ENTRY, type StoredEntry } from "./audit-entry.ts";
import { entryKey, type Facet, indexOf } from "./audit-keys.ts";

/** A list of background work. */
const STEP = 100;

/** Whose networks are not a user's. */
const OTHERS: readonly StoredEntry["actor"][] = ["operator", "command"];

/** Whether the network of an entry is an operator's or a command's, and not that of a user. */
export function isOfOthers(actor: StoredEntry["actor"]): boolean {
	return OTHERS.includes(actor);
}

/** Deletes the personal data of users who are deleted. What is left of them is a random id, by which nobody is found. */
export class NetworksOfUsers {
	/** @param storage the namespace of the trail. */
	constructor(private readonly storage: HostStorage) {}

	/** Deletes the networks that a user came from, and those of failed log-ins to their account. May be done again. */
	async forget(userId: string): Promise<void> {
		for (const facet of ["actor", "object"] as const satisfies readonly Facet[]) {
			for await (const page of pagesOf(this.storage, indexOf(facet, userId), STEP)) {
				for (const { key } of page) {
					await this.forgetIn(String(key.at(-1)));
				}
			}
		}
	}

	private async forgetIn(id: string): Promise<void> {
		const key = entryKey(id);
		await updateEntry(this.storage, async () => {
			const stored = await this.storage.get(key);
			const entry = stored && STORED_ENTRY.read(stored.value);
			if (
				stored === undefined ||
				entry === undefined ||
				entry.network === null ||
				isOfOthers(entry.actor)
			) {
				return { result: undefined };
			}
			const { version } = stored;
			const value: StoredEntry = { ...entry, network: null };
			return { commit: { checks: [{ key, version }], sets: [{ key, value }] }, result: undefined };
		});
	}
}
