import { compileSchema, problemsOf, type Validator } from "../../artifact/json-schema.ts";
import type { StorageValue } from "../../contract/storage.ts";
import type { StoredKind } from "../../storage/stored-value.ts";

/**
 * Stored values that match a schema. The error for any other value says where it differs. The schema is compiled when the
 * first value is read: many helpdesks never read some kinds.
 */
export function schemaKind<Value extends StorageValue>(
	name: string,
	schema: object,
): StoredKind<Value> {
	let compiled: Validator<Value> | undefined;
	const validator = (): Validator<Value> => {
		compiled ??= compileSchema<Value>(schema);
		return compiled;
	};
	return {
		name,
		read: (value) => {
			const check = validator();
			return check(value) ? value : undefined;
		},
		problemsWith: (value) => {
			const check = validator();
			return check(value) ? [] : problemsOf(check);
		},
	};
}
