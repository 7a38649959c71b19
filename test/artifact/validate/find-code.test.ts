// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code in strings has templates
import { expect, test } from "vitest";
import type { Finding } from "../../../src/artifact/finding.ts";
import { findInCode } from "../../../src/artifact/validate/find-code.ts";
import type { Manifest } from "../../../src/contract/manifest.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";
import { processorClock } from "../../kit/processor-clock.ts";

const CREATES = "export const createPlugin = () => ({ onActivate() {} });\n";

function findIn(code: string, changes: object = {}): Finding[] {
	const findings: Finding[] = [];
	const manifest = { ...TINY_MANIFEST, ...changes } as Manifest;
	findInCode(manifest, new TextEncoder().encode(code), (found) => findings.push(found));
	return findings;
}

const codesIn = (code: string, changes: object = {}): string[] =>
	findIn(CREATES + code, changes).map((found) => found.code);

test.each([
	'import "node:fs";',
	'import { connect } from "net";',
	'import crypto from "crypto";',
	'export * from "node:child_process";',
	'export { readFile } from "node:fs/promises";',
	'import left from "left-pad";',
	'require("fs");',
	"const load = require;",
	'typeof require !== "undefined" && require.apply(this, ["fs"]);',
	'globalThis.require("fs");',
])("a module that is not allowed is refused: %s", (code) => {
	expect(codesIn(code)).toEqual(["forbidden-module"]);
});

test.each([
	"eval('1')",
	"(0, eval)('1')",
	"const run = eval; run('1');",
	"new Function('return 1')()",
	"Function('return 1')()",
	"const Make = Function; new Make('return 1');",
	"let Make; Make = Function; Make('return 1');",
	"Function.call(null, 'return 1')",
	"Function.prototype.constructor('return 1')",
	"Reflect.construct(Function, ['return 1'])",
	"[Function][0]('return 1')",
	"globalThis.eval('1')",
	"globalThis['ev' + 'al']('1')",
	"const name = `ev${'al'}`; globalThis[name]('1');",
	"new globalThis.Function('return 1')",
	"(() => {}).constructor('return 1')",
	"(() => {})['constructor']('return 1')",
	"(() => {})['const' + 'ructor']('return 1')",
	"const Make = (() => {}).constructor; Make('return 1');",
	"new (async () => {}).constructor('return 1')",
	"Object.getPrototypeOf(async () => {}).constructor('return 1')",
	"const { constructor: Make } = () => {}; Make('return 1');",
	"''.constructor.constructor('return 1')",
	"(() => {}).constructor.call(null, 'return 1')",
	"(() => {}).constructor`return 1`",
	"Reflect.get(() => {}, 'constructor')('return 1')",
	"Object.getOwnPropertyDescriptor(Map, 'const' + 'ructor').value('return 1')",
	"import('node:fs')",
	"import('node:' + 'fs')",
	"const name = Math.random(); import(name);",
])("code made from text is refused: %s", (code) => {
	expect(codesIn(code)).toEqual(["dynamic-code"]);
});

test.each([
	"fetch('/')",
	"globalThis.fetch('/')",
	"globalThis['fetch']('/')",
	"globalThis['fe' + 'tch']('/')",
	"globalThis?.fetch('/')",
	"globalThis.globalThis.fetch('/')",
	"const g = globalThis; g.fetch('/');",
	"const { fetch: get } = globalThis; get('/');",
	"const { ...all } = globalThis; all.fetch('/');",
	"let g; g = globalThis; g.fetch('/');",
	"((root) => root.fetch('/'))(globalThis)",
	"const call = (root) => root.fetch('/'); call(globalThis);",
	"(function (f) { f(globalThis); })(function (root) { root.fetch('/'); })",
	"const g = typeof globalThis === 'object' ? globalThis : self; g.fetch('/');",
	"const key = Math.random(); globalThis[key]('/');",
	"Reflect.get(globalThis, 'fetch')('/')",
	"export const g = [globalThis];",
	"export const g = () => globalThis;",
	"process.env.HOME",
	"const { env } = process;",
	"global.process.exit()",
	"new WebSocket('/')",
	"new WebAssembly.Module(new Uint8Array())",
	"new XMLHttpRequest()",
	"navigator.sendBeacon('/')",
	"globalThis.shared = 1",
	"nobody()",
])("a global that is not allowed is refused: %s", (code) => {
	expect(codesIn(code)).toEqual(["forbidden-global"]);
});

test.each([
	'import { createHash } from "node:crypto"; createHash("sha256");',
	"// fetch(process.env), eval and require('fs') in a comment",
	"export const text = 'process.exit(); eval(1); require(\"fs\"); new Function()';",
	"const fetch = (http) => http.send(); fetch({ send() {} });",
	"export const port = { fetch: 1, process: 2, eval: 3, require: 4 }; port.fetch; port.eval;",
	"function make(process) { return process.env; } make({});",
	"export const isThere = typeof fetch === 'function' && typeof process;",
	"globalThis.Reflect.ownKeys({}); globalThis['Map'];",
	"export const isFunction = (f) => f instanceof Function;",
	"Object.getPrototypeOf(Function) === Function.prototype;",
	"export const has = Function.call.bind(Object.prototype.hasOwnProperty);",
	"export const answer = (body) => new Response(body, { headers: new Headers() });",
	"class A { copy() { return new this.constructor(); } } new A().copy();",
	"export const isPlain = (value) => value.constructor === Object;",
	"export const nameOf = (value) => value.constructor.name;",
	"setTimeout(() => {}, 1); new URL('a:b'); Buffer.from(''); structuredClone({});",
	"export const svg = '<svg xmlns=\"http://www.w3.org/2000/svg\">';",
])("what plugins need is allowed: %s", (code) => {
	expect(findIn(CREATES + code)).toEqual([]);
});

const HOSTS = {
	capabilities: { network: ["api.x.com"], navigation: ["https://x.com"], ports: [] },
};

test.each([
	["a URL", 'export const a = "https://evil.example/a";', "evil.example"],
	["a sum", 'export const a = "https://evil" + ".example/";', "evil.example"],
	[
		"a constant",
		'const host = "evil.example"; export const a = `https://${host}/`;',
		"evil.example",
	],
	["a template", "export const f = (id) => `https://evil.example/${id}`;", "evil.example"],
	[
		"a sum with more parts",
		'export const f = (id) => "https://evil" + ".example/" + id;',
		"evil.example",
	],
	["a host made at run time", "export const f = (id) => `https://api.${id}.example`;", "api"],
	["a user's trick", 'export const a = "https://api.x.com@evil.example/";', "evil.example"],
	["a backslash", 'export const a = "https://evil.example\\\\@api.x.com/";', "evil.example"],
	["no scheme", 'export const a = "//evil.example/a";', "evil.example"],
	["a socket", 'export const a = "wss://evil.example";', "evil.example"],
	["a subdomain", 'export const a = "https://upload.api.x.com/";', "upload.api.x.com"],
	["a port", 'export const a = "https://api.x.com:8443/";', "api.x.com:8443"],
	["markup", "export const a = '<a href=\"https://evil.example\">';", "evil.example"],
	["originOf", 'export const f = (http) => http.originOf("evil.example");', "evil.example"],
	["originOf of a page", 'export const f = (http) => http.originOf("x.com");', "x.com"],
])("a host that is not declared is found in %s", (_, code, host) => {
	expect(findIn(CREATES + code, HOSTS)).toEqual([
		expect.objectContaining({
			code: "undeclared-host",
			message: expect.stringContaining(` ${host}, `),
		}),
	]);
});

test.each([
	'export const a = "https://api.x.com/oauth?a=b";',
	'export const a = "See https://x.com.";',
	'export const f = (http) => http.originOf("api.x.com");',
	"// https://evil.example",
	'export const a = "//# a comment";',
	"export const f = (host) => `https://${host}/`;",
])("declared hosts and texts that are not hosts are allowed: %s", (code) => {
	expect(findIn(CREATES + code, HOSTS)).toEqual([]);
});

const hooks = { hooks: [{ hook: "onActivate", method: "start" }] };

test.each([
	"export function createPlugin() { return { start() {} }; }",
	"export const createPlugin = () => ({ start: async () => {} });",
	"const start = () => {}; function make() { return { start }; } export { make as createPlugin };",
	"class Tiny { start() {} } export const createPlugin = () => new Tiny();",
	"class Tiny { constructor() { this.start = () => {}; } } export const createPlugin = () => new Tiny();",
	"export const createPlugin = () => { const hooks = { start() {} }; return hooks; };",
	"const base = { start() {} }; export const createPlugin = () => ({ ...base });",
	"export const createPlugin = (host) => host.make({ start() {} });",
	"export const createPlugin = (host) => { const p = {}; p.start = host.start; return p; };",
	"export let createPlugin = function () { return { ['st' + 'art']() {} }; };",
])("a method is found: %s", (code) => {
	expect(findIn(code, hooks)).toEqual([]);
});

test.each([
	"export const createPlugin = () => ({ stop() {} }); export const o = { start() {} };",
	"export function createPlugin(host) { if (host) return { start() {} }; return { stop() {} }; }",
	"class Tiny { stop() {} } export const createPlugin = () => new Tiny();",
	"export const createPlugin = (host) => host.make({ stop() {} });",
	"export const createPlugin = () => { const f = () => { return { start() {} }; }; return { f }; };",
])("a missing method is reported: %s", (code) => {
	expect(findIn(code, hooks).map((found) => found.code)).toEqual(["missing-hook"]);
});

test.each([
	["nested too deeply", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
	["an endless chain", `${"!".repeat(40_000)}1`],
	["not JavaScript", "func main() {"],
	["not UTF-8", "\ufffd\u0000"],
])("code that is %s is refused without harm", (_, code) => {
	expect(codesIn(code)).toEqual(["unreadable-code"]);
});

const times = (count: number, make: (n: number) => string): string =>
	Array.from({ length: count }, (_, n) => make(n)).join("");

test.each([
	[
		"texts that double",
		`const a0 = "https://x";${times(5_000, (n) => `const a${n + 1} = a${n} + a${n};`)}`,
	],
	["sums without an end", `const a = "b";${times(100_000, () => 'a + "c";')}`],
	["one name for the global object", `let g;${times(50_000, () => "g = globalThis; g.Map;")}`],
	["one name for constructors", `let c;${times(50_000, () => "c = a.constructor; c.name;")}`],
	["functions that call each other", times(20_000, (n) => `function f${n}(g) { f${n + 1}(g); }`)],
	[
		"returns in depth",
		`function f() { ${"{".repeat(800)}${times(50_000, () => "return 1;")}${"}".repeat(800)} }`,
	],
	["globals", times(100_000, () => "fetch();")],
])("ten seconds of a processor are enough for code with %s", (_, code) => {
	const seconds = processorClock();

	findIn(CREATES + code);
	expect(seconds()).toBeLessThan(10);
});
