import type { StorageEntry, StorageValue } from "../../contract/storage.ts";
import { readEntry } from "../../storage/stored-value.ts";
import { schemaKind } from "./schema-kind.ts";

export type AddOnStatus = "active" | "disabled" | "uninstalled";

/** A version of a plugin, known by the SHA-256 of its zip in hexadecimal. */
export type PackageRef = {
	readonly version: string;
	readonly sha256: string;
	/** It came with the helpdesk, and no operator chose it. */
	readonly bundled: boolean;
};

type StoredRecord = {
	readonly status: AddOnStatus;
	readonly current: PackageRef;
	readonly previous?: PackageRef | null;
};

const PACKAGE_REF = {
	type: "object",
	required: ["version", "sha256", "bundled"],
	properties: {
		version: { type: "string" },
		sha256: { type: "string" },
		bundled: { type: "boolean" },
	},
};
const STATUSES: readonly AddOnStatus[] = ["active", "disabled", "uninstalled"];

const RECORD = {
	type: "object",
	required: ["status", "current"],
	properties: {
		status: { enum: STATUSES },
		current: PACKAGE_REF,
		previous: { ...PACKAGE_REF, nullable: true },
	},
};
/** What is stored for an add-on without a package: its status, or nothing while it is disabled. */
const STATUS = { enum: STATUSES };

/** What is stored about an add-on: its status and which version of the plugin it is. */
export class AddOnRecord {
	private constructor(
		readonly status: AddOnStatus,
		/** Undefined: the version that the helpdesk brings, which is not stored. */
		readonly current: PackageRef | undefined,
		/** The version that an operator can roll back to. */
		readonly previous: PackageRef | undefined,
		/** The version of the entry, null where there is no entry. */
		readonly entryVersion: string | null,
	) {}

	/** The record of an add-on about which nothing is stored. */
	static readonly EMPTY = new AddOnRecord("disabled", undefined, undefined, null);

	/** @throws UnreadableValueError */
	static read(pluginId: string, entry: Pick<StorageEntry, "value" | "version">): AddOnRecord {
		const name = `plugin-state/${pluginId}`;
		if (typeof entry.value !== "object") {
			const status = readEntry(entry, schemaKind<AddOnStatus>(name, STATUS));
			return new AddOnRecord(status, undefined, undefined, entry.version);
		}
		const { status, current, previous } = readEntry(entry, schemaKind<StoredRecord>(name, RECORD));
		return new AddOnRecord(status, current, previous ?? undefined, entry.version);
	}

	with(status: AddOnStatus): AddOnRecord {
		return new AddOnRecord(status, this.current, this.previous, this.entryVersion);
	}

	/** The same add-on in another version, with one to roll back to. */
	switchedTo(
		status: AddOnStatus,
		current: PackageRef,
		previous: PackageRef | undefined,
	): AddOnRecord {
		return new AddOnRecord(status, current, previous, this.entryVersion);
	}

	/** What to store. Undefined: the entry is deleted. */
	get value(): StorageValue | undefined {
		const { status, current, previous = null } = this;
		if (current !== undefined) {
			return { status, current, previous } satisfies StoredRecord;
		}
		return status === "disabled" ? undefined : status;
	}
}
