// A browser before proxies that change the host. Cookies, origins and redirects are a browser's matter.
import { BlockList } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { HelpdeskOptions } from "../../src/helpdesk/helpdesk.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { changeFirstPassword } from "../kit/helpdesk/change-first-password.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { API_KEY_SECRET, helpdeskOptions, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { type RewritingProxy, startRewritingProxy } from "../kit/helpdesk/rewriting-proxy.ts";

const BASE = "https://help.example.com";
const ADA = { id: "1", screenName: "ada", name: "Ada", email: "ada@example.com" };

let proxy: RewritingProxy;
let endProxy = () => {};
let browser: Browser;
beforeAll(async () => {
	proxy = await startRewritingProxy((end) => {
		endProxy = end;
	});
	const names = ["*.example.com", "*.example.com."];
	const rules = names.map((name) => `MAP ${name} 127.0.0.1:${proxy.port}`);
	browser = await openBrowser([`--host-resolver-rules=${rules.join(", ")}`]);
});
afterAll(async () => {
	await browser.close();
	endProxy();
});

interface Scene {
	readonly listening: string;
	readonly page: Page;
	readonly operator: { readonly email: string; readonly password: string };
}

/**
 * A brand at {@link BASE} behind a proxy with TLS, and a browser that finds every name at the proxy.
 *
 * @param headers the headers that the proxy sets.
 */
async function openScene(
	headers: RewritingProxy["headers"],
	options: Partial<HelpdeskOptions> = {},
): Promise<Scene> {
	const clock = new MockClock();
	const callbacks: string[] = [];
	const fakeX = await startFakeX({
		apps: [{ apiKey: "api-key", apiKeySecret: API_KEY_SECRET, callbacks }],
		accounts: [ADA],
		clock,
	});
	onTestFinished(() => fakeX.close());
	const helpdesk = await startHelpdesk(
		await helpdeskOptions({
			...{ clock, origins: { "api.x.com": fakeX.url } },
			baseUrls: new Map([["acorn", BASE]]),
			...options,
		}),
	);
	onTestFinished(() => helpdesk.close());
	callbacks.push(...helpdesk.brands.map(({ callbackUrl }) => callbackUrl));
	const [listening = ""] = helpdesk.listening;
	const adminUrl = `${listening}/admin`;
	const first = { email: helpdesk.operator.email, password: helpdesk.operator.password ?? "" };
	const visitor = new HttpVisitor();
	await visitor.open(`${adminUrl}/login`);
	await visitor.submit("/admin/login", first);
	const operator = await changeFirstPassword(visitor, adminUrl, first.password);
	await setUpX({ helpdesk: { adminUrl }, operator: visitor });
	Object.assign(proxy, { target: listening, headers, asked: [] });
	return { listening, page: await newPage(browser), operator };
}

async function newPage(from: Browser): Promise<Page> {
	// Some builds of Chromium end with the first context that is closed.
	return (await from.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" })).newPage();
}

const warnings = (page: Page) => page.getByText("This page may be at the wrong address").count();
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Logs in with X, asks for a password letter, and logs in as the operator, from {@link BASE}. */
async function useEveryForm({ page, operator }: Scene, address = BASE): Promise<void> {
	await page.goto(`${address}/login?returnTo=/account`);
	await press(page, "Log in with X");
	await press(page, "Sign in");
	await page.waitForURL(({ pathname }) => pathname === "/account");
	await page.getByText("@ada", { exact: true }).waitFor();
	await press(page, "Log out");
	await page.getByRole("link", { name: "Log in" }).first().waitFor();
	await page.goto(`${address}/forgot`);
	await page.getByLabel("E-mail address").fill("ada@example.com");
	await press(page, "Send the link");
	await page.getByText(/^(If there is|We cannot send)/).waitFor();
	await page.goto(`${address}/admin`);
	await page.getByLabel("E-mail address").fill(operator.email);
	await page.getByLabel("Password").fill(operator.password);
	await press(page, "Log in");
	await page.getByRole("link", { name: "Your profile" }).waitFor();
	expect(new URL(page.url()).origin).toBe(address);
}

test.each(["help.example.com:443", "HELP.example.com"])(
	"behind a proxy that sends the host %s, every form works and no page redirects",
	async (host) => {
		const scene = await openScene({ host });
		const { page } = scene;

		await page.goto(`${BASE}/login`);
		expect([page.url(), await warnings(page)]).toEqual([`${BASE}/login`, 0]);
		expect(proxy.asked.filter((path) => path.startsWith("/login"))).toEqual(["/login"]);
		await useEveryForm(scene);

		expect(proxy.asked.join()).not.toContain("redirected");
	},
);

test.each(["localhost:8080", "helpdesk:3000"])(
	"behind a proxy that sends the host %s, pages redirect once, say what is wrong, and work",
	async (host) => {
		const scene = await openScene({ host });
		const { page } = scene;

		for (const path of ["/login", "/register", "/forgot", "/admin/login"]) {
			proxy.asked = [];
			await page.goto(`${BASE}${path}`);
			expect(page.url()).toBe(`${BASE}${path}?redirected=1`);
			const asked = proxy.asked.filter((each) => !each.startsWith("/assets/"));
			expect(asked).toEqual([path, `${path}?redirected=1`]);
			expect(await warnings(page)).toBe(1);
		}
		await page.getByText("If you run this site").click();
		expect(await page.getByText(`The request names the host ${host},`).isVisible()).toBe(true);
		await useEveryForm(scene);
	},
);

test("behind a trusted proxy that sends X-Forwarded-Host, every form works and no page redirects", async () => {
	const trustedProxies = new BlockList();
	trustedProxies.addAddress("127.0.0.1");
	const headers = { host: "helpdesk:3000", "x-forwarded-host": "help.example.com" };
	const scene = await openScene(headers, { trustedProxies });

	await useEveryForm(scene);

	expect(await warnings(scene.page)).toBe(0);
	expect(proxy.asked.join()).not.toContain("redirected");
});

test("at another name of the site, every page leads to the brand's own address", async () => {
	const { page } = await openScene({});
	for (const address of ["https://www.example.com", "https://help.example.com."]) {
		for (const path of ["/login", "/register", "/forgot", "/admin/login", "/"]) {
			await page.goto(`${address}${path}`);
			expect([page.url(), await warnings(page)]).toEqual([`${BASE}${path}?redirected=1`, 0]);
		}
	}
	expect(proxy.asked.length).toBeGreaterThan(0);
});

test("at a name that a proxy hides, a form says where the right address is", async () => {
	const { page } = await openScene({ host: "help.example.com" });
	for (const [path, home] of [
		["/login", `${BASE}/`],
		["/admin/login", `${BASE}/admin`],
	] as const) {
		await page.goto(`https://alias.example.com${path}`);
		await page.getByLabel("E-mail address").fill("ada@example.com");
		await page.getByLabel("Password").fill("a guess");
		await press(page, "Log in");

		await page.getByRole("heading", { name: "This page is at the wrong address" }).waitFor();
		await page.getByRole("link", { name: home, exact: true }).click();
		await page.waitForURL(({ origin }) => origin === BASE);
	}
});

test.each([
	["acorn", "https://Help.example.com:443/"],
	["acorn", "https://help.example.com:"],
])("a brand %s with the base URL %s takes the forms of its pages", async (id, baseUrl) => {
	const scene = await openScene({}, { baseUrls: new Map([[id, baseUrl]]) });

	await useEveryForm(scene);
});

test("a brand on port 80, where browsers leave the port out, takes the forms of its pages", async () => {
	const scene = await openScene({}, { baseUrls: new Map([["acorn", "http://127.0.0.1:80"]]) });
	const { port } = new URL(scene.listening);
	// A test cannot listen on port 80.
	const rule = `--host-resolver-rules=MAP 127.0.0.1:80 127.0.0.1:${port}`;
	const other = await openBrowser([rule]);
	onTestFinished(() => other.close());

	await useEveryForm({ ...scene, page: await newPage(other) }, "http://127.0.0.1");
});

test("over TLS, the administration at a host of its own and the portal beside it work in one browser, and share nothing", async () => {
	const admin = "https://admin.example.com";
	const clock = new MockClock();
	const helpdesk = await startHelpdesk(
		await helpdeskOptions({
			...{ clock, baseUrls: new Map([["acorn", BASE]]), adminBaseUrl: admin },
		}),
	);
	onTestFinished(() => helpdesk.close());
	Object.assign(proxy, { target: helpdesk.listening[0] ?? "", headers: {}, asked: [] });
	const page = await newPage(browser);

	await page.goto(`${admin}/`);
	await page.getByLabel("E-mail address").fill(helpdesk.operator.email);
	await page.getByLabel("Password").fill(helpdesk.operator.password ?? "");
	await press(page, "Log in");
	await page.waitForURL(`${admin}/admin/profile`);
	const cookies = async (address: string) =>
		(await page.context().cookies(address)).map(({ name }) => name);
	expect(await cookies(admin)).toContain("__Host-admin-acorn");

	await page.goto(`${BASE}/login`);
	expect((await cookies(BASE)).filter((name) => name.includes("admin"))).toEqual([]);

	// A faulty page of the same site. Its forms come with the cookies of the administration.
	await page.route("https://fault.example.com/", (route) =>
		route.fulfill({
			contentType: "text/html",
			body: `<form method="post" action="${admin}/admin/logout"><button>Go</button></form>`,
		}),
	);
	await page.goto("https://fault.example.com/");
	const answered = page.waitForResponse(`${admin}/admin/logout`);
	await press(page, "Go");
	expect((await answered).status()).toBe(403);

	await page.goto(`${admin}/admin`);
	await page.getByRole("button", { name: "Log out", exact: true }).waitFor();
	expect((await page.goto(`${BASE}/admin`))?.status()).toBe(404);
});
