import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** Whether a value is valid. After a refusal {@link problemsOf} says why. */
export type Validator<T> = ValidateFunction<T>;

/**
 * An ajv keeps every validator in the scope of its generated code, even when the schema is removed. After this many
 * schemas a new ajv takes over. The old one is freed with its validators once nobody holds one of them.
 */
const MAX_SCHEMAS = 500;
const MAX_CHARACTERS = 1_000_000;

interface Compiler {
	readonly ajv: Ajv2020;
	/** The validators, by the text of their schema. */
	readonly validators: Map<string, ValidateFunction>;
	schemas: number;
	characters: number;
}

let compiler = newCompiler();

/**
 * The validator of a schema. Schemas of the same text share one, so callers may ask for it each time that they need it.
 *
 * @typeParam T what a valid value is.
 * @param schema the project's own, or one in the dialect of settings. Not every wrong value of a keyword is found.
 * @throws Error for an unknown keyword, and for a value of the wrong type.
 */
export function compileSchema<T = unknown>(schema: object): Validator<T> {
	const text = JSON.stringify(schema);
	const known = compiler.validators.get(text);
	if (known !== undefined) {
		return known as ValidateFunction<T>;
	}
	if (compiler.schemas >= MAX_SCHEMAS || compiler.characters >= MAX_CHARACTERS) {
		compiler = newCompiler();
	}
	// Counted first: ajv also keeps schemas that it refuses.
	compiler.schemas += 1;
	compiler.characters += text.length;
	const validator = compiler.ajv.compile<T>(schema);
	compiler.validators.set(text, validator);
	return validator;
}

function newCompiler(): Compiler {
	const ajv = new Ajv2020({
		allErrors: true,
		strict: true,
		allowUnionTypes: true,
		// Compiling JSON Schema's own schema takes longer than all others. What comes here is the project's own, or a form that the
		// dialect of settings, which is stricter, has let through.
		validateSchema: false,
		meta: false,
		// The passes that shorten the generated code take longer than they save.
		code: { optimize: false },
		// This keyword of the settings dialect is about forms, not about values.
		keywords: ["onlyWith"],
	});
	return { ajv, validators: new Map(), schemas: 0, characters: 0 };
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
