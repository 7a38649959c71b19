import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const ajv = new Ajv2020({
	allErrors: true,
	strict: true,
	allowUnionTypes: true,
	// Of the dialect of settings; for forms, not for values.
	keywords: ["onlyWith"],
});

/**
 * @typeParam T what a value that keeps the schema is.
 * @throws Error when the schema itself is wrong.
 */
export function compileSchema<T = unknown>(schema: object): ValidateFunction<T> {
	return ajv.compile<T>(schema);
}

/** Each fault as a sentence that begins with its place: `/capabilities/ports/0 must be one of "storage", …`. */
export function problemsOf({ errors }: Pick<ValidateFunction, "errors">): string[] {
	return (errors ?? []).map(({ instancePath, message, keyword, params }) => {
		const place = instancePath || "the top level";
		if (keyword === "enum" || keyword === "const") {
			const allowed = [params["allowedValues"] ?? params["allowedValue"]].flat();
			return `${place} must be one of ${allowed.map((value) => JSON.stringify(value)).join(", ")}`;
		}
		if (keyword === "additionalProperties") {
			return `${place} has the unknown field "${params["additionalProperty"]}"`;
		}
		return `${place} ${message}`;
	});
}
