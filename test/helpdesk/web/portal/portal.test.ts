import { expect, test } from "vitest";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { linkTo, mailboxOf } from "../../../kit/helpdesk/register-by-letter.ts";

const START = "/login/x-login/start";

async function goToX(visitor: HttpVisitor, portal: string): Promise<string> {
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { url, status } = await visitor.submit(START);
	expect(status).toBe(303);
	return url;
}

test("a visitor registers, logs out and logs in with a password; the session id changes each time", async () => {
	const open = await openHelpdesk();
	const { portal } = open;
	const visitor = new HttpVisitor();
	const ids = new Set<string | undefined>();
	const remember = () => ids.add(visitor.cookies.get("portal-acorn"));

	await visitor.open(`${portal}/register`);
	remember();
	const fields = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await visitor.submit("/register", fields);
	expect(visitor.cookies.get("portal-acorn")).toBe([...ids][0]);
	await visitor.open(await linkTo(mailboxOf(open), fields.email));
	expect(await visitor.submit("/register/confirm")).toMatchObject({ url: `${portal}/account` });
	remember();
	expect(visitor.seen.html).toContain("grace@example.com");
	await visitor.submit("/logout");
	remember();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: "GRACE@example.com", password: "wrong" });
	expect(visitor.seen.status).toBe(400);
	await visitor.submit("/login", { email: "GRACE@example.com", password: "correct horse" });
	remember();

	expect(visitor.seen).toMatchObject({ status: 200, url: `${portal}/account` });
	expect(ids.size).toBe(4);
});

test("session fixation: an id planted before the log-in with X is worth nothing after it", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	const callback = await approveAtX(await goToX(visitor, open.portal));
	const planted = new HttpVisitor();
	planted.cookies.set("portal-acorn", visitor.cookies.get("portal-acorn") ?? "");

	expect(await visitor.open(callback)).toMatchObject({
		status: 200,
		url: `${open.portal}/account`,
	});
	expect(visitor.seen.html).toContain("Ada &lt;b&gt;");

	await planted.open(`${open.portal}/account`);
	expect(planted.seen.url).toContain("/login");
});

test("HEAD and prefetch requests use nothing up", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	const callback = await approveAtX(await goToX(visitor, open.portal));
	open.fakeX.resetStats();

	expect((await visitor.request(callback, { method: "HEAD" })).status).toBe(405);
	const headers = { "sec-purpose": "prefetch;prerender" };
	expect((await visitor.request(callback, { headers })).status).toBe(503);
	expect(open.fakeX.stats().total).toBe(0);
	expect(await visitor.open(callback)).toMatchObject({ url: `${open.portal}/account` });
});

test("start CSRF: a form without proof, or from another site, starts nothing", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	const post = (fields: [string, string][], headers: Record<string, string> = {}) =>
		visitor.request(`${open.portal}${START}`, {
			method: "POST",
			headers,
			body: new URLSearchParams(fields),
		});
	open.fakeX.resetStats();

	expect((await post([])).status).toBe(403);
	expect((await post([["_csrf", `${proof}x`]])).status).toBe(403);
	expect(
		(
			await post([
				["_csrf", proof],
				["_csrf", proof],
			])
		).status,
	).toBe(403);
	expect((await post([["_csrf", proof]], { origin: "https://evil.example" })).status).toBe(403);
	expect((await post([["_csrf", proof]], { "sec-fetch-site": "cross-site" })).status).toBe(403);
	expect(
		(await new HttpVisitor().request(`${open.portal}${START}`, { method: "POST" })).status,
	).toBe(415);
	expect(open.fakeX.stats().total).toBe(0);
	expect((await post([["_csrf", proof]])).status).toBe(303);
});

test("the log-in page on another host name leads to the brand's own first", async () => {
	const { portal } = await openHelpdesk();
	const elsewhere = portal.replace("127.0.0.1", "localhost");

	const answer = await fetch(`${elsewhere}/login?returnTo=/a`, { redirect: "manual" });

	expect(answer.status).toBe(302);
	expect(answer.headers.get("location")).toBe(`${portal}/login?returnTo=/a&redirected=1`);
});

test("Host-header poisoning: the callback given to X comes from the configuration", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];

	const answer = await visitor.request(`${open.portal}${START}`, {
		method: "POST",
		headers: { "x-forwarded-host": "evil.example" },
		body: new URLSearchParams({ _csrf: proof }),
	});

	const callback = await approveAtX(answer.headers.get("location") ?? "");
	expect(callback.startsWith(`${open.portal}/login/x-login/callback?`)).toBe(true);
});

test("open redirect: the log-in leads nowhere but to this portal", async () => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	for (const target of [
		"//evil.example",
		"/\\evil.example",
		"https://evil.example/",
		"/%09/evil",
	]) {
		await visitor.open(`${portal}/login?returnTo=${encodeURIComponent(target)}`);

		expect(visitor.seen.html).not.toContain('value="//');
		expect(visitor.seen.html).not.toContain("evil.example");
	}
});

test("requests that are refused early have the headers of all pages", async () => {
	const { portal } = await openHelpdesk();
	const large = await fetch(`${portal}/login`, { method: "POST", body: "a".repeat(100_000) });
	const style = await fetch(`${portal}/assets/style.css`);

	expect([large.status, style.status]).toEqual([413, 200]);
	for (const { headers } of [large, style]) {
		expect(headers.get("content-security-policy")).toContain("default-src 'none'");
		expect(headers.get("x-frame-options")).toBe("DENY");
		expect(headers.get("x-content-type-options")).toBe("nosniff");
	}
});

test("pages forbid inline script, framing and foreign forms, and are not cached", async () => {
	const { portal } = await openHelpdesk();
	const { headers, html } = await new HttpVisitor().open(`${portal}/login`);

	const policy = headers.get("content-security-policy") ?? "";
	expect(policy).toContain("default-src 'none'");
	expect(policy).toContain("frame-ancestors 'none'");
	expect(policy).toMatch(/form-action 'self' https:\/\/api\.x\.com https:\/\/x\.com/);
	expect(policy).not.toContain("unsafe");
	expect(headers.get("cache-control")).toBe("no-store");
	expect(html).not.toMatch(/<script>|<style|\sstyle=|\son\w+=/);
});

// Stands for 5,000 letters, to keep the titles of tests short.
const LONG = "{long}";

test.each([
	["GET", "/nowhere"],
	["GET", "/%00%ff%e0"],
	["GET", "/login/x-login/start"],
	["GET", "/login/x-login/callback"],
	["GET", `/login/x-login/callback?oauth_token=${LONG}&oauth_verifier=${LONG}`],
	["GET", "/login/x-login/callback?oauth_token=%00&oauth_token=%ff&oauth_verifier=%"],
	["GET", "/login/x-login/callback?denied=unknown"],
	["GET", "/login/other/callback"],
	["GET", `/login?returnTo=${LONG}`],
	["PUT", "/login"],
	["DELETE", "/login/x-login/callback"],
	["POST", "/login/x-login/callback"],
	["POST", "/account"],
	["GET", "/admin/settings/general/integrations/x-login?brand=nobody"],
	["GET", "/logout"],
])(
	"bad input: %s %s gets a page and no server error, whether X is on or off",
	async (method, path) => {
		const open = await openHelpdesk();
		const ask = async () => {
			const answer = await new HttpVisitor().request(
				`${open.portal}${path.replaceAll(LONG, "a".repeat(5000))}`,
				{
					method,
					...(method === "POST" && { body: new URLSearchParams({ _csrf: "x" }) }),
				},
			);
			expect(answer.status).toBeLessThan(500);
			expect(await answer.text()).not.toMatch(/\bat .*\.(ts|mjs|js):\d+/);
		};
		await ask();
		await setUpX(open);
		await ask();

		expect(open.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
	},
);

test("a body that is too large, or not a form, is refused with a page", async () => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	const post = (body: string | FormData, type: string) =>
		visitor.request(`${portal}/login`, { method: "POST", body, headers: { "content-type": type } });

	expect((await post("x".repeat(70_000), "application/x-www-form-urlencoded")).status).toBe(413);
	expect((await post("a&".repeat(1000), "application/x-www-form-urlencoded")).status).toBe(413);
	expect((await post("{}", "application/json")).status).toBe(415);
	expect((await post(new FormData(), "multipart/form-data; boundary=x")).status).toBe(415);
});

test.each([
	["/login", 200],
	["/no-such-page", 404],
	["/oidc/auth", 400],
	["/oidc/session/end/success", 200],
])("each page ends with the links to the legal texts: %s", async (path, status) => {
	const { portal } = await openHelpdesk();

	const answer = await fetch(`${portal}${path}`);

	expect(answer.status).toBe(status);
	const [, footer = ""] = (await answer.text()).split('<footer class="site">');
	expect(footer).toMatch(/^<a href="[^"]+\/privacy">.* · <a href="[^"]+\/terms">/);
});
