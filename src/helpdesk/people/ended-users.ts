import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { fieldsOf, readableEntries, type StoredKind } from "../../storage/stored-value.ts";

/** A user all of whose sessions have ended, or who was deleted. */
export type EndedUser = {
	readonly userId: string;
	readonly brandId: string;
};

/** The note that the sessions of a user have ended. */
export interface EndNote extends EndedUser {
	/** The version of its entry. */
	readonly version: string;
}

const NOTE: StoredKind<Pick<EndedUser, "brandId">> = {
	name: "accounts/ended",
	read: (value) => {
		const { brandId } = fieldsOf(value);
		return typeof brandId === "string" ? { brandId } : undefined;
	},
};

/** A note as part of the commit that ends the sessions, so that no crash comes in between. */
export function endNote({
	userId,
	brandId,
}: EndedUser): NonNullable<StorageCommit["sets"]>[number] {
	return { key: keyOf(userId), value: { brandId } };
}

/** The users whose sessions have ended, until that was passed on to those who have to know it. */
export class EndedUsers {
	/**
	 * @param storage that of the accounts.
	 * @param report called for notes that cannot be read and are left out.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	async *all(): AsyncGenerator<EndNote> {
		for await (const page of pagesOf(this.storage, keyOf())) {
			for (const { key, version, value } of readableEntries(page, NOTE, this.report)) {
				yield { userId: String(key.at(-1)), version, ...value };
			}
		}
	}

	/** Drops a note that was passed on, unless the sessions have ended once more since it was read. */
	async drop({ userId, version }: EndNote): Promise<void> {
		const key = keyOf(userId);
		await this.storage.commit({ checks: [{ key, version }], deletes: [key] });
	}
}

function keyOf(...userId: [] | [string]): StorageKey {
	return ["ended", ...userId];
}
