import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import type { Code } from "./code.ts";
import type { ReportNode } from "./find-modules.ts";
import type { StaticTexts } from "./static-text.ts";
import { type Use, ValueFlow } from "./value-flow.ts";

const LOOK_UPS = new Set(["get", "getOwnPropertyDescriptor"]);
const INVOKERS = new Set(["apply", "bind", "call", "constructor"]);

/** Reports calls of a `constructor` property. On a function it is `Function`, which makes code from text. */
export function findConstructors(code: Code, texts: StaticTexts, report: ReportNode): void {
	const constructors = new ValueFlow(code);
	for (const node of code.nodes) {
		if (node.type === "MemberExpression" && texts.keyOf(node) === "constructor") {
			if (!isOfThis(node) && constructors.usesOf(node).some(isCall)) {
				report("dynamic-code", "it calls a constructor that it takes from a value", node);
			}
		} else if (node.type === "Property" && isPattern(node) && texts.keyOf(node) === "constructor") {
			report("dynamic-code", "it takes the constructor of a value", node);
		} else if (node.type === "CallExpression" && looksItUp(node)) {
			report("dynamic-code", "it looks up the constructor of a value", node);
		}
	}

	function isCall({ node, parent }: Use): boolean {
		return (
			((parent.type === "CallExpression" || parent.type === "NewExpression") &&
				parent.callee === node) ||
			(parent.type === "TaggedTemplateExpression" && parent.tag === node) ||
			(parent.type === "MemberExpression" &&
				parent.object === node &&
				INVOKERS.has(texts.keyOf(parent) ?? ""))
		);
	}

	/** `Reflect.get(value, "constructor")` */
	function looksItUp({ callee, arguments: [, name] }: CallExpression): boolean {
		return (
			callee.type === "MemberExpression" &&
			LOOK_UPS.has(texts.keyOf(callee) ?? "") &&
			name !== undefined &&
			texts.textOf(name) === "constructor"
		);
	}

	/** `new this.constructor()` makes another object of the same class, which is harmless. */
	function isOfThis(node: MemberExpression): boolean {
		return node.object.type === "ThisExpression" && code.parentOf(node)?.type === "NewExpression";
	}

	function isPattern(node: AnyNode): boolean {
		return code.parentOf(node)?.type === "ObjectPattern";
	}
}
