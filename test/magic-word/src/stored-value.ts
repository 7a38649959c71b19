import type { HelpdeskHost, StorageEntry, StorageValue } from "x-login/contract";

/** Reads a stored value. Undefined for a value of another form, from another version or program. */
export type Read<Value> = (value: StorageValue) => Value | undefined;

/** The fields of an object, still to be checked. */
export function fieldsOf(value: StorageValue): Readonly<Record<string, StorageValue>> {
	return Object(value);
}

/**
 * Reads a value that a request needs.
 *
 * @throws Error for a value that cannot be read. The helpdesk logs the error. The value stays in the storage.
 */
export function readStored<Value>({ key, value }: StorageEntry, read: Read<Value>): Value {
	const found = read(value);
	if (found === undefined) {
		throw new Error(`a stored value cannot be read, and stays as it is: ${key[0]}`);
	}
	return found;
}

/**
 * Reads a value of a list. Undefined for a value that cannot be read. It stays in the storage, and an event reports it.
 */
export function readListed<Value>(
	{ events }: Pick<HelpdeskHost, "events">,
	{ key, value }: StorageEntry,
	read: Read<Value>,
): Value | undefined {
	const found = read(value);
	if (found === undefined) {
		events.emit({
			name: "storage.unreadable",
			level: "error",
			message: "a stored value cannot be read, and stays as it is",
			fields: { kind: key[0] ?? "" },
		});
	}
	return found;
}
