import type { AnyNode } from "acorn";
import type { FindingCode } from "../finding.ts";
import type { Code } from "./code.ts";
import type { StaticTexts } from "./static-text.ts";

/** Reports something at a node of the code. */
export type ReportNode = (code: FindingCode, message: string, node: AnyNode) => void;

// A plugin gets everything else from the helpdesk, or not at all.
const ALLOWED_MODULES = new Set(["node:crypto"]);

/** Reports modules that the code loads, at the start or later. */
export function findModules(code: Code, texts: StaticTexts, report: ReportNode): void {
	for (const node of code.nodes) {
		switch (node.type) {
			case "ImportDeclaration":
			case "ExportAllDeclaration":
			case "ExportNamedDeclaration":
				if (node.source && !ALLOWED_MODULES.has(String(node.source.value))) {
					report("forbidden-module", `it imports ${JSON.stringify(node.source.value)}`, node);
				}
				break;
			case "ImportExpression": {
				const name = texts.textOf(node.source);
				const what =
					name === undefined ? "a module whose name is made at run time" : JSON.stringify(name);
				report("dynamic-code", `it imports ${what} when it runs`, node);
				break;
			}
			default:
		}
	}
}
