import { raw } from "hono/html";
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parseFragment, serialize } from "parse5";
import { isAtLeast, type Role } from "../../people/operator-roles.ts";
import type { Markup } from "../layout.ts";
import { accessAt } from "./access.ts";

type Element = DefaultTreeAdapterTypes.Element;
type Parent = DefaultTreeAdapterTypes.ParentNode;
type Child = DefaultTreeAdapterTypes.ChildNode;

/** Go when nothing but an explanation is left in them. */
const CONTAINERS: readonly string[] = ["details", "div", "li", "p", "section", "ul"];
const HEADINGS: readonly string[] = ["h2", "h3"];

/**
 * The content of a page without the forms and links that lead to what the operator's role does not allow, and without the
 * headings and explanations that are left alone then. What leads where is read from the page itself, and who may go there from
 * the table of access, so that no page does it by hand.
 */
export async function allowedContent(content: Markup, role: Role): Promise<Markup> {
	if (role === "owner") {
		return content;
	}
	const page = parseFragment(String(await content));
	const lost = new Set<Parent | null>();
	const all = elementsIn(page);
	const refused = all.filter((element) => !isAllowed(element, role));
	const forms = refused.flatMap((element) => attribute(element, "id") ?? []);
	for (const element of [...refused, ...all.filter((each) => isOfForm(each, forms))]) {
		lost.add(leaveOut(element));
	}
	for (const link of elementsIn(page).filter((each) => isLost(each, page))) {
		lost.add(leaveOut(link));
	}
	for (const table of elementsIn(page).filter(({ tagName }) => tagName === "table")) {
		leaveOutEmptyColumns(table, lost);
	}
	return raw(serialize(page));
}

function isAllowed(element: Element, role: Role): boolean {
	const leads = leadsTo(element);
	const access = leads && accessAt(leads.method, leads.path);
	return access === undefined || isAtLeast(role, access.least);
}

/** Whether a field stands elsewhere on the page than its form, which is one of these. */
function isOfForm(element: Element, forms: readonly string[]): boolean {
	return forms.includes(attribute(element, "form") ?? "");
}

/** Whether a link leads to a part of the page that was left out. */
function isLost(element: Element, page: Parent): boolean {
	const href = element.tagName === "a" ? (attribute(element, "href") ?? "") : "";
	return (
		href.startsWith("#") &&
		!elementsIn(page).some((each) => attribute(each, "id") === href.slice(1))
	);
}

/** Where a form or a link leads; undefined for what leads nowhere. */
function leadsTo(element: Element): { readonly method: string; readonly path: string } | undefined {
	const { tagName } = element;
	const address = attribute(element, tagName === "form" ? "action" : "href");
	if ((tagName !== "form" && tagName !== "a") || address === undefined) {
		return undefined;
	}
	const [path = ""] = address.split(/[?#]/, 1);
	const isPost = tagName === "form" && attribute(element, "method") === "post";
	return { method: isPost ? "POST" : "GET", path };
}

/** @returns what it was left out of. */
function leaveOut(element: Element): Parent | null {
	const parent = element.parentNode;
	if (parent === null) {
		return null;
	}
	const siblings = parent.childNodes;
	const index = siblings.indexOf(element);
	const before = siblings.slice(0, index).findLast(isShown);
	const after = siblings.slice(index + 1).find(isShown);
	if (element.tagName === "a" && isInSentence(before, after)) {
		for (const child of [...element.childNodes]) {
			defaultTreeAdapter.insertBefore(parent, child, element);
		}
	}
	defaultTreeAdapter.detachNode(element);
	const isAlone = after === undefined || isHeading(after);
	if (element.tagName !== "a" && before !== undefined && isHeading(before) && isAlone) {
		defaultTreeAdapter.detachNode(before);
	}
	return defaultTreeAdapter.isElementNode(parent) && isLeftAlone(parent)
		? leaveOut(parent)
		: parent;
}

/** Whether a link is part of a sentence, which needs its words. One that follows a sentence is one of its own. */
function isInSentence(before: Child | undefined, after: Child | undefined): boolean {
	const text = (node: Child | undefined): string =>
		node !== undefined && defaultTreeAdapter.isTextNode(node) ? node.value.trim() : "";
	const isBegun = text(before) !== "" && !/[.!?:\u061f]$/.test(text(before));
	return isBegun || text(after) !== "";
}

/** Whether nothing but an explanation is left in a container. */
function isLeftAlone(container: Element): boolean {
	return (
		CONTAINERS.includes(container.tagName) && container.childNodes.filter(isShown).every(isHelp)
	);
}

function isHelp(node: Child): boolean {
	return (
		defaultTreeAdapter.isElementNode(node) &&
		(node.tagName === "summary" || attribute(node, "class") === "help")
	);
}

function isHeading(node: Child): boolean {
	return defaultTreeAdapter.isElementNode(node) && HEADINGS.includes(node.tagName);
}

/** Whether a node is more than the space between others. */
function isShown(node: Child): boolean {
	return !defaultTreeAdapter.isTextNode(node) || node.value.trim() !== "";
}

/** Leaves out columns of actions in which no action is left. @param lost what something was left out of. */
function leaveOutEmptyColumns(table: Element, lost: ReadonlySet<Parent | null>): void {
	const rows = elementsIn(table)
		.filter(({ tagName }) => tagName === "tr")
		.map((row) => row.childNodes.filter(defaultTreeAdapter.isElementNode));
	const [head, ...body] = rows;
	for (const [column, name] of [...(head ?? [])].entries()) {
		const cells = body.flatMap((row) => row[column] ?? []);
		if (cells.every(isEmpty) && cells.some((cell) => lost.has(cell))) {
			for (const cell of [name, ...cells]) {
				defaultTreeAdapter.detachNode(cell);
			}
		}
	}
}

function isEmpty(cell: Element): boolean {
	return !cell.childNodes.some(isShown);
}

function elementsIn(parent: Parent): Element[] {
	return parent.childNodes
		.filter(defaultTreeAdapter.isElementNode)
		.flatMap((element) => [element, ...elementsIn(element)]);
}

function attribute({ attrs }: Element, name: string): string | undefined {
	return attrs.find((each) => each.name === name)?.value;
}
