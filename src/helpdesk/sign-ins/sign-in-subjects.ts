import { createHmac } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { isTime, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { KEPT_MS } from "./sign-in-entry.ts";

/** How long a deletion or a merge is remembered: longer than any entry waits to be written. */
const GONE_MS = 24 * 60 * 60_000;
/** The most hashes that are erased at once. */
const MOST_ERASED = 10_000;
/** How many hashes a list or a commit of background work has. */
const STEP = 200;

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

	/**
	 * Part of a commit: says that hashes belong to a user, and fails when the user was deleted or merged.
	 *
	 * @param hashes each with the time of the last log-in. Milliseconds since the epoch; null where it is not known.
	 */
	claim(
		userId: string,
		hashes: ReadonlyMap<string, number | null>,
		expiresAt: number,
	): Required<Claim> {
		return {
			checks: [{ key: goneKey(userId), version: null }],
			sets: [...hashes].map(([hash, at]) => ({
				key: ofUserKey(userId, hash),
				value: at,
				expiresAt,
			})),
		};
	}

	/**
	 * The hashes that belong to a user, each with the time of the last log-in. Null where an earlier version has not stored
	 * the time.
	 */
	async of(userId: string): Promise<Map<string, number | null>> {
		const hashes = new Map<string, number | null>();
		for await (const entries of pagesOf(this.storage, ["of-user", userId])) {
			for (const { key, value } of entries) {
				hashes.set(String(key.at(-1)), isTime(value) ? value : null);
			}
		}
		return hashes;
	}

	/** Whether a user has come in whom the ledger still knows. */
	async hasAny(): Promise<boolean> {
		return (await this.storage.list(["of-user"], { limit: 1 })).entries.length > 0;
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
	async close(userId: string, heir: string | null): ReturnType<SignInSubjects["of"]> {
		const expiresAt = this.clock.now() + GONE_MS;
		await this.storage.commit({ sets: [{ key: goneKey(userId), value: heir, expiresAt }] });
		return this.of(userId);
	}

	async drop(userId: string, hashes: Iterable<string>): Promise<void> {
		for (const deletes of inSteps([...hashes].map((hash) => ofUserKey(userId, hash)))) {
			await this.storage.commit({ deletes });
		}
	}

	/** Notes hashes of a user who was deleted, to be erased later, in place of the claims. */
	async noteToErase(userId: string, hashes: Iterable<string>): Promise<void> {
		const expiresAt = this.clock.now() + KEPT_MS;
		for (const step of inSteps([...hashes])) {
			await this.storage.commit({
				sets: step.map((hash) => ({ key: eraseKey(hash), value: null, expiresAt })),
				deletes: step.map((hash) => ofUserKey(userId, hash)),
			});
		}
	}

	/** Up to 10,000 hashes that were noted to be erased. */
	async toErase(): Promise<Set<string>> {
		const hashes = new Set<string>();
		for await (const entries of pagesOf(this.storage, [ERASE], STEP)) {
			for (const { key } of entries) {
				hashes.add(String(key.at(-1)));
			}
			if (hashes.size >= MOST_ERASED) {
				break;
			}
		}
		return hashes;
	}

	/** Forgets the notes of hashes that are erased. */
	async erased(hashes: Iterable<string>): Promise<void> {
		for (const deletes of inSteps([...hashes].map(eraseKey))) {
			await this.storage.commit({ deletes });
		}
	}
}

const ERASE = "erase";

function eraseKey(hash: string): StorageKey {
	return [ERASE, hash];
}

/** Parts that are small enough for one commit each. */
function inSteps<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
	return Array.from({ length: Math.ceil(items.length / STEP) }, (_, index) =>
		items.slice(index * STEP, (index + 1) * STEP),
	);
}

type Claim = Pick<StorageCommit, "checks" | "sets">;

function goneKey(userId: string): StorageKey {
	return ["gone", userId];
}

function ofUserKey(userId: string, hash: string): StorageKey {
	return ["of-user", userId, hash];
}
