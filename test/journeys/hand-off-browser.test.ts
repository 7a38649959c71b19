// Chromium takes a token to a helpdesk at another host name, with and without scripts. Its policy for forms holds for every
// redirect after the form.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { raw } from "hono/html";
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { COPY_SCRIPT } from "../../src/helpdesk/web/copy-script.ts";
import { layout, pluginMarkup } from "../../src/helpdesk/web/layout.ts";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { changeAccount, openHandOff } from "../kit/hand-off/open-hand-off.ts";
import { addUnconfirmed } from "../kit/helpdesk/unconfirmed-account.ts";

const EMAIL = "grace@example.com";
const PASSWORD = "a long password of somebody";

/** A site of somebody, on another host than the portal. */
async function openSite(
	answer: RequestListener = (_, response) => {
		response.setHeader("content-type", "text/html").end("<title>a site</title>");
	},
): Promise<string> {
	const server = createServer(answer);
	server.listen(0, "localhost");
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://localhost:${(server.address() as AddressInfo).port}`;
}

type Open = Awaited<ReturnType<typeof openHandOff>>;

async function opened(...[kind, options]: Parameters<typeof openHandOff>) {
	const open = await openHandOff(kind, options);
	const user = { name: "Grace Hopper", email: EMAIL, password: PASSWORD };
	const userId = await addUnconfirmed(open.storage, user);
	await changeAccount(open.storage, userId, { confirmed: true });
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	return { open, browser };
}

async function newPage(browser: Browser, javaScriptEnabled: boolean): Promise<Page> {
	const context = await browser.newContext({ locale: "en-GB", javaScriptEnabled });
	return context.newPage();
}

async function logIn(page: Page): Promise<void> {
	await page.getByLabel("E-mail address").fill(EMAIL);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Log in", exact: true }).click();
}

function wayOn({ product, page }: Open, parameter: string, path: string) {
	const there = `${product.address}${path}`;
	return { there, url: `${page}?${new URLSearchParams({ [parameter]: there })}` };
}

test("with scripts, a visitor who has agreed before only logs in, and is at SupportPal's page", async () => {
	const { open, browser } = await opened("supportpal", { withApi: true });
	const { url, there } = wayOn(open, "redirect", "/tickets?a=1");
	const first = await newPage(browser, true);
	await first.goto(url);
	await first.getByText("Log in to go on to Support Desk.").waitFor();
	await logIn(first);
	await first.getByRole("heading", { name: "Go on to Support Desk?" }).waitFor();
	await first.locator('button[value="go"]').click();
	await first.waitForURL(there);
	expect(open.product.users).toMatchObject([{ email: EMAIL, email_verified: true }]);

	const second = await newPage(browser, true);
	await second.goto(url);
	await logIn(second);
	await second.waitForURL(there);
	const [before, after] = open.product.arrivals;
	expect(after).toMatchObject({ method: "POST", cookies: "", verdict: { kind: "in", who: EMAIL } });
	expect(after?.parameters.get("token")).not.toBe(before?.parameters.get("token"));

	// The log-out here ends the session there by one more button.
	await second.goto(`${open.portal}/account`);
	await second.getByRole("button", { name: "Log out", exact: true }).click();
	await second.getByRole("button", { name: "Log out of Support Desk" }).click();
	await second.waitForURL(`${open.product.address}/`);
	expect(open.product.arrivals.at(-1)).toMatchObject({
		path: "/simpleauth/logout",
		verdict: { kind: "in" },
	});
});

test("without scripts, a visitor presses one button to Zendesk, and a reload makes a new token", async () => {
	const { open, browser } = await opened("zendesk-jwt");
	const { url, there } = wayOn(open, "return_to", "/hc/requests");
	const page = await newPage(browser, false);
	await page.goto(url);
	await logIn(page);
	await page.locator('button[value="go"]').click();
	await page.getByRole("heading", { name: "On to Support Desk" }).waitFor();
	await page.goto(url);
	const tokenOf = () => page.locator('input[name="jwt"]').inputValue();
	const token = await tokenOf();
	await page.reload();
	expect(await tokenOf()).not.toBe(token);
	expect(open.product.arrivals).toEqual([]);
	await page.getByRole("button", { name: "Go on to Support Desk" }).click();
	await page.waitForURL(there);
	expect(open.product.arrivals).toMatchObject([{ method: "POST", verdict: { kind: "in" } }]);
});

test("a Docs site gets its visitor by redirects after the log-in", async () => {
	const { open, browser } = await opened("help-scout");
	const page = await newPage(browser, true);
	const url = `${open.page}?returnTo=%2Farticle%2F1`;
	await page.goto(url);
	await logIn(page);
	await page.locator('button[value="go"]').click();
	await page.waitForURL(`${open.product.address}/article/1`);
	const again = await newPage(browser, true);
	await again.goto(url);
	await logIn(again);
	await again.waitForURL(`${open.product.address}/article/1`);
	expect(open.product.arrivals).toHaveLength(2);
});

test("a form leads through the helpdesk to its other site, and not to a host that nobody named", async () => {
	const site = await openSite();
	const { open, browser } = await opened("supportpal", { desk: { otherSites: [site] } });
	const page = await newPage(browser, true);
	open.product.leadsTo = site;
	await page.goto(open.page);
	await logIn(page);
	await page.locator('button[value="go"]').click();
	await page.waitForURL(`${site}/`);

	open.product.leadsTo = await openSite();
	const arrived = open.product.arrivals.length;
	const blocked = page.waitForEvent("console", (message) => message.text().includes("form-action"));
	// The form is sent before the page has loaded, and then nothing more happens.
	await page.goto(open.page, { waitUntil: "commit" });
	await blocked;
	await expect.poll(() => open.product.arrivals.length).toBeGreaterThan(arrived);
	expect(new URL(page.url()).origin).not.toBe(open.product.leadsTo);
});

test("a form in the markup of a plugin is sent by its button alone, whatever the markup says", async () => {
	const form = `<form method="post" action="/sent" data-submit><button>Send</button></form>`;
	const content = await pluginMarkup(`<main data-submit>${form}</main>`, "proof");
	const navigation = raw("");
	const texts = { lang: "en", title: "A page", site: "Acorn Outdoor", home: "/" };
	const page = String(await layout({ ...texts, navigation, content }));
	const asked: string[] = [];
	const site = await openSite(({ method, url = "" }, answer) => {
		asked.push(`${method} ${url}`);
		const isScript = url.startsWith("/assets/copy.js");
		answer.setHeader("content-type", isScript ? "text/javascript" : "text/html");
		answer.end(isScript ? COPY_SCRIPT : url === "/" ? page : "<title>sent</title>");
	});
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const tab = await newPage(browser, true);
	await tab.goto(`${site}/`);
	expect(asked).toContainEqual(expect.stringContaining("GET /assets/copy.js"));
	await tab.getByRole("button", { name: "Send" }).click();
	await tab.waitForURL(`${site}/sent`);
	expect(asked.filter((each) => each === "POST /sent")).toHaveLength(1);
});
