// Finding 14: HSTS for a year on every answer of a brand with TLS, and never on plain http. Every answer, also one that no
// page gives, has the headers by which browsers neither guess its type nor frame it.
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { closed, listen } from "../../../src/helpdesk/web/listen.ts";
import { transportHeaders } from "../../../src/helpdesk/web/security-headers.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { exchange, headOf, openConnection } from "../../kit/helpdesk/raw-http.ts";

const HSTS = "strict-transport-security";
const YEAR = "max-age=31536000";
const TEXT = "text/plain; charset=utf-8";

/** The helpdesk with the first brand on TLS and the second on plain http. @returns where each listens. */
async function openBrands(options: Partial<HelpdeskOptions> = {}): Promise<[string, string]> {
	const baseUrls = new Map([["acorn", "https://help.example"]]);
	const helpdesk = await startHelpdesk(await helpdeskOptions({ baseUrls, ...options }));
	onTestFinished(() => helpdesk.close());
	const [acorn = "", harbor = ""] = helpdesk.listening;
	return [acorn, harbor];
}

const LARGE = "x".repeat(100_000);
const REQUESTS: readonly [what: string, status: number, path: string, init?: RequestInit][] = [
	["a page", 200, "/login"],
	["a file", 200, "/assets/style.css"],
	["a plain answer", 200, "/healthz"],
	["an answer of the OpenID Provider", 200, "/oidc/.well-known/openid-configuration"],
	["a redirect", 303, "/account"],
	["a page that is not there", 404, "/nowhere"],
	["a form without proof", 403, "/login", { method: "POST", body: new URLSearchParams() }],
	["a body that is no form", 415, "/login", { method: "POST", body: "{}" }],
	["a form that is too large", 413, "/login", { method: "POST", body: LARGE }],
];

test.each(REQUESTS)("HSTS: %s (%i) has it over TLS alone", async (_, status, path, init) => {
	const [acorn, harbor] = await openBrands();

	const over = await fetch(`${acorn}${path}`, { redirect: "manual", ...init });
	const plain = await fetch(`${harbor}${path}`, { redirect: "manual", ...init });

	expect([over.status, over.headers.get(HSTS)]).toEqual([status, YEAR]);
	expect([plain.status, plain.headers.get(HSTS)]).toEqual([status, null]);
});

test.each(REQUESTS)(
	"every answer forbids browsers to guess its type and to frame it: %s (%i)",
	async (_, status, path, init) => {
		const [acorn] = await openBrands();

		const answer = await fetch(`${acorn}${path}`, { redirect: "manual", ...init });

		expect(answer.status).toBe(status);
		expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
		expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
		const type = (await answer.text()) === "" ? TEXT : answer.headers.get("content-type");
		expect(type).toMatch(/^[a-z]+\/[a-z]+; charset=utf-8$/i);
	},
);

const RAW: readonly [what: string, status: number, lines: readonly string[]][] = [
	["with two Host headers", 400, ["GET / HTTP/1.1", "Host: a", "Host: b"]],
	["without a Host header", 400, ["GET / HTTP/1.1", "Accept: text/html"]],
	["with a broken Host header", 400, ["GET / HTTP/1.1", "Host: a b", "Connection: close"]],
	["that is no HTTP", 400, ["nonsense"]],
	["that expects what nobody knows", 417, ["GET / HTTP/1.1", "Host: a", "Expect: nonsense"]],
	["with too large headers", 431, ["GET / HTTP/1.1", "Host: a", `X: ${LARGE}`]],
];

test.each(RAW)("HSTS: a request %s (%i) has it over TLS alone", async (_, status, lines) => {
	const [acorn, harbor] = await openBrands();

	const over = headOf(await exchange(acorn, ...lines));
	const plain = headOf(await exchange(harbor, ...lines));

	expect([over.status, over.headers.get(HSTS)]).toEqual([status, YEAR]);
	expect([plain.status, plain.headers.get(HSTS)]).toEqual([status, undefined]);
});

test.each(RAW)(
	"every answer forbids browsers to guess its type and to frame it: a request %s (%i)",
	async (_, status, lines) => {
		const [acorn] = await openBrands();

		const whole = await exchange(acorn, ...lines);
		const answer = headOf(whole);

		expect(answer.status).toBe(status);
		expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
		expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
		const type = whole.endsWith("\r\n\r\n") ? TEXT : answer.headers.get("content-type");
		expect(type).toBe(TEXT);
	},
);

test("HSTS: too many guesses at a password (429), a failure (502) and an outage (503) have it", async () => {
	const options = await helpdeskOptions();
	let fails: Error | undefined;
	const storage = new Proxy(options.storage, {
		get: (target, name) => {
			const value: unknown = Reflect.get(target, name);
			if (fails !== undefined && name === "get") {
				throw fails;
			}
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	const [acorn] = await openBrands({ storage, startLimit: 1 });
	const visitor = new HttpVisitor();
	await visitor.open(`${acorn}/login`);
	const guess = { email: "ada@example.com", password: "a wrong password" };
	await visitor.submit("/login", guess);
	const { status, headers } = await visitor.submit("/login", guess);
	expect([status, headers.get(HSTS)]).toEqual([429, YEAR]);

	for (const [error, expected] of [
		[new Error("broken"), 502],
		[Object.assign(new Error("away"), { name: "StorageError" }), 503],
	] as const) {
		fails = error;
		const answer = await fetch(`${acorn}/healthz`);
		expect([answer.status, answer.headers.get(HSTS)]).toEqual([expected, YEAR]);
	}
});

test("HSTS: a brand that is starting (503), and a request that takes too long (408), have it", async () => {
	const { server, port } = await listen({
		port: 0,
		site: () => undefined,
		headers: transportHeaders("https://help.example", false),
		maxConnections: 10,
		onFull: () => undefined,
		limits: { headersTimeout: 50, connectionsCheckingInterval: 10 },
	});
	onTestFinished(() => closed(server));
	const site = `http://127.0.0.1:${port}`;

	const starting = await fetch(site);
	const socket = await openConnection(site);
	socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
	const slow = headOf(await text(socket));

	expect([starting.status, starting.headers.get(HSTS)]).toEqual([503, YEAR]);
	expect([slow.status, slow.headers.get(HSTS)]).toEqual([408, YEAR]);
	expect(starting.headers.get("content-type")).toBe(TEXT);
	expect(starting.headers.get("x-content-type-options")).toBe("nosniff");
});

test("HSTS covers the names below a brand's if the operator says so", async () => {
	const [acorn, harbor] = await openBrands({ hstsSubdomains: true });

	expect((await fetch(`${acorn}/login`)).headers.get(HSTS)).toBe(`${YEAR}; includeSubDomains`);
	expect((await fetch(`${harbor}/login`)).headers.get(HSTS)).toBeNull();
});
