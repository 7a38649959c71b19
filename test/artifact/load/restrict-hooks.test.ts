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
	return restrictHooks(plugin, manifest, http);
}

const page = (html: string) => ({ kind: "page", page: { status: 200, title: "", html } });

test("hooks have their own names, and methods that are not hooks are left out", () => {
	expect(Object.keys(answering({}))).toEqual(["startLogin", "renderLoginButtons", "onUserDeleted"]);
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
])("an answer that leads to an undeclared origin rejects: %j", async (response, target) => {
	const { startLogin } = answering(response, ["https://x.com"]);

	await expect(startLogin(REQUEST)).rejects.toMatchObject({
		name: "CapabilityError",
		capability: `navigation: ${target}`,
	});
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
	[page('<p>action="//evil.example"</p><form method="post" action="/a?b=1&amp;c=2"></form>')],
])("an answer that leads to declared origins passes: %j", async (response) => {
	const { startLogin } = answering(response, ["https://x.com"]);

	expect(await startLogin(REQUEST)).toEqual(response as LoginResponse);
});

test("a button that posts to another site is not shown", async () => {
	const button = { action: "https://evil.example/", html: "" };
	const form = { action: "/start", html: '<form action="https://evil.example/">' };
	const asked = { brandId: "b", page: "login", locale: "en", returnPath: "/" } as const;

	for (const each of [button, form]) {
		await expect(answering([each]).renderLoginButtons(asked)).rejects.toThrow(
			"navigation: https://evil.example",
		);
	}
});
