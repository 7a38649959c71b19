import type { SettingValue } from "../../contract/settings.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, readFields, type StoredKind } from "../../storage/stored-value.ts";

export type StoredSecret = {
	/** Encrypted. */
	readonly sealed: string;
	/** Milliseconds since the epoch. */
	readonly setAt: number;
};

/** What is set for one brand, or for all brands. */
export type StoredSettings = {
	readonly enabled: boolean;
	readonly values: Readonly<Record<string, SettingValue>>;
	readonly secrets: Readonly<Record<string, StoredSecret>>;
};

export const STORED_SETTINGS: StoredKind<StoredSettings> = {
	name: "plugin-settings",
	read: readSettings,
};

/** Keeps fields that a later version added. */
function readSettings(value: StorageValue): StoredSettings | undefined {
	const fields = fieldsOf(value);
	const { enabled } = fields;
	const values = readFields(fields["values"], readSettingValue);
	const secrets = readFields(fields["secrets"], readSecret);
	return typeof enabled === "boolean" && values !== undefined && secrets !== undefined
		? { ...fields, enabled, values, secrets }
		: undefined;
}

function readSettingValue(value: StorageValue): SettingValue | undefined {
	return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
		? value
		: undefined;
}

function readSecret(value: StorageValue): StoredSecret | undefined {
	const fields = fieldsOf(value);
	const { sealed, setAt } = fields;
	return typeof sealed === "string" && isTime(setAt) ? { ...fields, sealed, setAt } : undefined;
}
