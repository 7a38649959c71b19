import type { FormField } from "../../../contract/login-request.ts";

/** The value of a field that occurs exactly once, so that two readers of one form cannot see different values. */
export function onlyField(fields: readonly FormField[], wanted: string): string | undefined {
	const values = fields.filter(([name]) => name === wanted);
	return values.length === 1 ? values[0]?.[1] : undefined;
}
