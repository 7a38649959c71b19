import type { StorageEntry, StorageValue } from "../contract/storage.ts";

/** The last moment of a `Date`. */
const LAST_MS = 8.64e15;

/** A kind of stored values, and how to check one. */
export interface StoredKind<Value> {
	/** The namespace and the first part of the key, for the log: `accounts/email`. Names nobody. */
	readonly name: string;
	/** @returns undefined for a value of any other form. Fields that older versions did not store have their defaults. */
	readonly read: (value: StorageValue) => Value | undefined;
	/** Sentences that say why a value is refused, without its content. Left out if there is nothing to add. */
	readonly problemsWith?: (value: StorageValue) => readonly string[];
}

/**
 * A stored value has a form that this version does not know. The value stays in the storage as it is, for a version
 * that knows it, or for a person to repair.
 */
export class UnreadableValueError extends Error {
	override readonly name = "UnreadableValueError";

	/**
	 * @param kind the kind of the values, see {@link StoredKind.name}.
	 * @param problems the problems of a single value, see {@link StoredKind.problemsWith}.
	 */
	constructor(
		readonly kind: string,
		readonly count = 1,
		readonly problems: readonly string[] = [],
	) {
		const values = count === 1 ? "a value" : `${count} values`;
		const why = problems.length === 0 ? "" : `: ${problems.join("; ")}`;
		const stay = count === 1 ? "stays in the storage as it is" : "stay in the storage as they are";
		super(`${values} under ${kind} cannot be read, and ${stay}${why}`);
	}
}

/** @throws UnreadableValueError when the value is not of the kind. */
export function readEntry<Value>(
	{ value }: Pick<StorageEntry, "value">,
	kind: StoredKind<Value>,
): Value {
	const read = kind.read(value);
	if (read === undefined) {
		throw new UnreadableValueError(kind.name, 1, kind.problemsWith?.(value));
	}
	return read;
}

/** @returns undefined for a value that is not of the kind, which is reported. */
export function readOrReport<Value>(
	entry: Pick<StorageEntry, "value">,
	kind: StoredKind<Value>,
	report: (error: UnreadableValueError) => void,
): Value | undefined {
	const read = kind.read(entry.value);
	if (read === undefined) {
		report(new UnreadableValueError(kind.name, 1, kind.problemsWith?.(entry.value)));
	}
	return read;
}

/** @returns the error where a stored value cannot be read. */
export async function orUnreadable<Value>(
	read: () => Value | Promise<Value>,
): Promise<Value | UnreadableValueError> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof UnreadableValueError) {
			return error;
		}
		throw error;
	}
}

/** An entry whose value was checked. */
export type ReadEntry<Value> = Omit<StorageEntry, "value"> & { readonly value: Value };

/**
 * Reads the readable values of a list, so that one broken value does not hide the others.
 *
 * @param report called once when entries were left out.
 */
export function readableEntries<Value>(
	entries: readonly StorageEntry[],
	kind: StoredKind<Value>,
	report: (what: string, error: unknown) => void,
): ReadEntry<Value>[] {
	const readable = entries.flatMap((entry): ReadEntry<Value>[] => {
		const value = kind.read(entry.value);
		return value === undefined ? [] : [{ ...entry, value }];
	});
	const left = entries.length - readable.length;
	if (left > 0) {
		report("a list leaves out stored values", new UnreadableValueError(kind.name, left));
	}
	return readable;
}

/** The fields of a stored object, still to be checked; none for any other value. */
export function fieldsOf(value: StorageValue | undefined): Readonly<Record<string, StorageValue>> {
	return isObject(value) ? value : {};
}

/** @returns undefined for any value but an object whose fields can all be read. */
export function readFields<Value>(
	value: StorageValue | undefined,
	read: (field: StorageValue) => Value | undefined,
): Readonly<Record<string, Value>> | undefined {
	if (!isObject(value)) {
		return undefined;
	}
	const fields: [string, Value][] = [];
	for (const [name, field] of Object.entries(value)) {
		const known = read(field);
		if (known === undefined) {
			return undefined;
		}
		fields.push([name, known]);
	}
	return Object.fromEntries(fields);
}

/** Whether a value is a time in milliseconds since the epoch that a `Date` can hold. */
export function isTime(value: unknown): value is number {
	return typeof value === "number" && Math.abs(value) <= LAST_MS;
}

export function readText(value: StorageValue): string | undefined {
	return typeof value === "string" ? value : undefined;
}

export function isTextOrNull(value: StorageValue | undefined): value is string | null {
	return value === null || typeof value === "string";
}

/** @returns undefined for any value but a list of texts. */
export function readTexts(value: StorageValue | undefined): readonly string[] | undefined {
	return Array.isArray(value) && value.every((each) => typeof each === "string")
		? value
		: undefined;
}

function isObject(
	value: StorageValue | undefined,
): value is { readonly [name: string]: StorageValue } {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
