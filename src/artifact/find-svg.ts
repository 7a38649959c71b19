import { parseXml, type XmlElement, type XmlNode } from "@rgrove/parse-xml";
import { finding, type Report } from "./finding.ts";
import { linesOf } from "./lines.ts";

// Shapes, paints and texts. Nothing that runs, loads, animates, repeats or embeds.
const ELEMENTS = new Set(
	`svg g path rect circle ellipse line polyline polygon title desc defs linearGradient radialGradient stop clipPath mask
	text tspan`.split(/\s+/),
);
const ATTRIBUTES = new Set(
	`version id class role lang viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d
	points pathLength transform offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits
	fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-dasharray stroke-dashoffset stop-color stop-opacity color opacity clip-path clip-rule mask visibility display
	overflow shape-rendering text-rendering color-interpolation vector-effect paint-order font-family font-size font-style
	font-weight text-anchor dominant-baseline letter-spacing focusable aria-hidden aria-label aria-labelledby
	aria-describedby xml:space`.split(/\s+/),
);
const DRAWING_ATTRIBUTES = new Set(
	[...ATTRIBUTES].filter((name) => !/^(?:id|class|role|focusable|aria-.*)$/.test(name)),
);
const NAMESPACES: ReadonlyMap<string, string> = new Map([
	["xmlns", "http://www.w3.org/2000/svg"],
	["xmlns:xlink", "http://www.w3.org/1999/xlink"],
]);
const PARSING = {
	includeOffsets: true,
	preserveCdata: true,
	preserveComments: true,
	preserveDocumentType: true,
	preserveXmlDeclaration: true,
};

/** Reports everything in an icon beyond a plain drawing. Hosts may put icons into their pages as they are. */
export function findSvg(file: string, text: string, report: Report): void {
	findIn(file, text, ATTRIBUTES, report);
}

/**
 * Reports everything in a drawing of the guide beyond a plain drawing. It stands in a page with fields and other drawings:
 * its ids could be theirs, and its classes would take their style.
 */
export function findInDrawing(file: string, text: string, report: Report): void {
	findIn(file, text, DRAWING_ATTRIBUTES, report);
}

function findIn(file: string, text: string, allowed: ReadonlySet<string>, report: Report): void {
	const lineAt = linesOf(text);
	const unsafe = (message: string, { start }: { readonly start: number }): void => {
		report(finding("unsafe-svg", message, { file, line: lineAt(Math.max(start, 0)) }));
	};
	let ahead: XmlNode[];
	try {
		const document = parseXml(text, PARSING);
		ahead = [...document.children];
		if (document.root?.name !== "svg") {
			unsafe(`its root is ${document.root?.name}, not svg`, document);
		}
	} catch (error) {
		const line = error instanceof Error && "line" in error ? Number(error.line) : 1;
		report(finding("unsafe-svg", "it is not well-formed XML", { file, line }));
		return;
	}
	for (const node of ahead) {
		if (node.type === "element") {
			const element = node as XmlElement;
			checkElement(element, allowed, (message) => unsafe(message, element));
			ahead.push(...element.children);
		} else if (isHiding(node)) {
			// In HTML `<!-->` is a whole comment, and a CDATA section in a title is one up to the first `>`.
			unsafe("it has a comment or CDATA section that a browser may read as markup", node);
		} else if (node.type === "doctype") {
			unsafe("it has a document type, which may define entities", node);
		} else if (node.type === "pi") {
			unsafe("it has a processing instruction", node);
		} else if (node.type === "xmldecl" && !/^(?:utf-8)?$/i.test(encodingOf(node))) {
			unsafe("it is not in UTF-8", node);
		}
	}
}

function checkElement(
	{ name, attributes }: XmlElement,
	allowed: ReadonlySet<string>,
	unsafe: (message: string) => void,
): void {
	if (!ELEMENTS.has(name)) {
		unsafe(`it has the element ${name}`);
	}
	for (const [attribute, value] of Object.entries(attributes)) {
		const isReference = /url\(|[a-z]:\/\/|javascript:|data:|^\/\//i.test(value);
		const isAllowed = NAMESPACES.has(attribute)
			? NAMESPACES.get(attribute) === value
			: allowed.has(attribute) && (!isReference || /^url\(#[\w.-]+\)$/.test(value));
		if (!isAllowed) {
			unsafe(`its element ${name} has the attribute ${attribute}="${value.slice(0, 60)}"`);
		}
	}
}

function isHiding(node: XmlNode): boolean {
	const text =
		node.type === "comment" && "content" in node
			? node.content
			: node.type === "cdata" && "text" in node
				? node.text
				: "";
	return /[<>]/.test(String(text));
}

function encodingOf(node: XmlNode): string {
	return "encoding" in node && typeof node.encoding === "string" ? node.encoding : "";
}
