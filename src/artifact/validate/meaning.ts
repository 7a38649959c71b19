import type { AnyNode } from "acorn";
import type { Code } from "./code.ts";

export type FunctionNode = Extract<AnyNode, { readonly params: unknown }>;

export function isFunction(node: AnyNode | undefined): node is FunctionNode {
	return (
		node?.type === "FunctionDeclaration" ||
		node?.type === "FunctionExpression" ||
		node?.type === "ArrowFunctionExpression"
	);
}

/**
 * What a name certainly stands for: its function or class, the first value of a variable that never changes, or the
 * argument of a function that is called where it is written. Other expressions stand for themselves.
 */
export function meaningOf(code: Code, node: AnyNode): AnyNode | undefined {
	let meaning: AnyNode | undefined = node;
	const seen = new Set<AnyNode>();
	while (meaning?.type === "Identifier" && !seen.has(meaning)) {
		seen.add(meaning);
		const variable = code.variableOf(meaning);
		const [definition, ...others] = variable?.defs ?? [];
		if (variable === undefined || definition === undefined || others.length > 0) {
			return undefined;
		}
		const { writes } = code.referencesOf(variable);
		const { type, node: declaration } = definition;
		if (declaration.type === "VariableDeclarator") {
			const isConstant = declaration.id.type === "Identifier" && writes === 1;
			meaning = isConstant ? (declaration.init ?? undefined) : undefined;
		} else if (type === "Parameter" && isFunction(declaration)) {
			meaning = writes === 0 ? givenTo(code, declaration, meaning) : undefined;
		} else {
			return writes === 0 ? declaration : undefined;
		}
	}
	return meaning?.type === "Identifier" ? undefined : meaning;
}

function givenTo(code: Code, called: FunctionNode, name: AnyNode): AnyNode | undefined {
	const call = code.parentOf(called);
	const variable = name.type === "Identifier" ? code.variableOf(name) : undefined;
	const index = called.params.findIndex(
		(parameter) => parameter.type === "Identifier" && code.variableOf(parameter) === variable,
	);
	return call?.type === "CallExpression" && call.callee === called
		? call.arguments[index]
		: undefined;
}
