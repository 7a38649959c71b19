import type { StorageValue } from "../../contract/storage.ts";

export type AddOnStatus = "active" | "disabled" | "uninstalled";

/** A version of a plugin, by the SHA-256 of its zip in hexadecimal. */
export interface PackageRef {
	readonly [name: string]: string | boolean;
	readonly version: string;
	readonly sha256: string;
	/** It came with the helpdesk, and nobody chose it. */
	readonly bundled: boolean;
}

interface StoredRecord {
	readonly [name: string]: StorageValue;
	readonly status: AddOnStatus;
	readonly current: PackageRef;
	readonly previous: PackageRef | null;
}

/** What is stored about a plugin's being there. */
export class AddOnRecord {
	private constructor(
		readonly status: AddOnStatus,
		/** Undefined: the one that the helpdesk brings, which is not stored. */
		readonly current: PackageRef | undefined,
		/** To roll back to. */
		readonly previous: PackageRef | undefined,
		/** Of the entry; null where there is none. */
		readonly entryVersion: string | null,
	) {}

	/** A plugin without a package has its status alone, and none while it is disabled. */
	static of(value: StorageValue | undefined, entryVersion: string | undefined): AddOnRecord {
		const version = entryVersion ?? null;
		if (typeof value === "object" && value !== null) {
			const { status, current, previous } = value as unknown as StoredRecord;
			return new AddOnRecord(status, current, previous ?? undefined, version);
		}
		const status = value === "active" || value === "uninstalled" ? value : "disabled";
		return new AddOnRecord(status, undefined, undefined, version);
	}

	with(status: AddOnStatus): AddOnRecord {
		return new AddOnRecord(status, this.current, this.previous, this.entryVersion);
	}

	/** The same in another version, with one to roll back to. */
	switchedTo(
		status: AddOnStatus,
		current: PackageRef,
		previous: PackageRef | undefined,
	): AddOnRecord {
		return new AddOnRecord(status, current, previous, this.entryVersion);
	}

	/** What is stored; undefined for nothing. */
	get value(): StorageValue | undefined {
		const { status, current, previous = null } = this;
		if (current !== undefined) {
			return { status, current, previous } satisfies StoredRecord;
		}
		return status === "disabled" ? undefined : status;
	}
}
