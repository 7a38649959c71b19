// The library would build addresses from the request. Every address that it names is the brand's, whatever a request says.
import { expect, test } from "vitest";
import { parseUrl } from "../../../src/contract/parse-url.ts";
import { storedBrandsIn } from "../../../src/helpdesk/helpdesk.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { exchange, headOf } from "../../kit/helpdesk/raw-http.ts";
import { type AnswerAt, requestAt } from "../../kit/helpdesk/request-at.ts";
import { type OpenProvider, openProvider } from "../../kit/openid/open-provider.ts";

/** The host that a request names, and the headers with which it claims to come from elsewhere. */
const ASKED = {
	"its own": (own: string) => ({ host: own }),
	"a foreign one": () => ({ host: "evil.example" }),
	"with another port": () => ({ host: "127.0.0.1:1" }),
	forwarded: (own: string) => ({
		host: own,
		headers: {
			"x-forwarded-host": "evil.example",
			"x-forwarded-proto": "https",
			"x-forwarded-port": "444",
			"x-forwarded-for": "192.0.2.1",
			forwarded: "host=evil.example;proto=https",
		},
	}),
	"a foreign one, and forwarded": () => ({
		host: "evil.example",
		headers: { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
	}),
} as const;

async function underEachHost({ portal }: OpenProvider, path: string): Promise<AnswerAt[]> {
	const own = new URL(portal).host;
	return Promise.all(Object.values(ASKED).map((asked) => requestAt(portal, path, asked(own))));
}

/** What differs between two answers to the same request: the time, and what is made by chance. */
function comparable({ status, headers, body }: AnswerAt): unknown {
	const names = [...headers].filter(([name]) => !["date", "set-cookie"].includes(name));
	const chance = /(?<=\/connect\/)[\w-]+|\b[0-9a-f]{48}\b/g;
	return JSON.parse(JSON.stringify([status, names, body]).replaceAll(chance, "…"));
}

test.each(["acorn", "harbor"])("discovery of %s is the same under every host", async (brandId) => {
	const open = await openProvider();
	const brand = open.helpdesk.brands.find(({ id }) => id === brandId);
	const portal = brand?.baseUrl ?? expect.fail("there is no such brand");
	const [first, ...others] = await underEachHost(
		{ ...open, portal },
		"/oidc/.well-known/openid-configuration",
	);

	expect(first?.status).toBe(200);
	expect(others.map(({ body }) => body)).toEqual(others.map(() => first?.body));
	const named = Object.values(JSON.parse(first?.body ?? "")).filter((each) =>
		String(each).startsWith("http"),
	);
	expect(named).toHaveLength(6);
	for (const address of named) {
		expect(String(address)).toMatch(`${portal}/oidc`);
	}
});

test("a stored brand, at the port of another one, names its own address and no other", async () => {
	const storage = new MemoryStorage(systemClock);
	const shop = { id: "shop", name: "Shop", url: "https://shop.example.com" };
	await storedBrandsIn({ storage, clock: systemClock }).add(shop);
	const { portal } = await openProvider({ storage });
	const named = async (host: string, headers: Readonly<Record<string, string>>) => {
		const path = "/oidc/.well-known/openid-configuration";
		const { body } = await requestAt(portal, path, { host, headers });
		const addresses = Object.values(JSON.parse(body)).map(String);
		const origins = addresses.flatMap((each) => parseUrl(each)?.origin ?? []);
		const form = { method: "POST", body: new URLSearchParams({ client_id: "a" }) };
		const posted = await requestAt(portal, "/oidc/auth", { host, headers, ...form });
		origins.push(new URL(posted.headers.get("location") ?? "").origin);
		return [...new Set(origins.filter((origin) => origin !== "null"))];
	};
	const forwarded = (host: string) => ({
		...{ "x-forwarded-host": host, "x-forwarded-proto": "http", "x-forwarded-port": "444" },
		forwarded: `host=${host};proto=http`,
	});
	for (const host of ["shop.example.com", "SHOP.example.com:443"]) {
		expect(await named(host, {})).toEqual([shop.url]);
		expect(await named(host, forwarded("evil.example"))).toEqual([shop.url]);
		expect(await named(host, forwarded(new URL(portal).host))).toEqual([shop.url]);
	}
	for (const host of [new URL(portal).host, "evil.example", "shop.example.com.evil.example"]) {
		expect(await named(host, forwarded("shop.example.com"))).toEqual([portal]);
	}
});

test("a person who comes to a foreign host is led to the brand's own, once, before any cookie is set", async () => {
	const open = await openProvider();
	const { pathname, search } = new URL((await open.party.begin()).url);
	const person = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
	const asked = { host: "other.example", headers: person };
	const { status, headers } = await requestAt(open.portal, pathname + search, asked);
	const location = headers.get("location") ?? "";
	expect([status, location, headers.getSetCookie()]).toEqual([
		...[302, `${open.portal}${pathname}${search}&redirected=1`, []],
	]);

	const { host } = new URL(open.portal);
	for (const at of [host, "other.example"]) {
		const there = location.slice(open.portal.length);
		const answer = await requestAt(open.portal, there, { host: at, headers: person });
		expect([at, answer.headers.get("location")?.slice(0, 9)]).toEqual([at, "/connect/"]);
	}
	expect((await requestAt(open.portal, pathname + search, { host, headers: person })).status).toBe(
		303,
	);
});

test("redirects, cookies, forms and pages are the same under every host", async () => {
	const open = await openProvider();
	const { pathname, search } = new URL((await open.party.begin()).url);
	const id = open.client.clientId;
	for (const path of [
		`${pathname}${search}`,
		`${pathname}${search}&prompt=none`,
		`${pathname}?client_id=${id}`,
		`/oidc/session/end?client_id=${id}`,
		"/oidc/session/end/success",
		"/oidc/auth/some-id",
		"/oidc/jwks",
		"/oidc/me",
		"/oidc/nothing",
	]) {
		const answers = await underEachHost(open, path);
		const [first, ...others] = answers.map(comparable);
		expect([path, others]).toEqual([path, others.map(() => first)]);
		for (const { all, headers } of answers) {
			expect(all).not.toContain("evil.example");
			for (const cookie of headers.getSetCookie()) {
				expect(cookie).not.toMatch(/domain=/i);
			}
		}
	}
});

test("a request line with a whole address leads nowhere else", async () => {
	const open = await openProvider();
	const { host } = new URL(open.portal);
	const { pathname, search } = new URL((await open.party.begin()).url);
	for (const target of [
		`http://evil.example${pathname}${search}`,
		"http://evil.example/oidc/.well-known/openid-configuration",
		"//evil.example/oidc/.well-known/openid-configuration",
		"/oidc//evil.example/",
		"/oidc/../oidc/.well-known/openid-configuration",
		"/oidc/%2e%2e/admin",
		"/oidc/.well-known/openid-configuration@evil.example",
		"/oidc/\\evil.example",
	]) {
		for (const named of [host, "evil.example"]) {
			const answer = await exchange(
				open.portal,
				...[`GET ${target} HTTP/1.1`, `Host: ${named}`, "Connection: close"],
			);
			const { status, headers } = headOf(answer);
			expect([target, status]).toEqual([target, expect.any(Number)]);
			const location = headers.get("location") ?? "/";
			expect(new URL(location, open.portal).origin).toBe(open.portal);
			expect(answer).not.toContain('"issuer":"http://evil.example');
		}
	}
});
