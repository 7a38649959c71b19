// Pages at a foreign host: one redirect, then a page that says what is wrong. No header of a request gets into an address.
import { BlockList } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { pluginOf } from "../../kit/helpdesk/open-developing.ts";
import { helpdeskOptions, openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { mailboxOf, registerByLetter } from "../../kit/helpdesk/register-by-letter.ts";
import { type AnswerAt, type RequestAt, requestAt } from "../../kit/helpdesk/request-at.ts";

const BASE = "https://help.example.com";
const OWN = "help.example.com";
const FOREIGN = "evil.example";
const WARNING = "This page may be at the wrong address";
const WRONG_ADDRESS = "This page is at the wrong address";
const EXPIRED = "This form has expired";

interface Site {
	readonly listening: string;
	readonly clock: MockClock;
	readonly log: string[];
	ask(path: string, request: RequestAt): Promise<AnswerAt>;
}

/** A brand at {@link BASE}. Requests come from its proxy on loopback. */
async function openSite(options: Partial<HelpdeskOptions> = {}): Promise<Site> {
	const clock = new MockClock();
	const log: string[] = [];
	const helpdesk = await startHelpdesk(
		await helpdeskOptions({
			...{ clock, log: (line: string) => log.push(line) },
			baseUrls: new Map([["acorn", BASE]]),
			...options,
		}),
	);
	onTestFinished(() => helpdesk.close());
	const [listening = ""] = helpdesk.listening;
	return { listening, clock, log, ask: (path, request) => requestAt(listening, path, request) };
}

function loopback(): BlockList {
	const proxies = new BlockList();
	proxies.addAddress("127.0.0.1");
	return proxies;
}

const PAGES = [
	...["/", "/login", "/login?returnTo=/account", "/register", "/forgot", "/account", "/complete"],
	...["/login/confirm", "/reset?token=t", "/register/confirm?token=t", "/privacy", "/nowhere"],
	...["/login/x-login/continue?login=a", "/admin", "/admin/login", "/admin/users?page=2"],
];

test.each([...[OWN, `${OWN}:443`, "HELP.example.com", "Help.Example.Com:443"]])(
	"pages at the own host %s are answered, without a warning",
	async (host) => {
		const { ask } = await openSite();

		for (const path of ["/", "/login", "/register", "/forgot", "/admin/login"]) {
			const { status, body } = await ask(path, { host });
			expect([path, status, body.includes(WARNING)]).toEqual([path, 200, false]);
		}
	},
);

test("the address that the brand listens on is its own, and that of another brand is not", async () => {
	const { ask, listening } = await openSite();
	const { port, host } = new URL(listening);

	expect((await ask("/forgot", { host })).status).toBe(200);
	for (const other of [`localhost:${port}`, `127.0.0.1:${Number(port) + 1}`, "127.0.0.1"]) {
		expect([other, (await ask("/forgot", { host: other })).status]).toEqual([other, 302]);
	}
});

describe.each([
	...[FOREIGN, "localhost:8080", "helpdesk:3000", `${OWN}:80`, `${OWN}.`, `${OWN}.evil.example`],
])("at the foreign host %s", (host) => {
	test("every page redirects once to the brand's own address, and then is answered", async () => {
		const { ask } = await openSite();

		for (const method of ["GET", "HEAD"]) {
			for (const path of PAGES) {
				const first = await ask(path, { host, method });
				const target = first.headers.get("location") ?? "";
				expect([path, first.status]).toEqual([path, 302]);
				const mark = path.includes("?") ? "&redirected=1" : "?redirected=1";
				expect(target).toBe(`${BASE}${path}${mark}`);
				expect(first.headers.get("cache-control")).toBe("no-store");
				expect(first.headers.getSetCookie()).toEqual([]);
				const second = await ask(target.slice(BASE.length), { host, method });
				expect([path, second.status]).not.toEqual([path, 302]);
			}
		}
	});

	test("no row of redirects is endless, and the page at its end says what is wrong", async () => {
		const { ask } = await openSite();

		for (const path of PAGES) {
			let answer = await ask(path, { host });
			let redirects = 0;
			while (answer.headers.has("location") && redirects < 10) {
				redirects += 1;
				const target = new URL(answer.headers.get("location") ?? "", BASE);
				expect(target.origin).toBe(BASE);
				answer = await ask(target.href.slice(BASE.length), { host });
			}
			expect([path, redirects <= 4]).toEqual([path, true]);
			expect(answer.body).toContain(WARNING);
			expect(answer.body).toContain(`href="${BASE}/"`);
			expect(answer.headers.get("cache-control")).toBe("no-store");
			// The host is in the sentence for the operator, and nowhere else.
			const rest = answer.all.replace(`names the host ${host},`, "").replaceAll(BASE, "");
			expect(rest).not.toContain(host);
			// The mark gets into no form, link or header.
			expect(answer.all).not.toContain("redirected");
		}
	});

	test("the health, the assets and the callback are answered", async () => {
		const { ask } = await openSite();

		for (const path of ["/healthz", "/assets/style.css", "/assets/copy.js"]) {
			expect([path, (await ask(path, { host })).status]).toEqual([path, 200]);
		}
		const callback = await ask("/login/x-login/callback?oauth_token=t&oauth_verifier=v", { host });
		expect(callback.headers.has("location")).toBe(false);
	});
});

test("a page in German says it in German", async () => {
	const { ask } = await openSite();
	const headers = { "accept-language": "de-DE" };

	const { body } = await ask("/login?redirected=1", { host: "helpdesk:3000", headers });

	expect(body).toContain("Diese Seite hat vielleicht die falsche Adresse");
	expect(body).toContain("Die Anfrage nennt den Host helpdesk:3000");
});

describe("X-Forwarded-Host", () => {
	const FORGED = [
		...[FOREIGN, `${OWN}:8443`, `${OWN}:80`, `${OWN}.`, `${OWN}.${FOREIGN}`, "localhost:8080", ""],
		...[
			`user@${OWN}`,
			`${OWN}@${FOREIGN}`,
			`${OWN}/login`,
			`${BASE}`,
			`${OWN}:443:443`,
			`${OWN} a`,
		],
		...[`${OWN}, ${FOREIGN}`, `${FOREIGN}, ${OWN}`, `${OWN},`, `,${OWN}`, `"${OWN}"`, `${OWN}\ta`],
	];

	test.each([...[OWN, `${OWN}:443`, "HELP.example.com", ` ${OWN} `, `${OWN}, ${OWN}:443`]])(
		"of a trusted proxy shows that the address is the brand's own: %s",
		async (value) => {
			const { ask } = await openSite({ trustedProxies: loopback() });
			const headers = { "x-forwarded-host": value };

			for (const path of ["/login", "/forgot", "/admin/login"]) {
				const { status, body } = await ask(path, { host: "helpdesk:3000", headers });
				expect([path, status, body.includes(WARNING)]).toEqual([path, 200, false]);
			}
			const lines = { "x-forwarded-host": [OWN, `${OWN}:443`] };
			expect((await ask("/login", { host: "helpdesk:3000", headers: lines })).status).toBe(200);
		},
	);

	test("of a peer that is no trusted proxy is not believed", async () => {
		const other = new BlockList();
		other.addSubnet("10.0.0.0", 8, "ipv4");
		for (const trustedProxies of [new BlockList(), other]) {
			const { ask } = await openSite({ trustedProxies });
			const headers = { "x-forwarded-host": OWN };
			const { status } = await ask("/login", { host: "helpdesk:3000", headers });
			expect(status).toBe(302);
		}
	});

	test.each(FORGED)(
		"of a trusted proxy that names another host changes nothing: %j",
		async (value) => {
			const { ask } = await openSite({ trustedProxies: loopback() });
			const headers = { "x-forwarded-host": value };

			const foreign = await ask("/login", { host: "helpdesk:3000", headers });
			expect(foreign.headers.get("location")).toBe(`${BASE}/login?redirected=1`);
			const page = await ask("/login?redirected=1", { host: "helpdesk:3000", headers });
			expect(page.body).toContain(WARNING);
			const own = await ask("/login", { host: OWN, headers });
			expect([own.status, own.body.includes(WARNING)]).toEqual([200, false]);
			for (const { all } of [foreign, page, own]) {
				expect(all).not.toContain(FOREIGN);
			}
		},
	);

	test("two headers, of which one names another host, change nothing", async () => {
		const { ask } = await openSite({ trustedProxies: loopback() });
		for (const lines of [
			[OWN, FOREIGN],
			[FOREIGN, OWN],
		]) {
			const headers = { "x-forwarded-host": lines };
			expect((await ask("/login", { host: "helpdesk:3000", headers })).status).toBe(302);
		}
	});

	test("a Forwarded header, or another that names a host, is not read", async () => {
		const { ask } = await openSite({ trustedProxies: loopback() });
		for (const headers of [
			{ forwarded: `host=${OWN};proto=https` },
			{ forwarded: `for=192.0.2.7;host="${OWN}"` },
			{ "x-host": OWN, "x-original-host": OWN, "x-forwarded-server": OWN },
			{ "x-original-url": "/admin", "x-rewrite-url": "/admin" },
		]) {
			const { headers: answered } = await ask("/login", { host: FOREIGN, headers });
			expect(answered.get("location")).toBe(`${BASE}/login?redirected=1`);
		}
	});
});

test.each([
	...["//evil.example/", "///evil.example", "/@evil.example", "/.evil.example"],
	...["/%2F%2Fevil.example", "/%0d%0aset-cookie:%20a=b", "/login?a=%0d%0aset-cookie:%20a=b"],
	...["/login?redirecte=//evil.example", "/?#//evil.example", "/..//evil.example"],
])("open redirect: %s leads to the brand's own address", async (path) => {
	const { ask } = await openSite();

	const { status, headers } = await ask(path, { host: FOREIGN });

	expect(status).toBe(302);
	const location = headers.get("location") ?? "";
	expect(location.startsWith(`${BASE}/`)).toBe(true);
	expect(new URL(location).origin).toBe(BASE);
	expect(headers.getSetCookie()).toEqual([]);
});

test.each([
	...["redirected=https://evil.example", "redirected=//evil.example", "redirected", "redirected="],
	...["redirected=1&redirected=//evil.example", "returnTo=//evil.example&redirected=1"],
	...["%72edirected=1", "redirected=%0d%0aset-cookie:%20a=b", "redirected=%22%3E%3Csvg%3E"],
])("open redirect: the mark %s leads nowhere", async (query) => {
	const { ask } = await openSite();
	for (const host of [OWN, FOREIGN]) {
		const { status, headers, body } = await ask(`/login?${query}`, { host });

		expect([host, status, headers.has("location")]).toEqual([host, 200, false]);
		const rest = body.replace(`names the host ${FOREIGN},`, "");
		expect(rest).not.toContain("evil.example");
		expect(rest).not.toContain("redirected");
		expect(rest).not.toContain("<svg");
	}
});

test("a mark in another letter case, or in a path or value, is no mark", async () => {
	const { ask } = await openSite();
	for (const path of ["/login?Redirected=1", "/redirected=1", "/login?a=redirected=1"]) {
		expect([path, (await ask(path, { host: FOREIGN })).status]).toEqual([path, 302]);
	}
});

test("a host that is no plain name is shown and logged without its signs, and cut off", async () => {
	const { ask, log } = await openSite();
	const host = `a'"&(b)${"c".repeat(300)}.example`;

	const { status, body } = await ask("/login?redirected=1", { host });

	expect(status).toBe(200);
	const shown = `a????b?${"c".repeat(93)}`;
	expect(body).toContain(`names the host ${shown}, but`);
	expect(log.join()).toContain(`"host":"${shown}"`);
});

test.each([
	["is missing", {}, new BlockList(), "missing"],
	["is of no trusted proxy", { "x-forwarded-host": OWN }, new BlockList(), "not-trusted"],
	["names another host", { "x-forwarded-host": FOREIGN }, loopback(), "foreign"],
] as const)(
	"the log says at most once a minute what is wrong when X-Forwarded-Host %s",
	async (_, headers, trustedProxies, forwardedHost) => {
		const { ask, log, clock } = await openSite({ trustedProxies });
		const request = { host: "helpdesk:3000", headers };
		const lines = () => log.filter((line) => line.includes("helpdesk.foreign-host"));

		await ask("/login", request);
		expect(lines()).toEqual([]);
		for (let count = 0; count < 5; count += 1) {
			await ask("/login?redirected=1", request);
		}

		expect(lines().map((line) => JSON.parse(line))).toMatchObject([
			{
				level: "warn",
				brandId: "acorn",
				fields: { baseUrl: BASE, host: "helpdesk:3000", forwardedHost },
			},
		]);
		clock.advance(60_000);
		await ask("/login?redirected=1", request);
		expect(lines()).toHaveLength(2);
	},
);

/** Opens a page and sends its log-in form with these headers, as the browser at {@link HttpVisitor} would. */
async function sendForm(
	{ ask }: Site,
	path: "/login" | "/admin/login",
	host: string,
	headers: Readonly<Record<string, string>>,
	isFirstVisit = false,
): Promise<AnswerAt> {
	const page = await ask(path, { host: OWN });
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(page.body) ?? [];
	const [cookie = ""] = page.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
	const body = new URLSearchParams({ _csrf: proof, email: "a@example.com", password: "a guess" });
	const sent = isFirstVisit ? headers : { ...headers, cookie };
	return ask(path, { method: "POST", host, headers: sent, body });
}

describe.each(["/login", "/admin/login"] as const)("a form of %s", (path) => {
	test("from the own address is taken, whatever host a proxy names", async () => {
		const site = await openSite();
		for (const host of [OWN, `${OWN}:443`, "HELP.example.com", "localhost:8080", "helpdesk:3000"]) {
			for (const origin of [BASE, `${BASE}:443`]) {
				const headers = { origin, "sec-fetch-site": "same-origin" };
				const { status, body } = await sendForm(site, path, host, headers);
				// The password is wrong. The form is right.
				expect([host, status, body.includes("ncorrect")]).toEqual([host, 400, true]);
			}
		}
	});

	test("from a page at another address says so, and links to the right one", async () => {
		const site = await openSite();
		const home = path === "/login" ? `${BASE}/` : `${BASE}/admin`;
		for (const [host, origin] of [
			[FOREIGN, "https://evil.example"],
			["localhost:8080", "http://localhost:8080"],
			[`${OWN}:8443`, "https://help.example.com:8443"],
			// A proxy names the brand's host, and the browser is elsewhere.
			[OWN, "https://alias.example"],
			[OWN, "http://help.example.com"],
		] as const) {
			for (const headers of [{ origin }, { origin, "sec-fetch-site": "same-origin" }]) {
				const answer = await sendForm(site, path, host, headers);
				expect([origin, answer.status]).toEqual([origin, 403]);
				expect(answer.body).toContain(WRONG_ADDRESS);
				expect(answer.body).toContain(`<a href="${home}">${home}</a>`);
				expect(answer.body).not.toContain(EXPIRED);
				const rest = answer.all.replace(/names the host [^ ]+,/, "");
				expect(rest).not.toMatch(/evil|alias|localhost|8443/);
			}
		}
	});

	test("without an origin says so at a foreign host that the cookie does not belong to", async () => {
		const site = await openSite();
		for (const headers of [{}, { origin: "null" }]) {
			const foreign = await sendForm(site, path, FOREIGN, headers, true);
			expect([foreign.status, foreign.body.includes(WRONG_ADDRESS)]).toEqual([403, true]);
			const own = await sendForm(site, path, OWN, headers, true);
			expect([own.status, own.body.includes(EXPIRED)]).toEqual([403, true]);
		}
	});

	test("from another site is refused as before", async () => {
		const site = await openSite({ trustedProxies: loopback() });
		for (const host of [OWN, FOREIGN]) {
			for (const mode of ["cross-site", "same-site"]) {
				const headers = {
					...{ origin: "https://evil.example", "sec-fetch-site": mode },
					"x-forwarded-host": "evil.example",
				};
				const { status, body } = await sendForm(site, path, host, headers);
				expect([status, body.includes(EXPIRED)]).toEqual([403, true]);
			}
		}
		// X-Forwarded-Host makes no foreign origin the brand's own.
		const headers = { origin: "https://evil.example", "x-forwarded-host": "evil.example" };
		expect((await sendForm(site, path, FOREIGN, headers)).status).toBe(403);
	});
});

test("a letter and a callback hold the brand's own address, whatever the headers say", async () => {
	const { helpdesk, operator, portal } = await openHelpdesk({ trustedProxies: loopback() });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/register`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
	const fields = { name: "Grace", email: "grace@example.com", password: "correct horse" };

	const { status } = await requestAt(portal, "/register", {
		method: "POST",
		host: FOREIGN,
		headers: { cookie, "x-forwarded-host": FOREIGN, forwarded: `host=${FOREIGN}` },
		body: new URLSearchParams({ _csrf: proof, ...fields }),
	});

	expect(status).toBe(200);
	await expect
		.poll(async () => (await operator.open(`${helpdesk.adminUrl}/mailbox`)).html)
		.toContain(`${portal}/register/confirm?token=`);
	expect(operator.seen.html).not.toContain(FOREIGN);
});

test("a plugin does not see the mark, nor does a path that a visitor comes back to", async () => {
	const plugin = await pluginOf(`
		async continueLogin({ query }) {
			return { kind: "page", page: { title: "t", html: "<p>" + JSON.stringify(query) + "</p>", status: 200 } };
		}`);
	const { id } = plugin.manifest;
	const open = await openHelpdesk({ plugin });
	const { operator, portal, helpdesk } = open;
	const integrations = "/admin/settings/general/integrations";
	await operator.open(new URL(integrations, helpdesk.adminUrl).href);
	await operator.submit(`${integrations}/${id}/activate`);
	const asked = (host: string) =>
		requestAt(portal, `/login/${id}/continue?b=2&redirected=1&a=%20`, { host });

	for (const host of [new URL(portal).host, FOREIGN]) {
		expect((await asked(host)).body).toContain('<p>[["b","2"],["a"," "]]</p>');
	}

	const registration = "/admin/settings/users/registration";
	await operator.open(new URL(registration, helpdesk.adminUrl).href);
	await operator.submit(registration, { "acorn-registration": "open", "acorn-phone": "on" });
	const visitor = new HttpVisitor();
	await registerByLetter(visitor, portal, mailboxOf(open), {
		...{ name: "Grace", email: "grace@example.com", password: "correct horse" },
	});
	for (const path of ["/account?redirected=1", "/login?a=b&redirected=1"]) {
		const { url, html } = await visitor.open(`${portal}${path}`);
		expect(url).toContain("/complete?returnTo=");
		expect(url + html).not.toContain("redirected");
	}
});

test("an operator who has to prove who they are comes back to an address without the mark", async () => {
	const { operator, helpdesk, clock } = await openHelpdesk();
	clock.advance(11 * 60_000);

	const { url, html } = await operator.open(
		`${helpdesk.adminUrl}/profile/second-factor/set-up?redirected=1`,
	);

	expect(url).toContain("/admin/prove?returnTo=");
	expect(url + html).not.toContain("redirected");
});
