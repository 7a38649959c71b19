type Severity = "error" | "warning";

/** Every kind of problem that an artifact can have. Codes are stable: scripts may compare them. */
export const FINDING_RULES = {
	"damaged-archive": rule("error", "pack the plugin again, and copy the whole zip"),
	"unsupported-archive": rule("error", "pack it as a plain zip, or with `pack`"),
	"archive-too-large": rule("error", "leave out what the plugin does not need when it runs"),
	"unsafe-path": rule("error", "use relative names of letters, digits, dots, dashes and slashes"),
	"duplicate-file": rule(
		"error",
		"give every file its own name; upper and lower case count as the same",
	),
	"special-file": rule("error", "replace it with the file itself"),
	"missing-file": rule("error", "add the file, or correct its name in plugin.json"),
	"extra-file": rule("warning", "leave it out; `pack` takes only what plugin.json names"),
	"missing-document": rule("error", "write it, next to plugin.json"),
	"missing-sbom": rule("warning", "pack with `--metafile`, so that people see what you bundled"),
	"invalid-manifest": rule("error", "correct plugin.json; manifest.schema.json describes it"),
	incompatible: rule("error", "correct the range under engines, or install a version that fits"),
	"invalid-settings-schema": rule(
		"error",
		"correct the settings schema; settings-schema.schema.json describes it",
	),
	"invalid-settings-page": rule(
		"error",
		"correct settings-page.json; settings-page.schema.json describes it",
	),
	"large-drawing": rule("error", "draw less, or with fewer digits: it becomes a part of a page"),
	"readable-secret": rule(
		"error",
		'add "writeOnly": true, or choose a name that does not sound like a secret',
	),
	"invalid-locale": rule(
		"error",
		"make it a JSON object of texts, and name the file by its BCP 47 tag",
	),
	"missing-text": rule("error", "add the text"),
	"unknown-text": rule("error", "add it to the default locale, or remove it here"),
	"other-placeholders": rule("error", "use the placeholders of the default locale"),
	"invalid-message": rule(
		"error",
		"write an ICU message with each plural form of the language; texts that a helpdesk shows take {name} alone",
	),
	"unsafe-svg": rule("error", "use only shapes and presentation attributes"),
	"plain-http": rule("error", "use https"),
	"undeclared-host": rule("error", "declare it under capabilities, or remove it"),
	secret: rule(
		"error",
		"remove it, and revoke it where it was issued: everybody with the zip has it",
	),
	"unreadable-code": rule("error", "ship one ECMAScript module without syntax errors"),
	"forbidden-module": rule("error", "bundle it, or use what the helpdesk provides"),
	"forbidden-global": rule("error", "use what the helpdesk provides, such as host.http"),
	"dynamic-code": rule("error", "write out the code; do not make code from text at run time"),
	"large-bundle": rule("warning", "minify it, and look for large parts in the metafile"),
	"missing-export": rule("error", "export function createPlugin(host, locales)"),
	"missing-hook": rule(
		"error",
		"add the method to the object that createPlugin returns, or remove the hook",
	),
	"missing-integrity": rule("warning", "pack it with `pack`"),
	"integrity-mismatch": rule("error", "do not install this zip; get it from its publisher again"),
	"not-canonical": rule(
		"error",
		"get the zip from its publisher again, or pack it with this version",
	),
	unsigned: rule("warning", "ask its publisher for the signature and the public key"),
	"wrong-signature": rule(
		"error",
		"do not install it; get the zip and its signature from the publisher again",
	),
	"untrusted-key": rule(
		"error",
		"do not install it, unless you know that this is the publisher's key",
	),
} as const satisfies Record<string, { readonly severity: Severity; readonly fix: string }>;

export type FindingCode = keyof typeof FINDING_RULES;

/** A problem of an artifact. */
export interface Finding {
	readonly code: FindingCode;
	/** An artifact with an error must not be published or installed. */
	readonly severity: Severity;
	/** The file inside the artifact. Absent: the finding is about the whole. */
	readonly file?: string;
	/** The line, counted from 1. */
	readonly line?: number;
	readonly message: string;
	/** How to fix it. */
	readonly fix: string;
}

/** Called for each finding. */
export type Report = (finding: Finding) => void;

/** A finding with the severity and fix of its rule. `severity` replaces the usual one. */
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
