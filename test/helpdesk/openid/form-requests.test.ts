// Authorization requests and log-outs that a helpdesk has a browser send as a form.
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, test } from "vitest";
import { requestAt } from "../../kit/helpdesk/request-at.ts";
import { REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import { agree, newUser, openProvider } from "../../kit/openid/open-provider.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
function at(portal: string) {
	return { method: "POST", host: new URL(portal).host };
}

const GOODBYE = "https://desk.example.org/goodbye";

test("a log-in that begins with a form ends at the helpdesk with a code that it can redeem", async () => {
	const open = await openProvider();
	const visitor = await newUser(open);
	const begun = await open.party.begin();
	const { origin, pathname, searchParams: body } = new URL(begun.url);
	await visitor.open(origin + pathname, { method: "POST", body });
	const { url } = await agree(visitor);
	expect(url).toContain(`${REDIRECT_URI}?code=`);
	expect((await open.party.redeem(url, begun)).claims()?.sub).toBe(visitor.userId);
});

test("a log-out that a helpdesk asks for with a form is confirmed here, and leads back there", async () => {
	const open = await openProvider();
	const { portal, issuer, client } = open;
	const visitor = await newUser(open);
	await visitor.open((await open.party.begin()).url);
	await agree(visitor);
	const body = new URLSearchParams({
		...{ client_id: client.clientId, post_logout_redirect_uri: GOODBYE, state: "back" },
	});
	await visitor.open(`${issuer}/session/end`, { method: "POST", body });
	expect((await visitor.request(`${portal}/account`)).status).toBe(200);
	await visitor.open(`${issuer}/session/end`, { method: "POST", body });
	const { url } = await visitor.submit(`${issuer}/session/end/confirm`, { logout: "yes" });
	expect(url).toBe(`${GOODBYE}?state=back`);
	expect((await visitor.open(`${portal}/account`)).url).toContain("/login");
});

test("a form stores nothing, sets no cookie, and is kept by nobody", async () => {
	const open = await openProvider();
	const { url } = await open.party.begin();
	const { host, pathname, searchParams: body } = new URL(url);
	// The keys of the provider are made with the first request.
	await fetch(`${open.issuer}/jwks`);
	const before = (await open.storage.list([])).entries.length;
	const answer = await requestAt(open.portal, pathname, {
		...{ method: "POST", host, body },
	});
	expect([answer.status, answer.headers.get("set-cookie")]).toEqual([303, null]);
	expect(answer.headers.get("cache-control")).toBe("no-store");
	expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
	expect((await open.storage.list([])).entries).toHaveLength(before);
});

describe("a form leads", () => {
	test("to the brand's address alone, whatever host the request names", async () => {
		const { portal } = await openProvider();
		for (const path of ["/oidc/auth", "/oidc/session/end"]) {
			const { status, headers } = await requestAt(portal, path, {
				...{ method: "POST", host: "evil.example", body: "client_id=a" },
				headers: { ...FORM, "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
			});
			expect([status, headers.get("location")]).toEqual([303, `${portal}${path}?client_id=a`]);
		}
	});

	test("with the parameters of its body alone, and each as often as it came", async () => {
		const { portal } = await openProvider();
		const { headers } = await requestAt(portal, "/oidc/auth?client_id=evil&prompt=none", {
			...{ ...at(portal), headers: FORM, body: "a=%0d%0ax&a=2&client_id=%zz&__proto__=%00" },
		});
		expect(headers.get("location")).toBe(
			`${portal}/oidc/auth?a=%0D%0Ax&a=2&client_id=%25zz&__proto__=%00`,
		);
	});

	test("nowhere at any other path", async () => {
		const { portal } = await openProvider();
		for (const path of [
			"/oidc/auth/",
			"/oidc/AUTH",
			"/oidc/auth/x",
			"//oidc/auth",
			"/oidc/token",
		]) {
			const { headers } = await requestAt(portal, path, {
				...{ ...at(portal), headers: FORM, body: "client_id=a" },
			});
			expect([path, headers.get("location")]).toEqual([path, null]);
		}
	});
});

test("what is no form is refused", async () => {
	const { portal } = await openProvider();
	for (const [type, body] of [
		["application/json", "{}"],
		["multipart/form-data; boundary=a", "--a--"],
		["text/plain", "client_id=a"],
		["", "client_id=a"],
	] as const) {
		const { status, body: text } = await requestAt(portal, "/oidc/auth", {
			...{ ...at(portal), body, headers: type === "" ? {} : { "content-type": type } },
		});
		expect([type, status]).toEqual([type, 415]);
		expect(JSON.parse(text)).toMatchObject({ error: "invalid_request" });
	}
});

test("a form that is too long is refused, whether or not it says so", async () => {
	const { portal } = await openProvider();
	const long = `state=${"a".repeat(8 * 1024)}`;
	for (const [body, headers] of [
		[long, {}],
		[long, { "transfer-encoding": "chunked" }],
		// Short as a form, and long as an address.
		[`state=${"ü".repeat(3000)}`, {}],
	] as const) {
		const { status, body: text } = await requestAt(portal, "/oidc/auth", {
			...{ ...at(portal), body, headers: { ...FORM, ...headers } },
		});
		expect([status, JSON.parse(text)]).toMatchObject([413, { error: "invalid_request" }]);
	}
});

test("a form that never ends is refused before its end", async () => {
	const { portal } = await openProvider();
	const headers = { ...FORM, "content-length": String(1024 * 1024) };
	const sent = request(`${portal}/oidc/auth`, { method: "POST", headers });
	sent.write("a".repeat(9 * 1024));
	const [answer]: IncomingMessage[] = await once(sent, "response");
	expect([answer?.statusCode, answer?.headers.connection]).toEqual([413, "close"]);
	sent.destroy();
});
