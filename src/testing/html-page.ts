import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html as markup, parse } from "parse5";

export type HtmlElement = DefaultTreeAdapterTypes.Element;

/** A page as a browser's parser reads it. */
export interface HtmlPage {
	/** The elements of HTML in the order of the page, without those inside of templates. */
	readonly elements: readonly HtmlElement[];
	/** The form that sends a control. */
	ownerOf(control: HtmlElement): HtmlElement | undefined;
}

export function readPage(html: string): HtmlPage {
	// A form can own controls outside of its element: between the rows of a table, for example.
	const parserOwners = new Map<HtmlElement, HtmlElement>();
	const document = parse(html, {
		treeAdapter: {
			...defaultTreeAdapter,
			onElementCreated: (element, { formElement, isInTemplate }) => {
				if (formElement !== null && !isInTemplate) {
					parserOwners.set(element, formElement);
				}
			},
		},
		scriptingEnabled: false,
	});
	const elements = elementsIn(document);
	return {
		elements,
		ownerOf: (control) => {
			const id = attribute(control, "form");
			if (id !== undefined) {
				const named = elements.find((each) => attribute(each, "id") === id);
				return named?.tagName === "form" ? named : undefined;
			}
			const within = ancestorsOf(control).find(({ tagName }) => tagName === "form");
			return parserOwners.get(control) ?? within;
		},
	};
}

/** The elements of a page with this name. */
export function elementsNamed(html: string, tagName: string): HtmlElement[] {
	return readPage(html).elements.filter((element) => element.tagName === tagName);
}

/** The value of an attribute, empty if the markup gives it none. */
export function attribute({ attrs }: HtmlElement, name: string): string | undefined {
	return attrs.find((each) => each.name === name)?.value;
}

/** The elements around an element, the nearest first. */
export function ancestorsOf({ parentNode }: HtmlElement): HtmlElement[] {
	return parentNode !== null && defaultTreeAdapter.isElementNode(parentNode)
		? [parentNode, ...ancestorsOf(parentNode)]
		: [];
}

/** The elements of HTML inside of a node, in the order of the page. */
export function elementsIn(node: DefaultTreeAdapterTypes.ParentNode): HtmlElement[] {
	return node.childNodes.filter(defaultTreeAdapter.isElementNode).flatMap((child) => {
		const inner = elementsIn(child);
		return child.namespaceURI === markup.NS.HTML ? [child, ...inner] : inner;
	});
}

/** All text inside of a node. */
export function textOf(node: DefaultTreeAdapterTypes.ParentNode): string {
	return node.childNodes
		.map((child) => {
			if (defaultTreeAdapter.isTextNode(child)) {
				return child.value;
			}
			return defaultTreeAdapter.isElementNode(child) ? textOf(child) : "";
		})
		.join("");
}
