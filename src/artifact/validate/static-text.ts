import type { AnyNode, AssignmentProperty, Identifier, MemberExpression, Property } from "acorn";
import type { Code } from "./code.ts";
import { meaningOf } from "./meaning.ts";

// Longer sums are ignored: a text that is doubled again and again is neither an address nor a name.
const MAX_LENGTH = 10_000;

/** Strings that are known without running the code: literals, sums of literals, and constants with such values. */
export class StaticTexts {
	readonly #code: Code;
	readonly #known = new Map<AnyNode, string | undefined>();

	constructor(code: Code) {
		this.#code = code;
	}

	textOf(node: AnyNode): string | undefined {
		if (!this.#known.has(node)) {
			// This is set first, so that a constant that refers to itself ends here.
			this.#known.set(node, undefined);
			this.#known.set(node, this.#fold(node));
		}
		return this.#known.get(node);
	}

	/** The name in `object.name`, `object["name"]` and `{ name: value }`. */
	keyOf(node: MemberExpression | Property | AssignmentProperty): string | undefined {
		const key = node.type === "MemberExpression" ? node.property : node.key;
		if (!node.computed && key.type === "Identifier") {
			return key.name;
		}
		if (key.type === "PrivateIdentifier") {
			return `#${key.name}`;
		}
		return this.textOf(key);
	}

	#fold(node: AnyNode): string | undefined {
		switch (node.type) {
			case "Literal":
				return typeof node.value === "string" || typeof node.value === "number"
					? String(node.value)
					: undefined;
			case "TemplateLiteral":
				return this.#join(
					node.quasis.flatMap((quasi, index) => [quasi, node.expressions[index] ?? []].flat()),
				);
			case "TemplateElement":
				return node.value.cooked ?? undefined;
			case "BinaryExpression":
				return node.operator === "+" ? this.#join([node.left, node.right]) : undefined;
			case "Identifier":
				return this.#constant(node);
			default:
				return undefined;
		}
	}

	#join(parts: readonly AnyNode[]): string | undefined {
		const texts = parts.map((part) => this.textOf(part));
		const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
		return length <= MAX_LENGTH && texts.every((text) => text !== undefined)
			? texts.join("")
			: undefined;
	}

	#constant(node: Identifier): string | undefined {
		const meaning = meaningOf(this.#code, node);
		return meaning && this.textOf(meaning);
	}
}
