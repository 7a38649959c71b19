// Attacks by name, on the pages, headers, redirects and the log of a running helpdesk.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FormField } from "../../src/contract/login-request.ts";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { CLIENT_SECRET } from "../kit/plugin/open-house.ts";
import { type AtX, PROTOCOLS } from "../kit/plugin/protocols.ts";

const START = "/login/x-login/start";
const CALLBACK = "/login/x-login/callback";
const CONTINUE = "/login/x-login/continue";
const MARKUP = '"><svg onload=alert(1)>';
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };

async function openWithX(
	accounts = [ADA],
	protocol: AtX["protocol"] = "oauth1",
): Promise<OpenHelpdesk> {
	const open = await openHelpdesk({}, accounts);
	await setUpX(open, protocol);
	return open;
}

async function atX(
	{ portal }: Pick<OpenHelpdesk, "portal">,
	visitor: HttpVisitor,
): Promise<string> {
	await visitor.open(`${portal}/login?returnTo=/account`);
	return (await visitor.submit(START)).url;
}

function csrfIn({ seen }: HttpVisitor): string {
	return /name="_csrf" value="([^"]+)"/.exec(seen.html)?.[1] ?? "";
}

test.each([
	`${CALLBACK}?denied=${encodeURIComponent(MARKUP)}`,
	`${CALLBACK}?oauth_token=${encodeURIComponent(MARKUP)}&oauth_verifier=v`,
	`${CALLBACK}?oauth_token=t&oauth_verifier=${encodeURIComponent(MARKUP)}`,
	`${CALLBACK}?error=${encodeURIComponent(MARKUP)}`,
	`${CALLBACK}?state=s&error=${encodeURIComponent(MARKUP)}`,
	`${CALLBACK}?state=${encodeURIComponent(MARKUP)}&code=c`,
	`${CALLBACK}?state=s&code=${encodeURIComponent(MARKUP)}`,
	`${CONTINUE}?login=${encodeURIComponent(MARKUP)}`,
	`/login?returnTo=${encodeURIComponent(MARKUP)}`,
	`/register?email=${encodeURIComponent(MARKUP)}`,
])("XSS: no page shows what an address contains: %s", async (path) => {
	const { portal } = await openWithX();

	const { html } = await new HttpVisitor().open(`${portal}${path}`);

	expect(html).not.toContain("<svg onload");
	expect(html).not.toContain("alert(1)");
});

test.each(["/login", "/register", "/forgot"])(
	"XSS: the wanted path stands in %s percent-encoded, and never as markup",
	async (page) => {
		const { portal } = await openWithX();

		const wanted = encodeURIComponent(`/${MARKUP}'`);
		const { html } = await new HttpVisitor().open(`${portal}${page}?returnTo=${wanted}`);

		expect(html).toContain("svg");
		expect(html).not.toContain("<svg onload");
		expect(html).not.toMatch(/onload=alert\(1\)["'>]/);
	},
);

test("stolen access token: every request token asks X for read access, whatever the app may do", async () => {
	const bodies: string[] = [];
	const x = createServer(async (request, response) => {
		const parts = await request.toArray();
		bodies.push(`${request.url} ${Buffer.concat(parts)}`);
		response.end("oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true");
	});
	await new Promise<void>((resolve) => x.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => new Promise<void>((resolve) => void x.close(() => resolve())));
	const origins = { "api.x.com": `http://127.0.0.1:${(x.address() as AddressInfo).port}` };
	const open = await openHelpdesk({ origins });
	await setUpX(open);

	await atX(open, new HttpVisitor());

	expect(bodies).toEqual(["/oauth/request_token x_auth_access_type=read"]);
});

test("307 forwarding of POST: what leads on after a form is always a 303, so that no form is sent to X", async () => {
	const open = await openWithX();
	const { portal } = open;
	const visitor = new HttpVisitor();
	const post = async (path: string, page: string, fields: readonly FormField[] = []) => {
		await visitor.open(`${portal}${page}`);
		const body = new URLSearchParams([
			["_csrf", csrfIn(visitor)],
			...fields.map(([name, value]): [string, string] => [name, value]),
		]);
		const { status, headers } = await visitor.request(`${portal}${path}`, { method: "POST", body });
		return [path, status, headers.get("location") !== null];
	};

	expect(await post(START, "/login")).toEqual([START, 303, true]);
	const grace: FormField[] = [
		["name", "Grace"],
		["email", "grace@example.com"],
		["password", "a long and unusual phrase"],
	];
	const registered = await post("/register", "/register", grace);
	expect(registered[2] === false || registered[1] === 303).toBe(true);
	await visitor.open(await approveAtX(await atX(open, visitor)));
	expect(await post("/logout", "/account")).toEqual(["/logout", 303, true]);
});

test("weak randomness: the cookies of browsers are 256 random bits each, and never the same", async () => {
	const open = await openWithX();
	const values = new Set<string>();
	for (let each = 0; each < 20; each += 1) {
		const visitor = new HttpVisitor();
		await atX(open, visitor);
		for (const [name, value] of visitor.cookies) {
			expect(value, name).toMatch(/^[A-Za-z0-9_-]{43}$/);
			values.add(value);
		}
	}

	expect(values.size).toBe(40);
});

test("forced start: an address that somebody opens starts nothing, at X or in the storage", async () => {
	const open = await openWithX();
	open.fakeX.resetStats();

	for (const headers of [{}, { "sec-fetch-site": "cross-site" }, { "sec-purpose": "prefetch" }]) {
		const { status } = await new HttpVisitor().request(`${open.portal}${START}`, { headers });
		expect(status).toBe(405);
	}

	expect(open.fakeX.stats().total).toBe(0);
	expect((await open.storage.list(["plugin-data", "x-login", "pending"])).entries).toEqual([]);
});

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	test("XSS: neither X's words nor a hostile profile are markup on the visitor's and the operator's pages", async () => {
		const open = await openWithX([{ ...ADA, name: `Ada ${MARKUP}` }], x.protocol);
		const { fakeX, portal, operator, helpdesk } = open;
		const visitor = new HttpVisitor();
		await visitor.open(await approveAtX(await atX(open, visitor)));
		const other = new HttpVisitor();
		await other.open(`${portal}/login`);
		const call = x.protocol === "oauth1" ? "request_token" : x.exchange;
		fakeX.answerNext({ call, status: 403, body: MARKUP, times: 2 });
		const { html, url } = await other.submit(START);
		const pages = [
			x.protocol === "oauth1" ? html : (await other.open(await approveAtX(url))).html,
			(await visitor.open(`${portal}/account`)).html,
			(await operator.open(`${helpdesk.adminUrl}/users`)).html,
			(await operator.open(`${helpdesk.adminUrl}/sign-ins`)).html,
		];

		expect(pages.join()).not.toContain("<svg onload");
		expect(pages[1]).toContain("&lt;svg onload");
	});

	test("SSRF and hot-linking via avatar: neither the helpdesk nor a page loads the picture of a profile", async () => {
		const asked: (string | undefined)[] = [];
		const trap = createServer((request, response) => {
			asked.push(request.url);
			response.end();
		});
		await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
		onTestFinished(() => new Promise<void>((resolve) => void trap.close(() => resolve())));
		const picture = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/latest/meta-data`;
		const open = await openWithX([ADA], x.protocol);
		const pictures = { profile_image_url: picture, profile_image_url_https: picture, url: picture };
		const shown = { name: "Ada", ...pictures };
		const body = {
			oauth1: { id_str: ADA.id, screen_name: "ada", email: ADA.email, ...shown },
			oauth2: { data: { id: ADA.id, username: "ada", confirmed_email: ADA.email, ...shown } },
		}[x.protocol];
		open.fakeX.answerNext({ call: x.profile, status: 200, body: JSON.stringify(body) });
		const visitor = new HttpVisitor();

		const { html, headers, url } = await visitor.open(await approveAtX(await atX(open, visitor)));
		const users = await open.operator.open(`${open.helpdesk.adminUrl}/users`);

		expect(url).toBe(`${open.portal}/account`);
		expect(asked).toEqual([]);
		expect(html + users.html).not.toContain(picture);
		expect(html + users.html).not.toContain("twimg.com");
		expect(headers.get("content-security-policy")).toContain("img-src 'self' data:");
	});

	test("token leak by referrer, history or cache: a callback leads to a clean address at once, whatever its end is", async () => {
		const open = await openWithX([ADA], x.protocol);
		const visitor = new HttpVisitor();
		const good = await visitor.request(await approveAtX(await atX(open, visitor)));
		const refused = await new HttpVisitor().request(
			`${open.portal}${CALLBACK}?${x.token}=token&${x.proof}=proof`,
		);

		expect(good.status).toBe(303);
		expect(good.headers.get("location")).toBe("/account");
		for (const { headers } of [good, refused]) {
			expect(headers.get("referrer-policy")).toBe("no-referrer");
			expect(headers.get("cache-control")).toBe("no-store");
		}
		expect(await refused.text()).not.toMatch(/oauth_|[?&](state|code)=/);
	});

	test("response splitting: line ends in what a browser sends add no header", async () => {
		const { portal } = await openWithX([ADA], x.protocol);
		const evil = "/a\r\nSet-Cookie: planted=1\r\n\r\n<html>";
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login?returnTo=${encodeURIComponent(evil)}`);
		const answers = [visitor.seen.headers];
		const fields: [string, string][] = [
			["_csrf", csrfIn(visitor)],
			["return_path", evil],
		];
		const body = new URLSearchParams(fields);
		const started = await visitor.request(`${portal}${START}`, { method: "POST", body });
		expect(started.status).toBe(303);
		answers.push(started.headers);
		const back = await visitor.request(await approveAtX(started.headers.get("location") ?? ""));
		answers.push(back.headers);

		expect(back.headers.get("location")).toBe("/");
		for (const headers of answers) {
			expect(headers.getSetCookie().join()).not.toContain("planted");
		}
	});

	test("log injection: line ends in X's answers and in addresses add no line to the log", async () => {
		const forged = '\n{"time":"2026-01-15T12:00:00.000Z","name":"forged","level":"error"}\n';
		const open = await openWithX([{ ...ADA, name: `Ada${forged}` }], x.protocol);
		const { fakeX, portal, log } = open;
		const visitor = new HttpVisitor();
		await visitor.open(await approveAtX(await atX(open, visitor)));
		const calls = x.protocol === "oauth1" ? (["request_token", x.exchange] as const) : [x.exchange];
		for (const call of calls) {
			const other = new HttpVisitor();
			fakeX.clearScenarios();
			fakeX.answerNext({ call, status: 403, body: forged, times: "always" });
			await other.open(`${portal}/login`);
			const { url } = await other.submit(START);
			if (call === x.exchange) {
				await other.open(await approveAtX(url, { accountId: ADA.id }));
			}
		}
		const denial = x.protocol === "oauth1" ? "denied=" : "state=s&error=";
		await new HttpVisitor().open(`${portal}${CALLBACK}?${denial}${encodeURIComponent(forged)}`);

		const lines = log.join("\n").split("\n");
		expect(lines).toHaveLength(log.length);
		expect(lines.map((line) => JSON.parse(line).name)).not.toContain("forged");
		expect(log.join()).not.toContain("forged");
	});

	test("HTTP parameter pollution: what is sent twice counts as not sent", async () => {
		const open = await openWithX([ADA], x.protocol);
		const { portal } = open;
		const visitor = new HttpVisitor();
		const callback = new URL(await approveAtX(await atX(open, visitor)));
		const twice = `${callback.href}&${x.token}=${callback.searchParams.get(x.token)}`;
		expect((await visitor.open(twice)).html).not.toContain("@ada");
		expect((await visitor.open(`${callback.href}&denied=x`)).status).toBe(400);
		const password = new HttpVisitor();
		await password.open(`${portal}/login`);
		const sent = await password.post(`${portal}/login`, [
			["_csrf", csrfIn(password)],
			["email", "ada@example.com"],
			["email", "eve@example.com"],
			["password", "x"],
		]);
		expect(sent.status).toBe(400);

		// Neither attempt used the log-in up.
		expect((await visitor.open(callback.href)).url).toBe(`${portal}/account`);
	});

	test("DoS by pending log-ins: a browser keeps one small cookie, and each log-in is one entry that goes after 20 minutes", async () => {
		const open = await openWithX([ADA], x.protocol);
		const { storage, clock, portal } = open;
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login`);
		const page = visitor.seen;
		for (let each = 0; each < 30; each += 1) {
			visitor.seen = page;
			await visitor.submit(START);
		}
		const pending = async () =>
			(await storage.list(["plugin-data", "x-login", "pending"], { limit: 100 })).entries;

		const ofPlugin = [...visitor.cookies].filter(([name]) => name.includes("x-login"));
		expect(ofPlugin).toHaveLength(1);
		expect(ofPlugin.join("=").length).toBeLessThan(128);
		expect(await pending()).toHaveLength(30);
		expect(JSON.stringify(await pending()).length / 30).toBeLessThan(1000);
		clock.advance(20 * 60_000);
		expect(await pending()).toEqual([]);
	});

	test("errors leak internals: a denied, forged or broken log-in shows no stack, no path and no name of a class", async () => {
		const open = await openWithX([ADA], x.protocol);
		const visitor = new HttpVisitor();
		const pages = [(await visitor.open(await cancelAtX(await atX(open, visitor)))).html];
		const call = x.protocol === "oauth1" ? "request_token" : x.profile;
		open.fakeX.answerNext({ call, fault: "truncated", times: "always" });
		await visitor.open(`${open.portal}/login`);
		const { html: started, url } = await visitor.submit(START);
		pages.push(
			x.protocol === "oauth1" ? started : (await visitor.open(await approveAtX(url))).html,
		);
		pages.push((await visitor.open(`${open.portal}${CALLBACK}?${x.token}=%FF`)).html);

		for (const html of pages) {
			expect(html).toContain("<h1>");
			expect(html).not.toMatch(/\bat [^\n]*\.(ts|mjs|js):\d+|node_modules|Error:|\/src\//);
		}
	});
});

test("stolen access token: OAuth 2.0 asks X for no lasting access, and the secrets travel in headers to their own calls alone", async () => {
	const seen: string[] = [];
	const x = createServer(async (request, response) => {
		const body = Buffer.concat(await request.toArray()).toString();
		const [scheme] = (request.headers.authorization ?? "none").split(" ");
		const fields = [...new URLSearchParams(body).keys()].sort().join(" ");
		seen.push(`${request.method} ${request.url} ${scheme} ${fields}`.trim());
		expect(body).not.toContain(CLIENT_SECRET);
		response.setHeader("content-type", "application/json");
		const token = { access_token: "a-token", token_type: "bearer", scope: "users.email" };
		response.end(JSON.stringify({ ...token, data: { id: "1", username: "ada" } }));
	});
	await new Promise<void>((resolve) => x.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => new Promise<void>((resolve) => void x.close(() => resolve())));
	const origins = { "api.x.com": `http://127.0.0.1:${(x.address() as AddressInfo).port}` };
	const open = await openHelpdesk({ origins });
	await setUpX(open, "oauth2");
	const visitor = new HttpVisitor();

	const { searchParams } = new URL(await atX(open, visitor));
	const query = new URLSearchParams({ state: searchParams.get("state") ?? "", code: "a-code" });
	await visitor.open(`${open.portal}${CALLBACK}?${query}`);

	expect(searchParams.get("scope")).not.toContain("offline.access");
	expect(seen).toEqual([
		"POST /2/oauth2/token Basic code code_verifier grant_type redirect_uri",
		"GET /2/users/me?user.fields=confirmed_email Bearer",
	]);
});
