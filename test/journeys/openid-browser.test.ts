// Chromium applies the policy of a form to every redirect after it, also to those at the helpdesk.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { openBrowser } from "../kit/browser/open-browser.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { addUnconfirmed } from "../kit/helpdesk/unconfirmed-account.ts";
import { openProvider, PASSWORD } from "../kit/openid/open-provider.ts";
import { RelyingParty } from "../kit/openid/relying-party.ts";

const EMAIL = "grace@example.com";

/**
 * The site of a helpdesk, on another host than the portal.
 *
 * @param onTo where its callback leads visitors who came from a page. Left out: nowhere.
 */
async function openDesk(
	page = () => "",
	onTo?: (referrer: string | undefined) => string,
): Promise<string> {
	const server = createServer(({ url, headers: { referer } }, answer) => {
		if (onTo !== undefined && url?.startsWith("/callback") === true) {
			answer.writeHead(302, { location: onTo(referer) }).end();
			return;
		}
		answer.setHeader("content-type", "text/html");
		answer.end(`<title>desk</title>${page()}`);
	});
	server.listen(0, "localhost");
	await once(server, "listening");
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	return `http://localhost:${(server.address() as AddressInfo).port}`;
}

test("a browser follows the forms of the log-in, of the page about the data and of the log-out to the helpdesk", async () => {
	const desk = await openDesk();
	const callback = `${desk}/callback`;
	const goodbye = `${desk}/goodbye`;
	const open = await openProvider({
		desk: { address: desk, redirectUris: [callback], postLogoutRedirectUris: [goodbye] },
	});
	await addUnconfirmed(open.storage, { name: "Grace", email: EMAIL, password: PASSWORD });
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const begin = () => open.party.begin({ redirect_uri: callback });
	const arriveAt = async (page: Page) => {
		await page.waitForURL(`${callback}?code=**`);
		return page.url();
	};
	const logIn = async (page: Page) => {
		await page.getByLabel("E-mail address").fill(EMAIL);
		await page.getByLabel("Password").fill(PASSWORD);
		await page.getByRole("button", { name: "Log in", exact: true }).click();
	};

	const first = await (await browser.newContext({ locale: "en-GB" })).newPage();
	await first.goto((await begin()).url);
	await first.getByText("Log in to go on to Acorn Desk.").waitFor();
	await logIn(first);
	await first.waitForURL(`${open.portal}/connect/**`);
	await first.locator('button[value="go"]').click();
	await arriveAt(first);

	// The second time the log-in form leads all the way, over three redirects of the portal.
	const second = await (await browser.newContext({ locale: "en-GB" })).newPage();
	const begun = await open.party.begin({ redirect_uri: callback, login_hint: EMAIL });
	await second.goto(begun.url);
	expect(await second.getByLabel("E-mail address").inputValue()).toBe(EMAIL);
	await logIn(second);
	const tokens = await open.party.redeem(await arriveAt(second), begun);

	const { id_token: hint = "" } = tokens;
	const there = { id_token_hint: hint, post_logout_redirect_uri: goodbye };
	await second.goto(open.party.endSession(there));
	await second.getByRole("button", { name: "Log out", exact: true }).click();
	await second.waitForURL(goodbye);
	await second.goto(`${open.portal}/account`);
	expect(new URL(second.url()).pathname).toBe("/login");

	// A log-out of nobody asks nothing and comes back as well.
	await second.goto(open.party.endSession(there));
	await second.waitForURL(goodbye);
	await second.close();
});

test("a helpdesk whose callback leads on to another site is reached by the forms of the log-in and of the consent", async () => {
	const support = await openDesk();
	const referrers: (string | undefined)[] = [];
	const desk = await openDesk(undefined, (referrer) => {
		referrers.push(referrer);
		return `${support}/home`;
	});
	const callback = `${desk}/callback`;
	const open = await openProvider({ desk: { address: desk, redirectUris: [callback] } });
	await addUnconfirmed(open.storage, { name: "Grace", email: EMAIL, password: PASSWORD });
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const openLogIn = async () => {
		const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
		await page.goto((await open.party.begin({ redirect_uri: callback })).url);
		await page.getByLabel("E-mail address").fill(EMAIL);
		await page.getByLabel("Password").fill(PASSWORD);
		await page.getByRole("button", { name: "Log in", exact: true }).click();
		return page;
	};

	const first = await openLogIn();
	await first.waitForURL(`${open.portal}/connect/**`);
	await first.locator('button[value="go"]').click();
	await first.waitForURL(`${support}/home`);

	// The second time nobody asks for consent, and the log-in form leads all the way.
	const second = await openLogIn();
	await second.waitForURL(`${support}/home`);
	expect(referrers).toEqual([undefined, undefined]);
	await second.close();
});

test("the forms of one request lead to its own helpdesk, and not to another one", async () => {
	const [desk, other] = [await openDesk(), await openDesk()];
	const open = await openProvider({ desk: { address: desk, redirectUris: [`${desk}/callback`] } });
	const theirs = await open.connect({ address: other, redirectUris: [`${other}/callback`] });
	const policyOf = async (party: RelyingParty, site: string) => {
		const { url } = await party.begin({ redirect_uri: `${site}/callback` });
		return (await new HttpVisitor().open(url)).headers.get("content-security-policy");
	};

	const policy = await policyOf(open.party, desk);
	expect(policy).toContain(` ${desk};`);
	expect(policy).not.toContain(other);
	const theirPolicy = await policyOf(await RelyingParty.at(open.issuer, theirs), other);
	expect(theirPolicy).toContain(` ${other};`);
	expect(theirPolicy).not.toContain(desk);
});

test("a form on the helpdesk's page logs in a person who is logged in here, although it comes without cookies", async () => {
	let form = "";
	const desk = await openDesk(() => form);
	const callback = `${desk}/callback`;
	const open = await openProvider({ desk: { address: desk, redirectUris: [callback] } });
	await addUnconfirmed(open.storage, { name: "Grace", email: EMAIL, password: PASSWORD });
	const browser = await openBrowser();
	onTestFinished(() => browser.close());
	const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
	const pressButton = async () => {
		const begun = await open.party.begin({ redirect_uri: callback });
		const { origin, pathname, searchParams } = new URL(begun.url);
		const fields = [...searchParams].map(
			([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
		);
		form = `<form method="post" action="${origin}${pathname}">${fields.join("")}<button>Log in</button></form>`;
		await page.goto(`${desk}/`);
		await page.getByRole("button", { name: "Log in" }).click();
		return begun;
	};

	await pressButton();
	await page.getByLabel("E-mail address").fill(EMAIL);
	await page.getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Log in", exact: true }).click();
	await page.waitForURL(`${open.portal}/connect/**`);
	await page.locator('button[value="go"]').click();
	await page.waitForURL(`${callback}?code=**`);

	// The second time nobody is asked anything.
	const begun = await pressButton();
	await page.waitForURL(`${callback}?code=**`);
	expect((await open.party.redeem(page.url(), begun)).access_token).toBeDefined();
	await page.close();
});
