import type { StorageValue } from "../../contract/storage.ts";

export type PluginStatus = "active" | "disabled" | "uninstalled";

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
	readonly status: PluginStatus;
	readonly current: PackageRef;
	readonly previous: PackageRef | null;
}

/** What is stored about a plugin's being there. */
export class PluginRecord {
	private constructor(
		readonly status: PluginStatus,
		/** Undefined: the one that the helpdesk brings, which is not stored. */
		readonly current: PackageRef | undefined,
		/** To roll back to. */
		readonly previous: PackageRef | undefined,
		/** Of the entry; null where there is none. */
		readonly entryVersion: string | null,
	) {}

	/** A plugin without a package has its status alone, and none while it is disabled. */
	static of(value: StorageValue | undefined, entryVersion: string | undefined): PluginRecord {
		const version = entryVersion ?? null;
		if (typeof value === "object" && value !== null) {
			const { status, current, previous } = value as unknown as StoredRecord;
			return new PluginRecord(status, current, previous ?? undefined, version);
		}
		const status = value === "active" || value === "uninstalled" ? value : "disabled";
		return new PluginRecord(status, undefined, undefined, version);
	}

	with(status: PluginStatus): PluginRecord {
		return new PluginRecord(status, this.current, this.previous, this.entryVersion);
	}

	/** The same in another version, with one to roll back to. */
	switchedTo(
		status: PluginStatus,
		current: PackageRef,
		previous: PackageRef | undefined,
	): PluginRecord {
		return new PluginRecord(status, current, previous, this.entryVersion);
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
