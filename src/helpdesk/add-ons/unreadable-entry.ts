import { problemsOf, type Validator } from "../../artifact/json-schema.ts";
import type { StorageValue } from "../../contract/storage.ts";

/** A stored value that this version of the helpdesk cannot read. It stays in the storage as it is. */
export class UnreadableEntryError extends Error {
	override readonly name = "UnreadableEntryError";

	/** @param what names the value: `the state of tiny`. */
	constructor(what: string, problems: readonly string[]) {
		super(`${what} is stored in a form that cannot be read: ${problems.join("; ")}`);
	}
}

/**
 * A stored value, checked.
 *
 * @param what names the value, for the error.
 * @throws UnreadableEntryError when it does not match the schema.
 */
export function readStored<Stored extends StorageValue>(
	value: StorageValue,
	check: Validator<Stored>,
	what: string,
): Stored {
	if (check(value)) {
		return value;
	}
	throw new UnreadableEntryError(what, problemsOf(check));
}
