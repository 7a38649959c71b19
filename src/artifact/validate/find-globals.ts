import type { AnyNode, ObjectPattern } from "acorn";
import type { Code } from "./code.ts";
import type { ReportNode } from "./find-modules.ts";
import type { StaticTexts } from "./static-text.ts";
import { ValueFlow } from "./value-flow.ts";

// A plugin may use the language, time and types that only hold data, besides what its helpdesk provides. The list says what
// is allowed, because every version of Node adds new ways out.
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
// Libraries read the prototype of functions to tell functions from classes.
const HARMLESS_OF_FUNCTION = new Set(["prototype", "name", "length"]);

/** Reports the globals that a plugin may not use, by their names or as properties of the global object. */
export function findGlobals(code: Code, texts: StaticTexts, report: ReportNode): void {
	const check = new GlobalCheck(code, texts, report);
	for (const { identifier } of code.globals) {
		check.global(identifier.name, identifier);
	}
}

class GlobalCheck {
	readonly #code: Code;
	readonly #texts: StaticTexts;
	readonly #report: ReportNode;
	readonly #globalObjects: ValueFlow;
	readonly #functions: ValueFlow;

	constructor(code: Code, texts: StaticTexts, report: ReportNode) {
		this.#code = code;
		this.#texts = texts;
		this.#report = report;
		this.#globalObjects = new ValueFlow(code);
		this.#functions = new ValueFlow(code);
	}

	global(name: string, node: AnyNode): void {
		if (this.#isTypeof(node) || ALLOWED_GLOBALS.has(name)) {
			return;
		}
		if (GLOBAL_OBJECTS.has(name)) {
			this.#globalObject(node);
		} else if (name === "Function") {
			this.#function(node);
		} else if (name === "eval") {
			this.#report("dynamic-code", "it uses eval", node);
		} else if (name === "require") {
			this.#report("forbidden-module", `it uses require${this.#requiredBy(node)}`, node);
		} else {
			this.#report("forbidden-global", `it uses the global ${name}`, node);
		}
	}

	#isTypeof(node: AnyNode): boolean {
		const parent = this.#code.parentOf(node);
		return parent?.type === "UnaryExpression" && parent.operator === "typeof";
	}

	#requiredBy(node: AnyNode): string {
		const parent = this.#code.parentOf(node);
		const [argument] = parent?.type === "CallExpression" ? parent.arguments : [];
		const name = argument && this.#texts.textOf(argument);
		return name === undefined ? "" : ` to load ${JSON.stringify(name)}`;
	}

	#globalObject(expression: AnyNode): void {
		for (const { node, parent } of this.#globalObjects.usesOf(expression)) {
			if (parent.type === "MemberExpression" && parent.object === node) {
				const name = this.#texts.keyOf(parent);
				if (name === undefined) {
					const message = "it uses a property of the global object whose name is made at run time";
					this.#report("forbidden-global", message, parent);
				} else {
					this.global(name, parent);
				}
			} else if (parent.type === "VariableDeclarator" || parent.type === "AssignmentExpression") {
				this.#pattern(parent.type === "VariableDeclarator" ? parent.id : parent.left, parent);
			} else if (parent.type !== "BinaryExpression" && parent.type !== "UnaryExpression") {
				this.#report("forbidden-global", "it passes on the global object", node);
			}
		}
	}

	#pattern(pattern: AnyNode, parent: AnyNode): void {
		if (pattern.type !== "ObjectPattern") {
			this.#report("forbidden-global", "it passes on the global object", parent);
			return;
		}
		for (const name of this.#namesOf(pattern)) {
			if (name === undefined || !ALLOWED_GLOBALS.has(name)) {
				const what = name === undefined ? "properties without names" : name;
				this.#report("forbidden-global", `it takes ${what} from the global object`, pattern);
			}
		}
	}

	#namesOf(pattern: ObjectPattern): (string | undefined)[] {
		return pattern.properties.map((property) =>
			property.type === "Property" ? this.#texts.keyOf(property) : undefined,
		);
	}

	#function(expression: AnyNode): void {
		for (const { node, parent } of this.#functions.usesOf(expression)) {
			const isHarmless =
				parent.type === "BinaryExpression" ||
				parent.type === "UnaryExpression" ||
				(parent.type === "MemberExpression" &&
					parent.object === node &&
					HARMLESS_OF_FUNCTION.has(this.#texts.keyOf(parent) ?? "")) ||
				this.#isBinding(parent) ||
				this.#isPrototypeLookUp(parent);
			if (!isHarmless) {
				this.#report("dynamic-code", "it uses the Function constructor", node);
			}
		}
	}

	/** `Function.call.bind(method)` makes a function from a method, not from text. */
	#isBinding(member: AnyNode): boolean {
		const parent = this.#code.parentOf(member);
		return (
			member.type === "MemberExpression" &&
			["call", "apply"].includes(this.#texts.keyOf(member) ?? "") &&
			parent?.type === "MemberExpression" &&
			this.#texts.keyOf(parent) === "bind"
		);
	}

	#isPrototypeLookUp(parent: AnyNode): boolean {
		return (
			parent.type === "CallExpression" &&
			parent.callee.type === "MemberExpression" &&
			this.#texts.keyOf(parent.callee) === "getPrototypeOf"
		);
	}
}
