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
 * Hooks that the manifest lists and the code lacks. Where it cannot be seen what `createPlugin` returns, a method by that
 * name anywhere in the code will do: loading the plugin tells the rest.
 */
export function findHooks(
	manifest: Manifest,
	code: Code,
	texts: StaticTexts,
	report: Report,
): void {
	const created = exportedAs(EXPORT);
	if (created === undefined) {
		const message = `it exports no ${EXPORT}`;
		report(finding("missing-export", message, { file: manifest.main }));
		return;
	}
	const methods = methodsOf(created) ?? allMethods();
	for (const { hook, method } of manifest.hooks.filter(({ method }) => !methods.has(method))) {
		const message = `the hook ${hook} names ${method}, which ${EXPORT} does not return`;
		report(finding("missing-hook", message, { file: MANIFEST }));
	}

	function exportedAs(name: string): AnyNode | undefined {
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

	/** Of what the function returns everywhere; `undefined` where that cannot be seen. */
	function methodsOf(created: AnyNode): Set<string> | undefined {
		const makes = meaningOf(code, created);
		if (!isFunction(makes)) {
			return undefined;
		}
		const returned = returnsOf(makes).map((value) => membersOf(value));
		const [first, ...others] = returned;
		if (first === undefined || !returned.every((members) => members !== undefined)) {
			return undefined;
		}
		return new Set([...first].filter((name) => others.every((members) => members?.has(name))));
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

	function membersOf(value: AnyNode): Set<string> | undefined {
		if (value.type === "Identifier" && isUsedBesides(value)) {
			return undefined;
		}
		const meaning = meaningOf(code, value);
		if (meaning?.type === "ObjectExpression") {
			const names = meaning.properties.map((property) =>
				property.type === "Property" ? texts.keyOf(property) : undefined,
			);
			return names.every((name) => name !== undefined) ? new Set(names) : undefined;
		}
		const made = meaning?.type === "NewExpression" ? meaningOf(code, meaning.callee) : undefined;
		return made && isClass(made) && !made.superClass ? classMembers(made) : undefined;
	}

	/** Whoever else has an object may have given it methods. */
	function isUsedBesides(name: Identifier): boolean {
		const variable = code.variableOf(name);
		return variable !== undefined && code.referencesOf(variable).reads.length > 1;
	}

	function classMembers({ body }: ClassNode): Set<string> | undefined {
		const names = body.body.map((member) =>
			"key" in member && !member.computed ? nameOf(member.key) : undefined,
		);
		return names.every((name) => name !== undefined)
			? new Set([...names, ...assignedNames()])
			: undefined;
	}

	/** A constructor may give its object methods, too. */
	function assignedNames(): string[] {
		return code.nodes.flatMap((node) =>
			node.type === "AssignmentExpression" && node.left.type === "MemberExpression"
				? (texts.keyOf(node.left) ?? [])
				: [],
		);
	}

	function allMethods(): Set<string> {
		const names = code.nodes.map((node) => {
			switch (node.type) {
				case "Property":
					return texts.keyOf(node);
				case "MethodDefinition":
				case "PropertyDefinition":
					return nameOf(node.key);
				default:
					return undefined;
			}
		});
		return new Set([...names.filter((name) => name !== undefined), ...assignedNames()]);
	}
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
