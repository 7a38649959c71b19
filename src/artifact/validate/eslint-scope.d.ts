// The part of eslint-scope 8 that is used, over acorn's nodes. Its own types come only with version 9, for newer Nodes.
declare module "eslint-scope" {
	import type { AnyNode, Identifier, Program } from "acorn";

	interface Variable {
		readonly defs: readonly { readonly type: string; readonly node: AnyNode }[];
		readonly identifiers: readonly Identifier[];
		readonly references: readonly Reference[];
	}

	interface Reference {
		readonly identifier: Identifier;
		readonly resolved: Variable | null;
		isRead(): boolean;
		isWrite(): boolean;
	}

	interface Scope {
		readonly references: readonly Reference[];
		readonly through: readonly Reference[];
		readonly variables: readonly Variable[];
	}

	interface ScopeManager {
		readonly scopes: readonly Scope[];
		readonly globalScope: Scope;
	}

	function analyze(
		program: Program,
		options: {
			readonly ecmaVersion: number;
			readonly sourceType: "module";
			readonly ignoreEval: boolean;
		},
	): ScopeManager;
}
