import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import type { StorageEntry, StorageKey, StorageValue } from "../contract/storage.ts";

/** Tells whether a stored value has the shape of a type. */
type Check<Value> = (value: unknown) => value is Value;

/**
 * Reads a stored value if it has the right shape. A value that does not fit stays in the storage unchanged, and an
 * event reports the kind of its key, but nothing of its content.
 *
 * @returns undefined for a value that does not fit.
 */
export function readStored<Value>(
	{ events }: Pick<HelpdeskHost, "events">,
	{ key, value }: Pick<StorageEntry, "key" | "value">,
	check: Check<Value>,
): Value | undefined {
	if (check(value)) {
		return value;
	}
	events.emit({
		name: "storage.unreadable",
		level: "error",
		message: "a stored value cannot be read, and stays as it is",
		fields: { kind: key[0] ?? "" },
	});
	return undefined;
}

/**
 * Reads a value without which a request cannot go on.
 *
 * @throws Error for a value that does not fit, after reporting it.
 */
export function requireStored<Value>(
	host: Pick<HelpdeskHost, "events">,
	entry: Pick<StorageEntry, "key" | "value">,
	check: Check<Value>,
): Value {
	const value = readStored(host, entry, check);
	if (value === undefined) {
		throw new Error(`a stored value cannot be read: ${entry.key[0]}`);
	}
	return value;
}

/**
 * Takes an entry, as `HostStorage.take` does.
 *
 * @param keptMs how long an entry that does not fit is kept from now on, in milliseconds.
 * @throws Error for a value that does not fit, after putting it back.
 */
export async function takeStored<Value>(
	host: Pick<HelpdeskHost, "storage" | "events" | "clock">,
	key: StorageKey,
	check: Check<Value>,
	keptMs: number,
): Promise<Value | undefined> {
	const entry = await host.storage.take(key);
	if (entry === undefined) {
		return undefined;
	}
	if (!check(entry.value)) {
		const expiresAt = host.clock.now() + keptMs;
		await host.storage.commit({
			checks: [{ key, version: null }],
			sets: [{ key, value: entry.value, expiresAt }],
		});
	}
	return requireStored(host, entry, check);
}

export const isText: Check<string> = (value) => typeof value === "string";

export const isNumber: Check<number> = (value) => typeof value === "number";

export const isBoolean: Check<boolean> = (value) => typeof value === "boolean";

export function isOneOf<Value extends string>(...values: readonly Value[]): Check<Value> {
	return (value): value is Value => values.some((each) => each === value);
}

export function orNull<Value>(check: Check<Value>): Check<Value | null> {
	return (value): value is Value | null => value === null || check(value);
}

/** Checks a field that an older version did not store. */
export function orAbsent<Value>(check: Check<Value>): Check<Value | undefined> {
	return (value): value is Value | undefined => value === undefined || check(value);
}

/** Checks each field. Other fields are allowed, because a later version may have added them. */
export function isRecord<Value extends StorageValue & object>(
	fields: {
		readonly [Name in keyof Value]-?: Check<Value[Name]>;
	},
): Check<Value> {
	const names = Object.keys(fields) as (keyof Value)[];
	return (value): value is Value =>
		value !== null && names.every((name) => fields[name](Object(value)[name]));
}
