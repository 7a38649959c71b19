import { createHash } from "node:crypto";
import { type Finding, finding } from "../finding.ts";
import { compileSchema } from "../json-schema.ts";

/** The file inside an artifact that lists all other files. */
export const INTEGRITY = "integrity.json";

interface Integrity {
	readonly algorithm: "sha256";
	/** Hexadecimal digests by name. */
	readonly files: Readonly<Record<string, string>>;
}

const SCHEMA = {
	type: "object",
	additionalProperties: false,
	required: ["algorithm", "files"],
	properties: {
		algorithm: { const: "sha256" },
		files: { type: "object", additionalProperties: { type: "string", pattern: "^[0-9a-f]{64}$" } },
	},
} as const;

/** `integrity.json` for these files. Only one text is right, to the last byte. */
export function integrityOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
	const names = [...files.keys()].filter((name) => name !== INTEGRITY).sort();
	const digests = names.map((name) => [name, digestOf(files.get(name))]);
	const list = { algorithm: "sha256", files: Object.fromEntries(digests) };
	return new TextEncoder().encode(`${JSON.stringify(list, null, "\t")}\n`);
}

/** The differences between the files and their list. Empty where there is no list. */
export function compareIntegrity(files: ReadonlyMap<string, Uint8Array>): Finding[] {
	const bytes = files.get(INTEGRITY);
	if (bytes === undefined || Buffer.compare(bytes, integrityOf(files)) === 0) {
		return [];
	}
	const mismatch = (file: string, message: string): Finding =>
		finding("integrity-mismatch", message, { file });
	const listed = digestsIn(bytes);
	if (listed === undefined) {
		return [mismatch(INTEGRITY, "it is not a list of SHA-256 digests")];
	}
	const names = [...files.keys()].filter((name) => name !== INTEGRITY);
	const different = [...new Set([...names, ...listed.keys()])].sort().flatMap((name) => {
		const [file, digest] = [files.get(name), listed.get(name)];
		if (digest === undefined) {
			return [mismatch(name, `it is not listed in ${INTEGRITY}`)];
		}
		if (file === undefined) {
			return [mismatch(name, `${INTEGRITY} lists it, but it is missing`)];
		}
		return digest === digestOf(file) ? [] : [mismatch(name, "it has changed since it was packed")];
	});
	return different.length > 0
		? different
		: [mismatch(INTEGRITY, "it has changed since it was packed")];
}

function digestsIn(bytes: Uint8Array): Map<string, string> | undefined {
	try {
		const list: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
		const isIntegrity = compileSchema<Integrity>(SCHEMA);
		return isIntegrity(list) ? new Map(Object.entries(list.files)) : undefined;
	} catch {
		return undefined;
	}
}

function digestOf(file: Uint8Array | undefined): string {
	return createHash("sha256")
		.update(file ?? "")
		.digest("hex");
}
