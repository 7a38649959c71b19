import type { Manifest } from "../../contract/manifest.ts";
import { finding, type Report } from "../finding.ts";
import { Code } from "./code.ts";
import { findConstructors } from "./find-constructors.ts";
import { findGlobals } from "./find-globals.ts";
import { findHooks } from "./find-hooks.ts";
import { findModules, type ReportNode } from "./find-modules.ts";
import { findHosts } from "./find-urls.ts";
import { StaticTexts } from "./static-text.ts";

/** 120 KiB. */
const LARGE_FROM = 120 * 1024;

/**
 * Reports what a plugin's code uses beyond its limits, as far as the code shows it without being run. This finds mistakes
 * and careless dependencies. It is not a sandbox: malicious code can hide from it.
 */
export function findInCode(manifest: Manifest, main: Uint8Array, report: Report): void {
	const file = manifest.main;
	if (main.length > LARGE_FROM) {
		const message = `it has ${main.length} bytes, more than ${LARGE_FROM}`;
		report(finding("large-bundle", message, { file }));
	}
	try {
		const code = new Code(new TextDecoder().decode(main));
		const texts = new StaticTexts(code);
		// Several checks may find the same place.
		const told = new Set<string>();
		const reportNode: ReportNode = (rule, message, node) => {
			const once = `${message} ${node.start}`;
			if (told.has(once)) {
				return;
			}
			told.add(once);
			const where = `${message}: ${JSON.stringify(code.excerptOf(node))}`;
			report(finding(rule, where, { file, line: code.lineOf(node) }));
		};
		findModules(code, texts, reportNode);
		findGlobals(code, texts, reportNode);
		findConstructors(code, texts, reportNode);
		findHosts(manifest, code, texts, reportNode);
		findHooks(manifest, code, texts, report);
	} catch (error) {
		if (error instanceof SyntaxError) {
			report(finding("unreadable-code", error.message, { file }));
		} else if (error instanceof RangeError) {
			report(finding("unreadable-code", "it is nested too deeply to be checked", { file }));
		} else {
			throw error;
		}
	}
}
