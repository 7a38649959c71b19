import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import { SaidStorageError } from "../locale/said.ts";

/** A removal that has not gone on for so long holds nobody up any more. Milliseconds. */
const HELD_MS = 60 * 60_000;
/** A hold that is younger is not written once more. Milliseconds. */
const FRESH_MS = HELD_MS / 2;
/** How often a hold is tried again because another one came first. */
const TRIES = 5;

/** Whose account goes, and who gets what belongs to it; undefined: nobody. */
interface RemovedUsers {
	readonly userId: string;
	readonly intoUserId: string | undefined;
}

interface Hold {
	/** The name of the removal. */
	readonly by: string;
	/** Milliseconds since the epoch. */
	readonly at: number;
}

const HOLD: StoredKind<Hold> = {
	name: "accounts/removal",
	read: (value) => {
		const { by, at } = fieldsOf(value);
		return typeof by === "string" && isTime(at) ? { by, at } : undefined;
	},
};

/**
 * Which users are being deleted or merged. A user is in one removal at a time: what one of them moves to a user, another one must
 * not delete with that user.
 */
export class RemovalHolds {
	/** @param storage where accounts are. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
	) {}

	/**
	 * Holds the users of a removal. Once more soon after costs a read.
	 *
	 * @throws SaidStorageError while another removal has one of them, so that a job waits for it.
	 */
	async hold(removal: RemovedUsers): Promise<void> {
		for (let tries = 0; tries < TRIES; tries += 1) {
			const before = await this.entriesOf(removal);
			const taken = before.find(({ entry }) => entry !== undefined && !isOf(removal, entry));
			if (taken !== undefined) {
				const values = { user: taken.userId };
				throw new SaidStorageError({ key: "job.users-held", values });
			}
			const at = this.clock.now();
			if (before.every(({ entry }) => entry !== undefined && isFresh(entry, at))) {
				return;
			}
			const value = { by: nameOf(removal), at };
			const expiresAt = at + HELD_MS;
			const isHeld = await this.storage.commit({
				checks: before.map(({ key, entry }) => ({ key, version: entry?.version ?? null })),
				sets: before.map(({ key }) => ({ key, value, expiresAt })),
			});
			if (isHeld) {
				return;
			}
		}
		throw new SaidStorageError({ key: "job.users-held-meanwhile" });
	}

	/** Lets go of the users of a removal that is done, or is not gone on with. What cannot be ended now ends by itself. */
	async end(removal: RemovedUsers): Promise<void> {
		const entries = (await this.entriesOf(removal)).flatMap(({ entry }) => entry ?? []);
		const own = entries.filter((entry) => isOf(removal, entry));
		await this.storage.commit({
			checks: own.map(({ key, version }) => ({ key, version })),
			deletes: own.map(({ key }) => key),
		});
	}

	private async entriesOf({ userId, intoUserId }: RemovedUsers) {
		const ids = intoUserId === undefined ? [userId] : [userId, intoUserId];
		return Promise.all(
			ids.map(async (id) => {
				const key = keyOf(id);
				return { userId: id, key, entry: await this.storage.get(key) };
			}),
		);
	}
}

function isOf(removal: RemovedUsers, { value }: StorageEntry): boolean {
	return HOLD.read(value)?.by === nameOf(removal);
}

function isFresh({ value }: StorageEntry, now: number): boolean {
	return now - (HOLD.read(value)?.at ?? 0) < FRESH_MS;
}

function nameOf({ userId, intoUserId }: RemovedUsers): string {
	return intoUserId === undefined ? `delete ${userId}` : `merge ${userId} into ${intoUserId}`;
}

function keyOf(userId: string): StorageKey {
	return ["removal", userId];
}
