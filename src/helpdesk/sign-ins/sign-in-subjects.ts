import { createHmac } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { readEntry, type StoredKind } from "../../storage/stored-value.ts";

/** How long a deletion or a merge is remembered: longer than any entry waits to be written. */
const GONE_MS = 24 * 60 * 60_000;

/** The user whom a merged user went into; null for a deleted user. */
const GONE: StoredKind<{ readonly heir: string | null }> = {
	name: "sign-ins/gone",
	read: (heir) => (heir === null || typeof heir === "string" ? { heir } : undefined),
};

/**
 * The users whom the ledger's entries are about. An entry holds a keyed hash instead of a user. For as long as the
 * entries, the ledger also keeps which hashes belong to which user, so that they can be erased with the user.
 */
export class SignInSubjects {
	/** @param keys the newest first. An old key still finds the entries that were written with it. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly keys: readonly Uint8Array[],
	) {}

	/** One hash for each key, the newest first. They differ by brand, so that nobody is followed from brand to brand. */
	hashesOf({ subject, brandId = "" }: PluginEvent): string[] {
		return subject === undefined
			? []
			: this.keys.map((key) =>
					createHmac("sha256", key)
						.update(JSON.stringify([brandId, subject.reveal()]))
						.digest("base64url"),
				);
	}

	/** Part of a commit: says that hashes belong to a user, and fails when the user was deleted or merged. */
	claim(userId: string, hashes: readonly string[], expiresAt: number): Required<Claim> {
		return {
			checks: [{ key: goneKey(userId), version: null }],
			sets: hashes.map((hash) => ({ key: ofUserKey(userId, hash), value: null, expiresAt })),
		};
	}

	/** The user whom a user was merged into, or the user themselves if they were not; null for a deleted user. */
	async heirOf(userId: string): Promise<string | null> {
		const seen = new Set<string>();
		let heir: string | null = userId;
		while (heir !== null && !seen.has(heir)) {
			seen.add(heir);
			const gone = await this.storage.get(goneKey(heir));
			if (gone === undefined) {
				return heir;
			}
			({ heir } = readEntry(gone, GONE));
		}
		return null;
	}

	/**
	 * Ends the claims of a user: from now on nothing is claimed for them.
	 *
	 * @returns their hashes, which are still stored.
	 */
	async close(userId: string, heir: string | null): Promise<Set<string>> {
		const expiresAt = this.clock.now() + GONE_MS;
		await this.storage.commit({ sets: [{ key: goneKey(userId), value: heir, expiresAt }] });
		const hashes = new Set<string>();
		for await (const entries of pagesOf(this.storage, ["of-user", userId])) {
			for (const { key } of entries) {
				hashes.add(String(key.at(-1)));
			}
		}
		return hashes;
	}

	async drop(userId: string, hashes: ReadonlySet<string>): Promise<void> {
		await this.storage.commit({ deletes: [...hashes].map((hash) => ofUserKey(userId, hash)) });
	}
}

type Claim = Pick<StorageCommit, "checks" | "sets">;

function goneKey(userId: string): StorageKey {
	return ["gone", userId];
}

function ofUserKey(userId: string, hash: string): StorageKey {
	return ["of-user", userId, hash];
}
