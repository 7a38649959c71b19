import { type AnyNode, type Identifier, type Program, parse } from "acorn";
import { analyze, type Reference, type Variable } from "eslint-scope";
import { linesOf } from "../lines.ts";

/** A plugin's code, parsed and never run: its tree, and the variables that its names refer to. */
export class Code {
	/** Every node, parents before their children. */
	readonly nodes: readonly AnyNode[];
	/** Names that the module does not declare. */
	readonly globals: readonly Reference[];
	readonly program: Program;
	readonly #source: string;
	readonly #lineAt: (index: number) => number;
	readonly #parents = new Map<AnyNode, AnyNode>();
	readonly #variables = new Map<Identifier, Variable>();

	readonly #references = new Map<Variable, { reads: Identifier[]; writes: number }>();

	/** @throws SyntaxError or RangeError when the module cannot be parsed. */
	constructor(source: string) {
		this.#source = source;
		this.#lineAt = linesOf(source);
		this.program = parse(source, { ecmaVersion: "latest", sourceType: "module", ranges: true });
		const nodes: AnyNode[] = [this.program];
		for (const node of nodes) {
			for (const child of childrenOf(node)) {
				this.#parents.set(child, node);
				nodes.push(child);
			}
		}
		this.nodes = nodes;
		const { scopes, globalScope } = analyze(this.program, {
			ecmaVersion: 2022,
			sourceType: "module",
			ignoreEval: true,
		});
		for (const { references, variables } of scopes) {
			for (const variable of variables) {
				for (const identifier of variable.identifiers) {
					this.#variables.set(identifier, variable);
				}
			}
			for (const { identifier, resolved } of references) {
				if (resolved !== null) {
					this.#variables.set(identifier, resolved);
				}
			}
		}
		this.globals = globalScope.through;
	}

	parentOf(node: AnyNode): AnyNode | undefined {
		return this.#parents.get(node);
	}

	/** The variable that a name refers to. `undefined` for globals, and for names that are not variables. */
	variableOf(identifier: Identifier): Variable | undefined {
		return this.#variables.get(identifier);
	}

	/** The places that read a variable, and how often it is written. */
	referencesOf(variable: Variable): { readonly reads: Identifier[]; readonly writes: number } {
		let references = this.#references.get(variable);
		if (references === undefined) {
			const all = variable.references;
			references = {
				reads: all.filter((each) => each.isRead()).map(({ identifier }) => identifier),
				writes: all.filter((each) => each.isWrite()).length,
			};
			this.#references.set(variable, references);
		}
		return references;
	}

	/** The code at a node with a little around it. In minified code a line number says nothing. */
	excerptOf(node: AnyNode): string {
		const around = this.#source.slice(Math.max(0, node.start - 20), node.start + 40);
		return around.replace(/\s+/g, " ").trim();
	}

	lineOf(node: AnyNode): number {
		return this.#lineAt(node.start);
	}
}

export function childrenOf(node: AnyNode): AnyNode[] {
	return Object.values(node)
		.flat()
		.filter((value: unknown): value is AnyNode => {
			return typeof value === "object" && value !== null && "type" in value && "start" in value;
		});
}
