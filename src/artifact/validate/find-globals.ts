import type { AnyNode, ObjectPattern } from "acorn";
import type { Code } from "./code.ts";
import type { ReportNode } from "./find-modules.ts";
import type { StaticTexts } from "./static-text.ts";
import { ValueFlow } from "./value-flow.ts";

// What a plugin may use beside what its helpdesk hands over: the language, time, and what only holds data. A list of what is
// allowed, because every version of Node brings new ways out.
const ALLOWED_GLOBALS = new Set(
	`AbortController AbortSignal AggregateError arguments Array ArrayBuffer AsyncDisposableStack
	atob Atomics BigInt BigInt64Array BigUint64Array Blob Boolean btoa Buffer clearImmediate
	clearInterval clearTimeout console crypto CryptoKey DataView Date decodeURI decodeURIComponent
	DisposableStack DOMException encodeURI encodeURIComponent Error escape EvalError Event
	EventTarget File FinalizationRegistry Float16Array Float32Array Float64Array FormData Headers
	Infinity Int16Array Int32Array Int8Array Intl isFinite isNaN Iterator JSON Map Math NaN Number
	Object parseFloat parseInt performance Promise Proxy queueMicrotask RangeError ReadableStream
	ReferenceError Reflect RegExp Request Response Set setImmediate setInterval setTimeout
	SharedArrayBuffer String structuredClone SubtleCrypto SuppressedError Symbol SyntaxError
	TextDecoder TextEncoder TransformStream TypeError Uint16Array Uint32Array Uint8Array
	Uint8ClampedArray undefined unescape URIError URL URLSearchParams WeakMap WeakRef WeakSet
	WritableStream`.split(/\s+/),
);
const GLOBAL_OBJECTS = new Set(["globalThis", "global", "self", "window"]);
// The prototype of functions is read by libraries that tell functions from classes.
const HARMLESS_OF_FUNCTION = new Set(["prototype", "name", "length"]);

/** Names and properties of the global object that are none of a plugin's business. */
export function findGlobals(code: Code, texts: StaticTexts, report: ReportNode): void {
	const globalObjects = new ValueFlow(code);
	const functions = new ValueFlow(code);
	for (const { identifier } of code.globals) {
		checkGlobal(identifier.name, identifier);
	}

	function checkGlobal(name: string, node: AnyNode): void {
		if (isTypeof(node) || ALLOWED_GLOBALS.has(name)) {
			return;
		}
		if (GLOBAL_OBJECTS.has(name)) {
			checkGlobalObject(node);
		} else if (name === "Function") {
			checkFunction(node);
		} else if (name === "eval") {
			report("dynamic-code", "it uses eval", node);
		} else if (name === "require") {
			report("forbidden-module", `it uses require${requiredBy(node)}`, node);
		} else {
			report("forbidden-global", `it uses the global ${name}`, node);
		}
	}

	function isTypeof(node: AnyNode): boolean {
		const parent = code.parentOf(node);
		return parent?.type === "UnaryExpression" && parent.operator === "typeof";
	}

	function requiredBy(node: AnyNode): string {
		const parent = code.parentOf(node);
		const [argument] = parent?.type === "CallExpression" ? parent.arguments : [];
		const name = argument && texts.textOf(argument);
		return name === undefined ? "" : ` to load ${JSON.stringify(name)}`;
	}

	function checkGlobalObject(expression: AnyNode): void {
		for (const { node, parent } of globalObjects.usesOf(expression)) {
			if (parent.type === "MemberExpression" && parent.object === node) {
				const name = texts.keyOf(parent);
				if (name === undefined) {
					const message = "it uses a property of the global object that it names at run time";
					report("forbidden-global", message, parent);
				} else {
					checkGlobal(name, parent);
				}
			} else if (parent.type === "VariableDeclarator" || parent.type === "AssignmentExpression") {
				checkPattern(parent.type === "VariableDeclarator" ? parent.id : parent.left, parent);
			} else if (parent.type !== "BinaryExpression" && parent.type !== "UnaryExpression") {
				report("forbidden-global", "it hands on the global object", node);
			}
		}
	}

	function checkPattern(pattern: AnyNode, parent: AnyNode): void {
		if (pattern.type !== "ObjectPattern") {
			report("forbidden-global", "it hands on the global object", parent);
			return;
		}
		for (const name of namesOf(pattern)) {
			if (name === undefined || !ALLOWED_GLOBALS.has(name)) {
				const what = name === undefined ? "properties it does not name" : name;
				report("forbidden-global", `it takes ${what} from the global object`, pattern);
			}
		}
	}

	function namesOf(pattern: ObjectPattern): (string | undefined)[] {
		return pattern.properties.map((property) =>
			property.type === "Property" ? texts.keyOf(property) : undefined,
		);
	}

	function checkFunction(expression: AnyNode): void {
		for (const { node, parent } of functions.usesOf(expression)) {
			const isHarmless =
				parent.type === "BinaryExpression" ||
				parent.type === "UnaryExpression" ||
				(parent.type === "MemberExpression" &&
					parent.object === node &&
					HARMLESS_OF_FUNCTION.has(texts.keyOf(parent) ?? "")) ||
				isBinding(parent) ||
				isPrototypeLookUp(parent);
			if (!isHarmless) {
				report("dynamic-code", "it uses the Function constructor", node);
			}
		}
	}

	/** `Function.call.bind(method)` makes a function of a method, not of text. */
	function isBinding(member: AnyNode): boolean {
		const parent = code.parentOf(member);
		return (
			member.type === "MemberExpression" &&
			["call", "apply"].includes(texts.keyOf(member) ?? "") &&
			parent?.type === "MemberExpression" &&
			texts.keyOf(parent) === "bind"
		);
	}

	function isPrototypeLookUp(parent: AnyNode): boolean {
		return (
			parent.type === "CallExpression" &&
			parent.callee.type === "MemberExpression" &&
			texts.keyOf(parent.callee) === "getPrototypeOf"
		);
	}
}
