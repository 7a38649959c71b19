type Severity = "error" | "warning";

/** Everything that can be said against an artifact. Codes are stable: scripts may compare them. */
export const FINDING_RULES = {
	"damaged-archive": rule("error", "pack the plugin again, and copy the zip whole"),
	"unsupported-archive": rule("error", "pack it as a plain zip, or with `pack`"),
	"archive-too-large": rule("error", "leave out what the plugin does not need when it runs"),
	"unsafe-path": rule("error", "use relative names of letters, digits, dots, dashes and slashes"),
	"duplicate-file": rule("error", "give every file a name of its own, whatever the case"),
	"special-file": rule("error", "put the file itself there"),
	"missing-file": rule("error", "add the file, or correct its name in plugin.json"),
	"extra-file": rule("warning", "leave it out; `pack` takes only what plugin.json names"),
	"missing-document": rule("error", "write it, beside plugin.json"),
	"missing-sbom": rule(
		"warning",
		"pack with `--metafile`, so that people can see what you bundled",
	),
	"invalid-manifest": rule(
		"error",
		"correct plugin.json; manifest.schema.json says what may be there",
	),
	incompatible: rule("error", "correct the range under engines, or install a version that fits"),
	"invalid-settings-schema": rule(
		"error",
		"correct the settings schema; settings-schema.schema.json says what may be there",
	),
	"readable-secret": rule(
		"error",
		'add "writeOnly": true, or choose a name that promises no secret',
	),
	"invalid-locale": rule("error", "make it a JSON object of texts, named by its BCP 47 tag"),
	"missing-text": rule("error", "add the text"),
	"unknown-text": rule("error", "add it to the default locale, or remove it here"),
	"other-placeholders": rule("error", "use the placeholders of the default locale"),
	"unsafe-svg": rule("error", "draw with shapes and presentation attributes alone"),
	"plain-http": rule("error", "use https"),
	"undeclared-host": rule("error", "declare it under capabilities, or remove it"),
	secret: rule("error", "remove it, and revoke it where it was issued: whoever has the zip has it"),
	"unreadable-code": rule("error", "ship one ECMAScript module that parses"),
	"forbidden-module": rule("error", "bundle it, or use what the helpdesk hands over"),
	"forbidden-global": rule("error", "use what the helpdesk hands over, such as host.http"),
	"dynamic-code": rule("error", "write the code out; nothing may be made from text at run time"),
	"large-bundle": rule("warning", "minify it, and look in the metafile for what is large"),
	"missing-export": rule("error", "export function createPlugin(host, locales)"),
	"missing-hook": rule("error", "add the method to what createPlugin returns, or remove the hook"),
	"missing-integrity": rule("warning", "pack it with `pack`"),
	"integrity-mismatch": rule(
		"error",
		"get the zip anew from its publisher; do not install this one",
	),
	"not-canonical": rule(
		"error",
		"get the zip anew from its publisher, or pack it with this version",
	),
	unsigned: rule("warning", "ask its publisher for the signature and the public key"),
	"wrong-signature": rule("error", "do not install it; get zip and signature from the publisher"),
	"untrusted-key": rule(
		"error",
		"do not install it, unless you know this key to be the publisher's",
	),
} as const satisfies Record<string, { readonly severity: Severity; readonly fix: string }>;

export type FindingCode = keyof typeof FINDING_RULES;

/** Something wrong with an artifact. */
export interface Finding {
	readonly code: FindingCode;
	/** Artifacts with errors are not to be published or installed. */
	readonly severity: Severity;
	/** Inside the artifact; absent where it is about the whole. */
	readonly file?: string;
	/** From 1. */
	readonly line?: number;
	readonly message: string;
	/** What to do about it. */
	readonly fix: string;
}

/** Takes findings as they are made. */
export type Report = (finding: Finding) => void;

/** A finding as its rule has it; `severity` is for where a rule is stricter than usual. */
export function finding(
	code: FindingCode,
	message: string,
	{ severity, ...place }: Pick<Partial<Finding>, "file" | "line" | "severity"> = {},
): Finding {
	const { severity: usual, fix } = FINDING_RULES[code];
	return { code, severity: severity ?? usual, ...place, message, fix };
}

/** `locales/de.json:3: "about" is missing` */
export function sentenceOf({ file, line, message }: Finding): string {
	if (file === undefined) {
		return message;
	}
	return line === undefined ? `${file}: ${message}` : `${file}:${line}: ${message}`;
}

function rule<S extends Severity>(
	severity: S,
	fix: string,
): { readonly severity: S; readonly fix: string } {
	return { severity, fix };
}
