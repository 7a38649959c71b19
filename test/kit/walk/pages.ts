import type { Page } from "playwright-core";
import { type Decision, decideAtX } from "../browser/decide-at-x.ts";
import { setUpXInBrowser } from "../browser/set-up-x.ts";
import type { Ready } from "../helpdesk/start-helpdesk.ts";
import { operatorOf, takeAnswers, takeConnected, takeSecondFactor } from "./answers.ts";
import type { Camera } from "./camera.ts";
import { takeFakeX } from "./fake-x-pages.ts";
import { takePortalAnswers } from "./portal-answers.ts";

/** So many pages at most. There are about eighty. */
const MOST_PAGES = 150;

/** One of the people of the fake X that `npm start` has. */
export const ADA_APPROVES: Decision = { decision: "approve", account: "2244994945" };

/** The pages of the portal that are the same for everybody. */
const OPEN_PAGES = ["", "login", "register", "forgot", "privacy", "terms"];

/** The name of a user's page. It leads to some pages only where a user has much. */
const USER = "admin.users.one";

/** The pages of the administration that buttons lead to. */
const UNLINKED_PAGES = [
	"settings/general/integrations/x-login/deactivate",
	"settings/general/integrations/x-login/uninstall",
	"mailbox/server/remove",
	"prove",
	"no-such-page",
];

/**
 * Sets the helpdesk up, lets people cancel and log in, and takes the portal and each page that a link of the administration
 * leads to.
 */
export async function takePictures(camera: Camera, ready: Ready): Promise<void> {
	const administrator = await camera.newPerson();
	await camera.take("admin.log-in", `${ready.admin}/login`, []);
	await setUpXInBrowser(administrator, ready, ready.fakeX);
	await administrator.getByText("X is connected").waitFor();
	await comeFromX(await camera.newPerson(), ready, { decision: "cancel" });
	await takePortal(camera, ready);
	const operator = await operatorOf(ready);
	const walk = { camera, ready, operator };
	await takeAnswers(walk);
	await takeConnected(walk);
	await takeFakeX(camera, ready, firstPortal(ready));
	// The browser of this one becomes that of a user, too.
	const reader = await operatorOf(ready);
	await takePortalAnswers({ camera, ready, operator: reader }, firstPortal(ready));
	const cookies = operator.cookiesAt(ready.admin);
	const seen = new Set<string>();
	const open = [ready.admin, ...UNLINKED_PAGES.map((path) => `${ready.admin}/${path}`)];
	for (let address = open.shift(); address && seen.size < MOST_PAGES; address = open.shift()) {
		const name = nameOf(address);
		if (!seen.has(name)) {
			seen.add(name);
			const links = await camera.take(name, address, cookies);
			open.push(...links.filter((link) => isPage(link, ready.admin)));
			open.push(...(name === USER ? [`${address}/sessions`, `${address}/helpdesks`] : []));
		}
	}
	await takeSecondFactor(walk);
}

/** The portal of the first brand, for strangers and for a user. */
async function takePortal(camera: Camera, ready: Ready): Promise<void> {
	const portal = firstPortal(ready);
	for (const page of OPEN_PAGES) {
		await camera.take(`portal.${page || "home"}`, `${portal}/${page}`, []);
	}
	const user = await camera.newPerson();
	await comeFromX(user, ready, ADA_APPROVES);
	await camera.take("portal.account", `${portal}/account`, await user.context().cookies());
}

export function firstPortal({ portals }: Ready): string {
	const [first = ""] = Object.values(portals);
	return first;
}

/** Presses the button of X on the log-in page, decides at X, and comes back. */
export async function comeFromX(page: Page, ready: Ready, decision: Decision): Promise<void> {
	await page.goto(`${firstPortal(ready)}/login`);
	await page.getByRole("button", { name: "Log in with X" }).click();
	await page.waitForURL((url) => url.href.startsWith(ready.fakeX.url));
	await page.goto(await decideAtX(page.url(), decision));
}

/** One name for all pages of a kind: ids and the brand make no difference. */
function nameOf(address: string): string {
	const { pathname } = new URL(address);
	const parts = pathname.split("/").filter((part) => part !== "");
	return parts.map((part) => (/^[\w-]*\d[\w-]{7,}$/.test(part) ? "one" : part)).join(".");
}

/** Files are no pages. */
function isPage(link: string, admin: string): boolean {
	return link.startsWith(admin) && !/\.csv|\/(?:export|file|logout)(?:[?/#]|$)/.test(link);
}
