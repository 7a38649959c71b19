import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageEntry, StorageValue } from "../../contract/storage.ts";
import { fieldsOf } from "../../storage/stored-value.ts";
import { leaseKey } from "./job-keys.ts";

/** A node whose lease was not renewed for so long has lost it. */
const LEASE_MS = 20_000;

/**
 * Leases in the storage: one node at a time does a piece of work. They only keep two nodes from doing the same twice: what
 * makes a result right is that a job's record is written with a check of its version.
 */
export class Leases {
	/** @param holder names this process, and no other one before or after it. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly holder: string,
	) {}

	/** @returns false when a node has the lease, be it this one. */
	take(name: string): Promise<boolean> {
		return this.write(name, null, 0);
	}

	/** Renews the lease. @returns false when this process no longer has it. */
	async renew(name: string): Promise<boolean> {
		const entry = await this.mine(name);
		if (entry === undefined) {
			return false;
		}
		const { beat } = fieldsOf(entry.value);
		return this.write(name, entry.version, typeof beat === "number" ? beat + 1 : 0);
	}

	async holds(name: string): Promise<boolean> {
		return (await this.mine(name)) !== undefined;
	}

	/** Lets go of the lease, if this process still has it. */
	async drop(name: string): Promise<void> {
		const entry = await this.mine(name);
		if (entry !== undefined) {
			const { key, version } = entry;
			await this.storage.commit({ checks: [{ key, version }], deletes: [key] });
		}
	}

	private async mine(name: string): Promise<StorageEntry | undefined> {
		const entry = await this.storage.get(leaseKey(name));
		return entry !== undefined && fieldsOf(entry.value)["holder"] === this.holder
			? entry
			: undefined;
	}

	private write(name: string, version: string | null, beat: number): Promise<boolean> {
		const key = leaseKey(name);
		const value: StorageValue = { holder: this.holder, beat };
		return this.storage.commit({
			checks: [{ key, version }],
			sets: [{ key, value, expiresAt: this.clock.now() + LEASE_MS }],
		});
	}
}
