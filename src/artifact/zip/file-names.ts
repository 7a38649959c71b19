import { type Finding, finding } from "../finding.ts";

const PLAIN = /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[A-Za-z0-9._/-]{1,200}$/;

/** Whether a file of this name stays inside the folder that it is unpacked to, on every system. */
export function isPlainName(name: string): boolean {
	// Some libraries cannot use this name as a key.
	return PLAIN.test(name) && name !== "__proto__";
}

/** Names that clash in one folder on some system. A name that ends in a slash is a folder's. */
export function clashesOf(names: readonly string[]): Finding[] {
	const files = new Map<string, string>();
	const findings: Finding[] = [];
	for (const name of names.filter((each) => !each.endsWith("/"))) {
		const other = files.get(name.toLowerCase());
		if (other !== undefined) {
			const message =
				other === name ? "it is in the zip twice" : `it differs from ${other} only in case`;
			findings.push(finding("duplicate-file", message, { file: name }));
		}
		files.set(name.toLowerCase(), name);
	}
	for (const name of names) {
		for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
			const file = files.get(name.slice(0, slash).toLowerCase());
			if (file !== undefined) {
				findings.push(
					finding("duplicate-file", `it is a file, and also the folder of ${name}`, { file }),
				);
				break;
			}
		}
	}
	return findings;
}
