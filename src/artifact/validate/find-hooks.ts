import type { AnyNode, Identifier } from "acorn";
import type { Manifest } from "../../contract/manifest.ts";
import { finding, type Report } from "../finding.ts";
import { MANIFEST } from "../load/read-manifest.ts";
import { type Code, childrenOf } from "./code.ts";
import { type FunctionNode, isFunction, meaningOf } from "./meaning.ts";
import type { StaticTexts } from "./static-text.ts";

type ClassNode = Extract<AnyNode, { readonly superClass?: unknown }>;

const EXPORT = "createPlugin";

/**
 * Reports hooks that the manifest lists and the code lacks. Where the code does not show what `createPlugin` returns, a
 * method of that name anywhere in the code is enough: loading the plugin checks the rest.
 */
export function findHooks(
	manifest: Manifest,
	code: Code,
	texts: StaticTexts,
	report: Report,
): void {
	const created = exportedAs(EXPORT, code);
	if (created === undefined) {
		const message = `it does not export ${EXPORT}`;
		report(finding("missing-export", message, { file: manifest.main }));
		return;
	}
	const members = new ReturnedMembers(code, texts);
	const methods = members.of(created) ?? members.anywhere();
	for (const { hook, method } of manifest.hooks.filter(({ method }) => !methods.has(method))) {
		const message = `the hook ${hook} names ${method}, which ${EXPORT} does not return`;
		report(finding("missing-hook", message, { file: MANIFEST }));
	}
}

function exportedAs(name: string, code: Code): AnyNode | undefined {
	for (const node of code.program.body) {
		if (node.type !== "ExportNamedDeclaration") {
			continue;
		}
		const specifier = node.specifiers.find(({ exported }) => nameOf(exported) === name);
		if (specifier !== undefined) {
			return specifier.local;
		}
		if (node.declaration?.type === "VariableDeclaration") {
			const declarator = node.declaration.declarations.find(({ id }) => nameOf(id) === name);
			if (declarator !== undefined) {
				return declarator.id;
			}
		} else if (node.declaration && nameOf(node.declaration.id) === name) {
			return node.declaration;
		}
	}
	return undefined;
}

/** The names of methods on what a function returns. */
class ReturnedMembers {
	readonly #code: Code;
	readonly #texts: StaticTexts;

	constructor(code: Code, texts: StaticTexts) {
		this.#code = code;
		this.#texts = texts;
	}

	/** The members that every return of the function has. Undefined where the code does not show them. */
	of(created: AnyNode): Set<string> | undefined {
		const makes = meaningOf(this.#code, created);
		if (!isFunction(makes)) {
			return undefined;
		}
		const returned = returnsOf(makes).map((value) => this.#membersOf(value));
		const [first, ...others] = returned;
		if (first === undefined || !returned.every((members) => members !== undefined)) {
			return undefined;
		}
		return new Set([...first].filter((name) => others.every((members) => members?.has(name))));
	}

	/** The names of all properties and methods in the code. */
	anywhere(): Set<string> {
		const names = this.#code.nodes.map((node) => {
			switch (node.type) {
				case "Property":
					return this.#texts.keyOf(node);
				case "MethodDefinition":
				case "PropertyDefinition":
					return nameOf(node.key);
				default:
					return undefined;
			}
		});
		return new Set([...names.filter((name) => name !== undefined), ...this.#assignedNames()]);
	}

	#membersOf(value: AnyNode): Set<string> | undefined {
		if (value.type === "Identifier" && this.#isUsedElsewhere(value)) {
			return undefined;
		}
		const meaning = meaningOf(this.#code, value);
		if (meaning?.type === "ObjectExpression") {
			const names = meaning.properties.map((property) =>
				property.type === "Property" ? this.#texts.keyOf(property) : undefined,
			);
			return names.every((name) => name !== undefined) ? new Set(names) : undefined;
		}
		const made =
			meaning?.type === "NewExpression" ? meaningOf(this.#code, meaning.callee) : undefined;
		return made && isClass(made) && !made.superClass ? this.#classMembers(made) : undefined;
	}

	/** Other code that has the object may have given it methods. */
	#isUsedElsewhere(name: Identifier): boolean {
		const variable = this.#code.variableOf(name);
		return variable !== undefined && this.#code.referencesOf(variable).reads.length > 1;
	}

	#classMembers({ body }: ClassNode): Set<string> | undefined {
		const names = body.body.map((member) =>
			"key" in member && !member.computed ? nameOf(member.key) : undefined,
		);
		return names.every((name) => name !== undefined)
			? new Set([...names, ...this.#assignedNames()])
			: undefined;
	}

	/** A constructor may add methods by assigning them. */
	#assignedNames(): string[] {
		return this.#code.nodes.flatMap((node) =>
			node.type === "AssignmentExpression" && node.left.type === "MemberExpression"
				? (this.#texts.keyOf(node.left) ?? [])
				: [],
		);
	}
}

function returnsOf(makes: FunctionNode): AnyNode[] {
	if (makes.body.type !== "BlockStatement") {
		return [makes.body];
	}
	const returned: AnyNode[] = [];
	const ahead: AnyNode[] = [makes.body];
	for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
		if (node.type === "ReturnStatement" && node.argument) {
			returned.push(node.argument);
		} else if (!isFunction(node)) {
			ahead.push(...childrenOf(node));
		}
	}
	return returned;
}

function nameOf(node: AnyNode): string | undefined {
	switch (node.type) {
		case "Identifier":
		case "PrivateIdentifier":
			return node.name;
		case "Literal":
			return String(node.value);
		default:
			return undefined;
	}
}

function isClass(node: AnyNode): node is ClassNode {
	return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}
