// What an authorization request may hold. A request that cannot be trusted leads nowhere; another one leads to the helpdesk.
import { describe, expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { newUser, type OpenProvider, openProvider } from "../../kit/openid/open-provider.ts";

type Change = Readonly<Record<string, string | undefined>>;

/** The address of a request that is right but for these parameters. Undefined leaves one out. */
async function requestWith({ party }: OpenProvider, change: Change, more = ""): Promise<string> {
	const url = new URL((await party.begin()).url);
	for (const [name, value] of Object.entries(change)) {
		url.searchParams.delete(name);
		if (value !== undefined) {
			url.searchParams.set(name, value);
		}
	}
	return `${url.href}${more}`;
}

/** What the answer says: the error that the helpdesk hears, or the status and error of a page. */
async function answerTo(visitor: HttpVisitor, url: string): Promise<string> {
	const answer = await visitor.request(url);
	const location = answer.headers.get("location");
	const body = await answer.text();
	expect(body).not.toMatch(/node_modules|file:\/\/|\bat \w+ \(/);
	expect(answer.headers.get("cache-control")).toContain("no-store");
	if (location === null) {
		const [, error = "none"] = /<code>(\w+)<\/code>/.exec(body) ?? [];
		expect(body).not.toContain("<form");
		expect(body).not.toContain("https://desk.example.org");
		return `${answer.status} page ${error}`;
	}
	const target = new URL(location, url);
	if (target.origin === new URL(url).origin) {
		return `on to ${target.pathname.split("/")[1]}`;
	}
	expect(target.origin + target.pathname).toBe(REDIRECT_URI);
	// An error of a request for tokens in the fragment comes back there (RFC 6749, section 4.2.2.1).
	const said = target.hash === "" ? target.searchParams : new URLSearchParams(target.hash.slice(1));
	expect(said.get("iss")).toBe(`${new URL(url).origin}/oidc`);
	return `helpdesk hears ${said.get("error") ?? "code"}`;
}

async function answers(open: OpenProvider, cases: Readonly<Record<string, string>>) {
	const visitor = await newUser(open);
	const found: Record<string, string> = {};
	for (const [name, url] of Object.entries(cases)) {
		found[name] = await answerTo(visitor, url);
		// As a form, the same request gets the same answer.
		expect([name, await answerTo(visitor, await sentAsForm(visitor, url))]).toEqual([
			...[name, found[name]],
		]);
	}
	return found;
}

/** Sends a request as a form. @returns where this leads the browser to. */
async function sentAsForm(visitor: HttpVisitor, url: string): Promise<string> {
	const { origin, pathname, searchParams: body } = new URL(url);
	const answer = await visitor.request(origin + pathname, { method: "POST", body });
	expect([answer.status, await answer.text()]).toEqual([303, ""]);
	const location = answer.headers.get("location") ?? "";
	expect(location.startsWith(`${origin}${pathname}?`)).toBe(true);
	return location;
}

test("only a registered redirect URI is ever led to, compared letter by letter", async () => {
	const open = await openProvider();
	const uris = {
		registered: REDIRECT_URI,
		"another path": "https://desk.example.org/other",
		"a longer path": `${REDIRECT_URI}/more`,
		"a trailing slash": `${REDIRECT_URI}/`,
		"another host": "https://evil.example/callback",
		"a sub-domain": "https://a.desk.example.org/callback",
		"a longer host": "https://desk.example.org.evil.example/callback",
		"http instead of https": "http://desk.example.org/callback",
		"another port": "https://desk.example.org:8443/callback",
		"a user name": "https://desk.example.org@evil.example/callback",
		"a user name before the host": "https://evil@desk.example.org/callback",
		"a query": `${REDIRECT_URI}?x=1`,
		"a fragment": `${REDIRECT_URI}#x`,
		"an encoded letter": "https://desk.example.org/%63allback",
		"encoded twice": encodeURIComponent(REDIRECT_URI),
		"dots in the path": "https://desk.example.org/x/../callback",
		"upper case": "https://DESK.example.org/callback",
		"a backslash": "https://evil.example\\@desk.example.org/callback",
		"a line break": `${REDIRECT_URI}\r\nset-cookie: a=b`,
		NUL: `${REDIRECT_URI}\0`,
		"a script": "javascript:alert(1)//desk.example.org/callback",
		"a path alone": "/callback",
		empty: "",
	};
	const cases = Object.fromEntries(
		await Promise.all(
			Object.entries(uris).map(
				async ([name, redirect_uri]) => [name, await requestWith(open, { redirect_uri })] as const,
			),
		),
	);

	const found = await answers(open, cases);

	expect(found).toEqual(
		Object.fromEntries(
			Object.keys(uris).map((name) => [
				name,
				{ registered: "on to connect", empty: "400 page invalid_request" }[name] ??
					"400 page invalid_redirect_uri",
			]),
		),
	);
});

test("what this provider does not do, and what is missing or wrong, is refused with the error of its own", async () => {
	const open = await openProvider();
	const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ client_id: open.client.clientId }))}.`;
	const expected: Readonly<Record<string, readonly [Change, string, string?]>> = {
		"as it should be": [{}, "on to connect"],
		"no PKCE challenge": [
			{ code_challenge: undefined, code_challenge_method: undefined },
			"helpdesk hears invalid_request",
		],
		"a plain PKCE challenge": [
			{ code_challenge_method: "plain" },
			"helpdesk hears invalid_request",
		],
		"a PKCE challenge without a method": [
			{ code_challenge_method: undefined },
			"helpdesk hears invalid_request",
		],
		"an invalid PKCE challenge": [{ code_challenge: "x" }, "helpdesk hears invalid_request"],
		"a request object": [{ request: none }, "helpdesk hears request_not_supported"],
		"a request object elsewhere": [
			{ request_uri: "https://evil.example/request" },
			"helpdesk hears request_uri_not_supported",
		],
		"a registration": [{ registration: "{}" }, "helpdesk hears registration_not_supported"],
		"claims are left out": [{ claims: '{"userinfo":{"email":null}}' }, "on to connect"],
		"a token for the front": [{ response_type: "token" }, "helpdesk hears invalid_request"],
		"an ID token for the front": [{ response_type: "id_token" }, "helpdesk hears invalid_request"],
		"a code and a token": [{ response_type: "code id_token" }, "helpdesk hears invalid_request"],
		"no response type": [{ response_type: undefined }, "helpdesk hears invalid_request"],
		"an answer in the fragment": [{ response_mode: "fragment" }, "helpdesk hears invalid_request"],
		"an answer as a form": [
			{ response_mode: "form_post" },
			"helpdesk hears unsupported_response_mode",
		],
		"an answer as a message": [
			{ response_mode: "web_message" },
			"helpdesk hears unsupported_response_mode",
		],
		"no openid scope": [{ scope: "profile" }, "helpdesk hears invalid_request"],
		"offline access": [{ scope: "openid offline_access" }, "on to connect"],
		"an unknown client": [{ client_id: "another-000000000000" }, "400 page invalid_client"],
		"a client id that no key can hold": [{ client_id: "a\0b" }, "400 page invalid_client"],
		"a very long client id": [{ client_id: "a".repeat(4000) }, "400 page invalid_client"],
		"no client": [{ client_id: undefined }, "400 page invalid_request"],
		"two states": [{}, "helpdesk hears invalid_request", "&state=other"],
		"two redirect URIs": [
			{},
			"400 page invalid_request",
			"&redirect_uri=https%3A%2F%2Fevil.example%2F",
		],
		"two clients": [{}, "400 page invalid_request", "&client_id=evil"],
		"a prompt with none and more": [{ prompt: "none login" }, "helpdesk hears invalid_request"],
		"an unknown prompt": [{ prompt: "select" }, "helpdesk hears invalid_request"],
		"an invalid age": [{ max_age: "-1" }, "helpdesk hears invalid_request"],
		"an age that is no number": [{ max_age: "soon" }, "helpdesk hears invalid_request"],
		"a hint that is no token": [{ id_token_hint: "x" }, "helpdesk hears invalid_request"],
		"a hint that nobody signed": [{ id_token_hint: none }, "helpdesk hears invalid_request"],
	};
	const cases = Object.fromEntries(
		await Promise.all(
			Object.entries(expected).map(
				async ([name, [change, , more]]) => [name, await requestWith(open, change, more)] as const,
			),
		),
	);

	const found = await answers(open, cases);

	expect(found).toEqual(
		Object.fromEntries(Object.entries(expected).map(([name, [, answer]]) => [name, answer])),
	);
});

describe("odd requests", () => {
	test("parameters of any kind break nothing and are shown as text", async () => {
		const open = await openProvider();
		const visitor = new HttpVisitor();
		for (const odd of ["\0", "<script>alert(1)</script>", "%", "\ud800", "😀".repeat(500)]) {
			for (const name of [
				"state",
				"nonce",
				"login_hint",
				"ui_locales",
				"acr_values",
				"__proto__",
			]) {
				const { status, html } = await visitor.open(await requestWith(open, { [name]: odd }));
				expect([name, odd, status]).toEqual([name, odd, 200]);
				expect(html).not.toContain("<script>alert");
			}
		}
		const page = await visitor.open(
			await requestWith(open, { redirect_uri: "https://evil.example/<script>alert(1)</script>" }),
		);
		expect(page.html).not.toContain("<script>alert");
		expect(open.log.join("\n")).not.toContain("OpenID Provider failed");
	});

	test.each(["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])("%s gives no code", async (method) => {
		const open = await openProvider();
		const visitor = await newUser(open);
		const answer = await visitor.request((await open.party.begin()).url, { method });
		expect(answer.headers.get("location") ?? "").not.toContain("code=");
		expect(await answer.text()).toMatch(method === "HEAD" ? /^$/ : /^Not Found$/);
		expect(answer.headers.get("access-control-allow-origin")).toBeNull();
	});

	test("endpoints that are off answer that there is nothing", async () => {
		const { issuer } = await openProvider();
		for (const path of [
			...["/reg", "/request", "/token/introspection", "/token/revocation", "/device/auth"],
			...["/backchannel", "/interaction/x", "/", "//evil.example", "/auth/../../admin"],
		]) {
			for (const method of ["GET", "POST"]) {
				const answer = await fetch(`${issuer}${path}`, { method, redirect: "manual" });
				expect([path, method, answer.status >= 400 || answer.status === 303]).toEqual([
					...[path, method, true],
				]);
				expect(answer.headers.get("location") ?? "/").toMatch(/^\/(?!\/)|^http:\/\/127\.0\.0\.1/);
			}
		}
	});
});
