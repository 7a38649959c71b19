import type { AnyNode, Pattern } from "acorn";
import type { Variable } from "eslint-scope";
import type { Code } from "./code.ts";
import { isFunction, meaningOf } from "./meaning.ts";

/** A use of a value: `node` has the value, `parent` does something with it. */
export interface Use {
	readonly node: AnyNode;
	readonly parent: AnyNode;
}

/**
 * Follows values through conditions, variables, assignments and the parameters of known functions, to where they are used.
 * It does not follow them through properties, lists and other calls. Each place is visited once for all values, so that
 * the time grows with the length of the code.
 */
export class ValueFlow {
	readonly #code: Code;
	readonly #seen = new Set<AnyNode | Variable>();

	constructor(code: Code) {
		this.#code = code;
	}

	usesOf(expression: AnyNode): Use[] {
		const uses: Use[] = [];
		const ahead = [expression];
		for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
			const parent = this.#code.parentOf(node);
			if (parent !== undefined && !this.#seen.has(node)) {
				this.#seen.add(node);
				const next = this.#next(node, parent);
				if (next === undefined) {
					uses.push({ node, parent });
				} else {
					for (const each of next) {
						ahead.push(each);
					}
				}
			}
		}
		return uses;
	}

	/** The expressions that have the value next. `undefined` where it is used instead. */
	#next(node: AnyNode, parent: AnyNode): AnyNode[] | undefined {
		switch (parent.type) {
			case "ConditionalExpression":
				return parent.test === node ? [] : [parent];
			case "LogicalExpression":
			case "ParenthesizedExpression":
			case "ChainExpression":
			case "AwaitExpression":
				return [parent];
			case "SequenceExpression":
				return parent.expressions.at(-1) === node ? [parent] : [];
			case "ExpressionStatement":
				return [];
			case "VariableDeclarator":
				return parent.init === node ? this.#readsOf(parent.id) : [];
			case "AssignmentExpression": {
				const reads = parent.right === node ? this.#readsOf(parent.left) : undefined;
				return reads && [parent, ...reads];
			}
			case "AssignmentPattern":
				return parent.right === node ? this.#readsOf(parent.left) : undefined;
			case "CallExpression": {
				const called = meaningOf(this.#code, parent.callee);
				const index = parent.arguments.map((each): AnyNode => each).indexOf(node);
				const parameter = isFunction(called) ? called.params[index] : undefined;
				return parameter && this.#readsOf(parameter);
			}
			default:
				return undefined;
		}
	}

	#readsOf(pattern: Pattern): AnyNode[] | undefined {
		const variable = pattern.type === "Identifier" ? this.#code.variableOf(pattern) : undefined;
		if (variable === undefined) {
			return undefined;
		}
		const isNew = !this.#seen.has(variable);
		this.#seen.add(variable);
		return isNew ? this.#code.referencesOf(variable).reads : [];
	}
}
