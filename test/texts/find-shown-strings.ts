import { type AnyNode, parse } from "acorn";
import { transform } from "esbuild";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";

/** Attributes that people read or hear. */
const READ_ATTRIBUTES: ReadonlySet<string> = new Set([
	...["alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"],
	...["label", "placeholder", "title"],
]);
/** What goes to the log or to developers. */
const NOT_SHOWN = /Error$|^(?:log|logError|report)$/;
const LETTERS = /\p{L}{2,}/u;
const WORDS = /\p{L}{2,}[,;:]? \p{L}{2,}/u;
/** Attributes alone, which a page puts into a tag: ` aria-current="page"`. */
const ATTRIBUTES = /^(?:\s+[\w-]+(?:="[^"]*")?)+$/;
/** Markup that is no template of its own. */
const MARKUP = /^\s*<.*>\s*$/s;
/** Stands for an expression in a template: nothing that people read. */
const HOLE = "\uFFFC";
/** What stands in `noscript` is markup. */
const AS_WITHOUT_SCRIPT = { scriptingEnabled: false };

/**
 * The strings in a source file that people would read: text and readable attributes of markup, and literals of several words
 * that go neither to an error nor to a log.
 */
export async function shownStrings(source: string): Promise<readonly string[]> {
	const { code } = await transform(source, {
		loader: "ts",
		target: "esnext",
		// Templates with `</script>` stay templates.
		supported: { "inline-script": false },
		tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
	});
	const found: string[] = [];
	visit(parse(code, { ecmaVersion: "latest", sourceType: "module" }), found);
	return found;
}

function visit(node: AnyNode, found: string[]): void {
	switch (node.type) {
		case "ImportDeclaration":
		case "ExportAllDeclaration":
			return;
		case "NewExpression":
		case "CallExpression": {
			const { callee } = node;
			const name =
				callee.type === "Identifier"
					? callee.name
					: callee.type === "MemberExpression" && callee.property.type === "Identifier"
						? callee.property.name
						: "";
			if (NOT_SHOWN.test(name)) {
				return;
			}
			break;
		}
		case "TaggedTemplateExpression":
			if (node.tag.type === "Identifier" && node.tag.name === "html") {
				const markup = node.quasi.quasis.map(({ value }) => value.cooked ?? "").join(HOLE);
				found.push(
					...textsIn(
						parseFragment(ATTRIBUTES.test(markup) ? `<p${markup}></p>` : markup, AS_WITHOUT_SCRIPT),
					),
				);
				for (const each of node.quasi.expressions) {
					visit(each, found);
				}
				return;
			}
			break;
		case "TemplateLiteral": {
			const text = node.quasis.map(({ value }) => value.cooked ?? "").join(HOLE);
			found.push(...wordsIn(text));
			break;
		}
		case "Literal":
			if (typeof node.value === "string") {
				found.push(...wordsIn(node.value));
			}
			return;
	}
	for (const [key, value] of Object.entries(node)) {
		if (key !== "type") {
			for (const each of [value].flat() as readonly unknown[]) {
				if (typeof each === "object" && each !== null && "type" in each) {
					visit(each as AnyNode, found);
				}
			}
		}
	}
}

function wordsIn(literal: string): readonly string[] {
	if (MARKUP.test(literal)) {
		return textsIn(parseFragment(literal, AS_WITHOUT_SCRIPT));
	}
	return WORDS.test(literal) ? [shown(literal)] : [];
}

function textsIn(parent: DefaultTreeAdapterTypes.ParentNode): readonly string[] {
	return parent.childNodes.flatMap((node) => {
		if ("value" in node) {
			return LETTERS.test(node.value) ? [shown(node.value)] : [];
		}
		if (!("attrs" in node)) {
			return [];
		}
		const { attrs } = node;
		const read = attrs.filter(
			({ name, value }) => READ_ATTRIBUTES.has(name) && LETTERS.test(value),
		);
		const isCode = ["code", "script", "style"].includes(node.tagName);
		return [...read.map(({ value }) => shown(value)), ...(isCode ? [] : textsIn(node))];
	});
}

function shown(text: string): string {
	return text.replaceAll(HOLE, "…").trim();
}
