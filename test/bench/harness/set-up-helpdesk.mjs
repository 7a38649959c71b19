import { Pool } from "undici";
import { KEYS } from "../servers/keys.mjs";
import { csrfIn } from "./log-in.mjs";
import { REDIRECT_URI } from "./relying-party.mjs";
import { Visitor } from "./visitor.mjs";

const INTEGRATION = "/admin/settings/general/integrations/x-login";
const SOCIAL_LOGIN = "/admin/settings/users/social-login/x-login";
const CONNECTED = "/admin/settings/general/connected-helpdesks/add?brand=acorn&preset=";

/** An operator's browser in the administration. */
class Operator {
	#pool;
	#visitor;

	static async logIn({ admin, operator }) {
		const browser = new Operator();
		const { origin } = new URL(admin);
		browser.#pool = new Pool(origin);
		browser.#visitor = new Visitor(browser.#pool, origin);
		await browser.submit("/admin/login", "/admin/login", operator);
		return browser;
	}

	/** Sends the form of a page. @returns the markup that answers. */
	async submit(page, action, fields) {
		const form = { _csrf: csrfIn(await this.#visitor.get(page)), ...fields };
		const answer = await this.#visitor.post(action, form, "form");
		if (answer.status >= 400) {
			throw new Error(`${action} answered ${answer.status}: ${answer.text}`);
		}
		return answer.text;
	}

	leave() {
		return this.#pool.close();
	}
}

/** Activates X, saves its keys and switches it on for the first brand, as an operator does. */
export async function setUpHelpdesk(ready) {
	const operator = await Operator.logIn(ready);
	const settings = { ...KEYS, mode: "login-and-signup" };
	await operator.submit("/admin/settings/general/integrations", `${INTEGRATION}/activate`, {});
	await operator.submit(`${INTEGRATION}?brand=acorn`, `${INTEGRATION}?brand=acorn`, settings);
	await operator.submit(SOCIAL_LOGIN, SOCIAL_LOGIN, { acorn: "on" });
	await operator.leave();
}

/**
 * Connects a helpdesk for each signature to the first brand, as an operator does.
 *
 * @returns the clients, as the program of oidc-provider alone names its own.
 */
export async function connectHelpdesks(ready) {
	const operator = await Operator.logIn(ready);
	const clients = [
		await connected(operator, "ES256", "request-tracker"),
		await connected(operator, "RS256", "another"),
	];
	await operator.leave();
	return clients;
}

async function connected(operator, alg, preset) {
	const text = await operator.submit(CONNECTED + preset, CONNECTED + preset, {
		...{ name: `desk ${alg}`, address: new URL(REDIRECT_URI).origin, redirectUris: REDIRECT_URI },
		// Nothing listens there.
		anyway: "on",
	});
	const [, id] = new RegExp(`data-copy="(${preset}-[0-9a-f]{12})"`).exec(text) ?? [];
	const [, secret] = /data-copy="([\w-]{43})"/.exec(text) ?? [];
	if (id === undefined || secret === undefined) {
		throw new Error(`the helpdesk was not connected: ${text}`);
	}
	return { id, secret, alg };
}
