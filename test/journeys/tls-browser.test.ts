// Loopback hides attacks. Here every party has its own host name, over TLS, in a real browser.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { type FakeX, startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { openTlsSite, pem, type TlsSite } from "../kit/browser/open-tls-site.ts";
import { setUpXInBrowser } from "../kit/browser/set-up-x.ts";
import {
	freePorts,
	newDataFolder,
	type Ready,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";

const KEYS = { apiKey: "tls-key", apiKeySecret: "tls-secret" };
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };
const EVE = { id: "2", screenName: "eve", name: "Eve", email: "eve@example.com" };

interface Scene {
	readonly acorn: TlsSite;
	readonly evil: TlsSite;
	/** A site on a sibling of the portal's host name. */
	readonly sibling: TlsSite;
	readonly fakeX: FakeX;
	readonly ready: Ready;
	readonly newVisitor: () => Promise<BrowserContext>;
}

async function openScene(): Promise<Scene> {
	const [acorn, evil, sibling] = await Promise.all(
		["acorn.helpdesk.example", "evil.example", "blog.helpdesk.example"].map(openTlsSite),
	);
	if (acorn === undefined || evil === undefined || sibling === undefined) {
		throw new Error("a site did not open");
	}
	const fakeX = await startFakeX({
		apps: [{ ...KEYS, callbacks: [`${acorn.origin}/login/x-login/callback`] }],
		accounts: [ADA, EVE],
		tls: { key: await readFile(pem("key"), "utf8"), cert: await readFile(pem("cert"), "utf8") },
	});
	onTestFinished(() => fakeX.close());
	const port = await freePorts();
	acorn.target = `http://127.0.0.1:${port}`;
	const { ready } = await startHelpdeskProcess(
		await newDataFolder(),
		["--port", String(port), "--base-url", `acorn=${acorn.origin}`, "--x-base-url", fakeX.url],
		{ NODE_EXTRA_CA_CERTS: pem("cert") },
	);
	const browser = await openBrowser(["--host-resolver-rules=MAP *.example 127.0.0.1"]);
	onTestFinished(() => browser.close());
	const newVisitor = () => browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
	const page = await (await newVisitor()).newPage();
	await setUpXInBrowser(page, { ...ready, admin: `${acorn.origin}/admin` }, KEYS, async () => {
		await page.getByRole("button", { name: "Test connection", exact: true }).click();
		expect(await page.locator(".check.failed").allTextContents()).toEqual([]);
	});
	return { acorn, evil, sibling, fakeX, ready, newVisitor };
}

async function goToX(page: Page, { acorn, fakeX }: Scene): Promise<void> {
	await page.goto(`${acorn.origin}/login?returnTo=/account`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.waitForURL(`${fakeX.url}/**`);
}

test("over TLS, with separate host names for X and the portal, visitors log in and attacks fail", async () => {
	const scene = await openScene();
	const { acorn, evil, sibling, fakeX } = scene;
	const victims = await scene.newVisitor();

	// A sibling plants every cookie of the portal before the victim comes. The prefix keeps them out.
	const names = [
		...["portal-acorn", "portal-acorn-device"],
		...["x-login.acorn.browser", "x-login.acorn.finished"],
	];
	sibling.html = "a blog of the same owner";
	sibling.cookies = names.flatMap((name) =>
		["", "__Host-"].map(
			(prefix) =>
				`${prefix}${name}=${"p".repeat(43)}; Domain=helpdesk.example; Path=/; Secure; SameSite=None`,
		),
	);
	const victim = await victims.newPage();
	await victim.goto(sibling.origin);

	await goToX(victim, scene);
	await victim.getByRole("button", { name: "Sign in" }).click();
	await victim.waitForURL(`${acorn.origin}/account`);
	await victim.getByText("@ada", { exact: true }).waitFor();
	const ours = (await victims.cookies(acorn.origin)).filter(({ name }) =>
		/^__Host-(portal|x-login)/.test(name),
	);
	// The binding ends at the log-in.
	const kept = names.filter((name) => !name.endsWith(".browser"));
	expect(ours.map(({ name }) => name).sort()).toEqual(kept.map((name) => `__Host-${name}`).sort());
	for (const cookie of ours) {
		expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/" });
		// The cookies are the portal's, not the sibling's.
		expect([cookie.domain, cookie.value.startsWith("ppp")]).toEqual([
			"acorn.helpdesk.example",
			false,
		]);
	}
	await victim.getByRole("button", { name: "Log out", exact: true }).click();

	// Forced start: a stranger's page sends the form in the visitor's browser.
	fakeX.resetStats();
	evil.html = `<form method="post" action="${acorn.origin}/login/x-login/start"><button>Win</button></form>`;
	await victim.goto(evil.origin);
	await victim.getByRole("button", { name: "Win" }).click();
	expect(await victim.getByRole("heading", { level: 1 }).textContent()).toBe(
		"This form has expired",
	);
	expect(fakeX.stats().total).toBe(0);

	// Login CSRF: the stranger's own callback, opened by the victim.
	const strangers = await scene.newVisitor();
	await strangers.addCookies([
		{ name: "fake_x_account", value: EVE.id, domain: "localhost", path: "/oauth", secure: true },
	]);
	const stranger = await strangers.newPage();
	await goToX(stranger, scene);
	let callback = "";
	await stranger.route(`${acorn.origin}/**`, (route) => {
		callback = route.request().url();
		return route.abort();
	});
	await stranger
		.getByRole("button", { name: "Sign in" })
		.click()
		.catch(() => undefined);
	await expect.poll(() => callback).toContain("oauth_verifier");
	fakeX.resetStats();
	evil.html = `<a href="${callback.replaceAll("&", "&amp;")}">Win</a>`;
	await victim.goto(evil.origin);
	await victim.getByRole("link", { name: "Win" }).click();
	expect(await victim.getByRole("heading", { level: 1 }).textContent()).toBe(
		"This log-in was not started here",
	);
	expect(fakeX.stats().total).toBe(0);
	await victim.goto(`${acorn.origin}/account`);
	expect(await victim.getByRole("button", { name: "Log out", exact: true }).count()).toBe(0);

	// Clickjacking: the log-in page in a stranger's frame stays empty.
	evil.html = `<iframe src="${acorn.origin}/login"></iframe>`;
	await victim.goto(evil.origin);
	expect(await victim.frameLocator("iframe").getByRole("button").count()).toBe(0);

	// The stranger's own browser can still use the callback, because nobody has used it.
	await stranger.unroute(`${acorn.origin}/**`);
	await stranger.goto(callback);
	await stranger.waitForURL(`${acorn.origin}/account`);
});
