import { expect, test } from "vitest";
import { restrictHooks } from "../../../src/artifact/load/restrict-hooks.ts";
import type { LoginRequest } from "../../../src/contract/login-request.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { Manifest } from "../../../src/contract/manifest.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import { UndiciHttp } from "../../../src/ports/undici-http.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";

const REQUEST: LoginRequest = {
	brandId: "brand",
	method: "POST",
	query: [],
	form: [],
	cookies: {},
	locale: "en",
	clientAddress: "",
	currentUser: undefined,
};
const http = new UndiciHttp({ "x.com": "http://localhost:9" });

function answering(response: unknown, navigation: readonly string[] = []): Plugin {
	const manifest: Manifest = {
		...TINY_MANIFEST,
		manifestVersion: 1,
		lifecycle: { activation: "manual", onDeactivate: "keep-data" },
		hooks: [
			{ hook: "startLogin", method: "begin" },
			{ hook: "renderLoginButtons", method: "draw" },
			{ hook: "onUserDeleted", method: "forget" },
			{ hook: "listLinkedAccounts", method: "draw" },
			{ hook: "simulate", method: "draw" },
			{ hook: "unlinkAccount", method: "draw" },
			{ hook: "explain", method: "draw" },
		],
		capabilities: { network: ["x.com"], navigation, ports: [] },
	};
	const plugin = {
		response,
		begin() {
			return Promise.resolve(this.response);
		},
		draw() {
			return Promise.resolve(this.response);
		},
		forget: async () => {},
		onDeactivate: async () => {},
	};
	return restrictHooks(plugin, manifest, http) as Plugin;
}

const page = (html: string) => ({ kind: "page", page: { status: 200, title: "", html } });

test("hooks have their own names, and methods that are not hooks are left out", () => {
	expect(Object.keys(answering({}))).toEqual([
		"startLogin",
		"renderLoginButtons",
		"onUserDeleted",
		"listLinkedAccounts",
		"simulate",
		"unlinkAccount",
		"explain",
	]);
});

test.each([
	[{ kind: "redirect", location: "https://evil.example/?token=t" }, "https://evil.example"],
	[{ kind: "redirect", location: "//evil.example" }, "https://evil.example"],
	[{ kind: "redirect", location: "/\\evil.example" }, "https://evil.example"],
	[{ kind: "redirect", location: "/\t/evil.example" }, "https://evil.example"],
	[{ kind: "redirect", location: "https://x.com@evil.example/" }, "https://evil.example"],
	[{ kind: "redirect", location: "https://x.com.evil.example/" }, "https://x.com.evil.example"],
	[{ kind: "redirect", location: "https://x.com:444/" }, "https://x.com:444"],
	[{ kind: "redirect", location: "http://x.com/" }, "http://x.com"],
	[{ kind: "redirect", location: "javascript:alert(1)" }, "javascript:"],
	[{ kind: "redirect", location: "https://" }, "an address that cannot be read"],
	[{ kind: "signed-in", userId: "1", returnPath: "https://x.com/" }, "https://x.com"],
	[{ kind: "linked", userId: "1", returnPath: "//evil.example" }, "https://evil.example"],
	[page('<form method="post" action="https://evil.example/">'), "https://evil.example"],
	[page("<FORM ACTION=//evil.example>"), "https://evil.example"],
	[page("<button formaction='https://x.com/'>"), "https://x.com"],
	[page('<form action="/&sol;evil.example">'), "an address that cannot be read"],
	[page('<form action="/&#47evil.example">'), "an address that cannot be read"],
	[page("<form/action=https://evil.example>"), "https://evil.example"],
	[page('<form class="a"action="https://evil.example">'), "https://evil.example"],
	[page('<form title=">" action="https://evil.example">'), "https://evil.example"],
	[page('<form a=b"c action=https://evil.example>'), "https://evil.example"],
	[page('<form " action=https://evil.example>'), "https://evil.example"],
	[page("<form x=it's action=https://evil.example>"), "https://evil.example"],
	[page('<button action="/" formaction="https://evil.example">'), "https://evil.example"],
	[page('<form formaction="/" action="https://evil.example">'), "https://evil.example"],
	[page('<form action="https://evil.example/'), "an address that cannot be read"],
	[page("<p></p><form action=/"), "an address that cannot be read"],
	[{ kind: "redirect", location: "https:evil.example" }, "an address that cannot be read"],
	[{ kind: "redirect", location: "HTTPS:/evil.example" }, "an address that cannot be read"],
	[{ kind: "redirect", location: "http:evil.example" }, "http://evil.example"],
	[{ kind: "redirect", location: "https://portal.invalid/" }, "an address that cannot be read"],
	[{ kind: "redirect", location: "https:\\\\x.com/" }, "an address that cannot be read"],
	[{ kind: "redirect", location: "https://x.com/\r\nx" }, "an address that cannot be read"],
	[{ kind: "redirect", location: "https://x.com/\n" }, "an address that cannot be read"],
	[{ kind: "signed-in", userId: "1", returnPath: "http://localhost:9/" }, "http://localhost:9"],
	[{ kind: "redirect", location: "login" }, "an address that cannot be read"],
	[
		{ kind: "linked", userId: "1", returnPath: "https:evil.example" },
		"an address that cannot be read",
	],
	[page('<form action="https:evil.example">'), "an address that cannot be read"],
	[page('<meta http-equiv="refresh" content="0;url=https://evil.example">'), "the element meta"],
	[page("<META/http-equiv=refresh content=0>"), "the element meta"],
	[page("<p></p><base href=//evil.example><form action=/a></form>"), "the element base"],
	[page("<script>location = '//evil.example'</script>"), "the element script"],
	[page("<iframe\nsrc=//evil.example>"), "the element iframe"],
	[page("<object data=//evil.example>"), "the element object"],
	[page("<embed src=//evil.example>"), "the element embed"],
	[page("<p></p><meta"), "the element meta"],
])("an answer that leads to an undeclared origin rejects: %j", async (response, target) => {
	const { startLogin } = answering(response, ["https://x.com"]);

	await expect(startLogin(REQUEST)).rejects.toMatchObject({
		name: "CapabilityError",
		capability: `navigation: ${target}`,
	});
});

test.each([
	"https://127.1",
	"https://0x7f.0.0.1",
	"https://2130706433.0x0",
	"https://xn--a.example",
])("nobody is led to %s, which browsers read as another origin or as none", async (origin) => {
	const { startLogin } = answering({ kind: "redirect", location: `${origin}/a` }, [origin]);

	await expect(startLogin(REQUEST)).rejects.toMatchObject({ name: "CapabilityError" });
});

test.each([
	[{ kind: "redirect", location: "https://x.com/i/oauth2/authorize?a=1&b=2;c" }],
	[{ kind: "redirect", location: "http://localhost:9/oauth/authenticate" }],
	[{ kind: "redirect", location: "/login?a=//evil.example" }],
	[{ kind: "signed-in", userId: "1", returnPath: "/tickets?id=1" }],
	[{ kind: "signed-in", userId: "1", returnPath: "/" }],
	[page('<form method="post" action="/a"><input name="a" value=" action=//evil.example"></form>')],
	[page("<form method=post action=/a><input value=a/action=//evil.example></form>")],
	[page('<form action="/a?b=1&amp;#top"></form>')],
	[page('<form action="#"></form><form action=""></form>')],
	[page("<p>&lt;script&gt; <based></p>")],
	[page('<p>action="//evil.example"</p><form method="post" action="/a?b=1&amp;c=2"></form>')],
])("an answer that leads to declared origins passes: %j", async (response) => {
	const { startLogin } = answering(response, ["https://x.com"]);

	expect(await startLogin(REQUEST)).toEqual(response as LoginResponse);
});

test("a button that posts to another site is not shown", async () => {
	const button = { action: "https://evil.example/", html: "" };
	const form = { action: "/start", html: '<form action="https://evil.example/">' };
	const refresh = { action: "/start", html: "<meta http-equiv=refresh content=0;//evil.example>" };
	const asked = { brandId: "b", page: "login", locale: "en", returnPath: "/" } as const;

	for (const each of [button, form]) {
		await expect(answering([each]).renderLoginButtons(asked)).rejects.toThrow(
			"navigation: https://evil.example",
		);
	}
	await expect(answering([refresh]).renderLoginButtons(asked)).rejects.toThrow(
		"navigation: the element meta",
	);
});

test("a made-up case shows administrators no markup that leads elsewhere", async () => {
	const made = { brandId: "b", locale: "en", visitorLocale: "en", answers: {} };
	const simulation = (html: string) => ({ questions: [], steps: [page(html)] });
	const [good, bad] = [simulation('<form action="#"></form>'), simulation(FOREIGN_FORM)];

	expect(await answering(good).simulate(made)).toEqual(good);
	await expect(answering(bad).simulate(made)).rejects.toThrow("navigation: https://evil.example");
});

/** Answers with the first value until it was read often enough, then with the other one. */
function turning(first: string, then: string): () => string {
	let reads = 0;
	return () => {
		reads += 1;
		return reads === 1 ? first : then;
	};
}

const EVIL = "https://evil.example/";
const FOREIGN_FORM = `<form method="post" action="${EVIL}"></form>`;

test("an answer with getters or a proxy leads where the check saw it lead", async () => {
	const turn = (name: string, first: string, then: string, others: object = {}) =>
		Object.defineProperty({ ...others }, name, {
			get: turning(first, then),
			enumerable: true,
		});
	const page = { status: 200, title: "" };
	const cases = [
		[turn("location", "/a", EVIL, { kind: "redirect" }), { kind: "redirect", location: "/a" }],
		[
			turn("returnPath", "/a", EVIL, { kind: "signed-in", userId: "1" }),
			{ kind: "signed-in", userId: "1", returnPath: "/a" },
		],
		[
			turn("kind", "reauthenticate", "redirect", { returnPath: "/a", location: EVIL }),
			{ kind: "reauthenticate", returnPath: "/a" },
		],
		[
			{ kind: "page", page: turn("html", "<p></p>", FOREIGN_FORM, page) },
			{ kind: "page", page: { ...page, html: "<p></p>" } },
		],
		[
			new Proxy(turn("location", "/a", EVIL, { kind: "redirect" }), {}),
			{ kind: "redirect", location: "/a" },
		],
	] as const;

	for (const [answer, used] of cases) {
		const response = await answering(answer).startLogin(REQUEST);
		expect({ ...response }).toEqual(used);
		expect(JSON.parse(JSON.stringify(response))).toEqual(used);
	}
});

test("a button with getters is the button that the check saw", async () => {
	const button = {
		action: "/start",
		get html() {
			return this.draw();
		},
		draw: turning("<p></p>", FOREIGN_FORM),
	};
	const asked = { brandId: "b", page: "login", locale: "en", returnPath: "/" } as const;

	const [shown] = await answering([button]).renderLoginButtons(asked);

	expect(shown?.html).toBe("<p></p>");
	expect(shown?.html).toBe("<p></p>");
});

test("the answers of other hooks are copies as plain data, too", async () => {
	const account = { identityId: "x:1", linkedAt: 1 };
	Object.defineProperty(account, "label", { get: turning("@ada", "@eve"), enumerable: true });
	const { listLinkedAccounts } = answering([account]);

	const [copy] = await listLinkedAccounts("1");

	expect([copy?.label, copy?.label]).toEqual(["@ada", "@ada"]);
	const circle: unknown[] = [];
	circle.push(circle);
	for (const wrong of [circle, new Array(1e9), [1n]]) {
		await expect(answering(wrong).listLinkedAccounts("1")).rejects.toThrow(TypeError);
	}
});

const cookie = { name: "a", value: "b", maxAgeSeconds: 1 };

test.each([
	["kind", { kind: "zzz" }],
	["response", undefined],
	["location", { kind: "redirect", location: 1 }],
	["location", { kind: "redirect", location: `/${"a".repeat(200_000)}` }],
	["userId", { kind: "signed-in", returnPath: "/" }],
	["page", { kind: "page" }],
	...[99, 101, 204, 302, 1000, "200", Number.NaN].map(
		(status) => ["page.status", { kind: "page", page: { status, title: "", html: "" } }] as const,
	),
	["cookies", { kind: "redirect", location: "/", cookies: new Array(500).fill(cookie) }],
	["cookies", { kind: "redirect", location: "/", cookies: [{ ...cookie, name: "" }] }],
	["cookies", { kind: "redirect", location: "/", cookies: [{ ...cookie, value: "a;b" }] }],
	["cookies", { kind: "redirect", location: "/", cookies: [{ ...cookie, value: "ü" }] }],
	[
		"cookies",
		{ kind: "redirect", location: "/", cookies: [{ ...cookie, value: "a".repeat(1025) }] },
	],
	["cookies", { kind: "redirect", location: "/", cookies: { 0: cookie, length: 1 } }],
	[
		"cookies.maxAgeSeconds",
		{ kind: "redirect", location: "/", cookies: [{ ...cookie, maxAgeSeconds: 1e9 }] },
	],
	["afterwards", { kind: "redirect", location: "/", afterwards: "now" }],
] as const)("a login answer with a faulty %s rejects: %#", async (field, answer) => {
	await expect(answering(answer).startLogin(REQUEST)).rejects.toThrow(
		`the plugin's answer breaks the contract: ${field}`,
	);
});

test("an answer whose texts a page could not show rejects, and no answer is an answer", async () => {
	const escaped = { isEscaped: true };
	const end = { code: "a", problem: null };

	for (const wrong of [
		{},
		"a",
		[null],
		[{ identityId: "x:1" }],
		[{ identityId: "x:1", label: escaped }],
	]) {
		await expect(answering(wrong).listLinkedAccounts("1")).rejects.toThrow("listLinkedAccounts");
		await expect(answering(wrong).unlinkAccount("1", "x:1")).rejects.toThrow("unlinkAccount");
		await expect(answering(wrong).explain(end, "en")).rejects.toThrow("explain");
	}
	await expect(
		answering({ title: "a", text: "b", told: escaped }).explain(end, "en"),
	).rejects.toThrow("explain");
	expect(await answering(undefined).explain(end, "en")).toBeUndefined();
	expect(await answering({ kind: "unlinked" }).unlinkAccount("1", "x:1")).toEqual({
		kind: "unlinked",
	});
});
