import { Pool } from "undici";
import { KEYS } from "../servers/keys.mjs";
import { Visitor } from "./visitor.mjs";

const INTEGRATION = "/admin/settings/general/integrations/x-login";
const SOCIAL_LOGIN = "/admin/settings/users/social-login/x-login";

/** Activates X, saves its keys and switches it on for the first brand, as an operator does. */
export async function setUpHelpdesk({ admin, operator }) {
	const { origin } = new URL(admin);
	const pool = new Pool(origin);
	const visitor = new Visitor(pool, origin);
	const submit = async (page, action, fields) => {
		const { text } = await visitor.get(page);
		const [, csrf] = /name="_csrf" value="([^"]+)"/.exec(text) ?? [];
		const answer = await visitor.post(action, { _csrf: csrf, ...fields }, "form");
		if (answer.status >= 400) {
			throw new Error(`${action} answered ${answer.status}: ${answer.text}`);
		}
	};
	await submit("/admin/login", "/admin/login", operator);
	await submit("/admin/settings/general/integrations", `${INTEGRATION}/activate`, {});
	await submit(`${INTEGRATION}?brand=acorn`, `${INTEGRATION}?brand=acorn`, {
		...KEYS,
		mode: "login-and-signup",
	});
	await submit(SOCIAL_LOGIN, SOCIAL_LOGIN, { acorn: "on" });
	await pool.close();
}
