import { problemsOf, type Validator } from "../../artifact/json-schema.ts";
import type { StorageValue } from "../../contract/storage.ts";
import type { StoredKind } from "../../storage/stored-value.ts";

/** Stored values that match a schema. The error for any other value says where it differs. */
export function schemaKind<Value extends StorageValue>(
	name: string,
	check: Validator<Value>,
): StoredKind<Value> {
	return {
		name,
		read: (value) => (check(value) ? value : undefined),
		problemsWith: (value) => (check(value) ? [] : problemsOf(check)),
	};
}
