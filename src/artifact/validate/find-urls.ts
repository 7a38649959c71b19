import type { AnyNode } from "acorn";
import type { Manifest } from "../../contract/manifest.ts";
import { finding, type Report } from "../finding.ts";
import { linesOf } from "../lines.ts";
import { SBOM } from "../pack/pack-plugin.ts";
import type { Code } from "./code.ts";
import type { ReportNode } from "./find-modules.ts";
import type { StaticTexts } from "./static-text.ts";

const PLAIN_HTTP = /\bhttp:\/\/[^\s"'`<>()\\]{1,200}/gi;
// The host of a URL, with or without a user, or of a URL that starts with `//`.
const HOST =
	/(?:\b(?:https?|wss?):|^(?=[^.\s]{1,100}\.))\/\/(?:[^\s/?#@\\]{1,200}@)?([a-z0-9[][^\s/?#"'`<>\\,;)]{0,200})/gi;
// Names that look like addresses, but are never called.
const NAMESPACES = ["http://www.w3.org/", "http://json-schema.org/"];
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i;
const TEXTS = new Set(["Literal", "TemplateElement", "TemplateLiteral", "BinaryExpression"]);
// These contain the addresses of licences.
const LEGAL = new Set(["LICENSE", SBOM]);

/** Reports addresses without TLS, in every text except the code. */
export function findPlainHttp(file: string, text: string, report: Report): void {
	if (LEGAL.has(file)) {
		return;
	}
	const lineAt = linesOf(text);
	for (const { 0: url, index } of text.matchAll(PLAIN_HTTP)) {
		if (!isNamespace(url) && !LOOPBACK.test(url)) {
			report(finding("plain-http", `it names ${url}`, { file, line: lineAt(index) }));
		}
	}
}

/** Reports hosts in the strings of the code that the manifest does not declare. Comments may name any host. */
export function findHosts(
	{ capabilities }: Manifest,
	code: Code,
	texts: StaticTexts,
	report: ReportNode,
): void {
	const network = new Set(capabilities.network);
	const declared = new Set([
		...network,
		...capabilities.navigation.map((url) => new URL(url).host),
	]);
	// One finding for each host is enough.
	const told = new Set<string>();
	const tell: ReportNode = (rule, message, node) => {
		if (!told.has(message)) {
			told.add(message);
			report(rule, message, node);
		}
	};
	for (const node of code.nodes) {
		if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
			const [argument] = node.arguments;
			const name = argument && texts.textOf(argument);
			if (texts.keyOf(node.callee) === "originOf" && name !== undefined && !network.has(name)) {
				tell("undeclared-host", `it calls ${name}, which is not in capabilities.network`, node);
			}
		}
		const text = TEXTS.has(node.type) && !isPart(node) ? (texts.textOf(node) ?? "") : "";
		for (const { 0: url, 1: host = "", index } of text.matchAll(HOST)) {
			if (isNamespace(text.slice(index, index + 100))) {
				continue;
			}
			if (/^http:/i.test(url)) {
				tell("plain-http", `it names ${url}`, node);
			}
			const name = host.toLowerCase().replace(/(?<![.:])[.:]+$/, "");
			if (!declared.has(name)) {
				tell("undeclared-host", `it names ${name}, which capabilities do not declare`, node);
			}
		}
	}

	/** Whether it is a part of a sum or template, which is checked as a whole. */
	function isPart(node: AnyNode): boolean {
		const parent = code.parentOf(node);
		return parent !== undefined && texts.textOf(parent) !== undefined;
	}
}

function isNamespace(url: string): boolean {
	return NAMESPACES.some((namespace) => url.startsWith(namespace));
}
