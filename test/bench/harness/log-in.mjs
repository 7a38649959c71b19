import { setTimeout } from "node:timers/promises";
import { handleOf } from "./account.mjs";

/**
 * Logs one visitor in, from the first request to the page that shows who they are.
 *
 * @param way the contestant's routes, see contestants.mjs.
 * @param options.approve uses X's page and returns the callback; without it the page is skipped.
 */
export async function logIn(visitor, way, accountId, { pauseMs = 0, approve } = {}) {
	const atX = await startLogIn(visitor, way);
	if (pauseMs > 0) {
		await setTimeout(pauseMs);
	}
	const callback = approve
		? new URL(await approve(atX.href, accountId))
		: callbackOf(way, atX, accountId);
	const answer = await visitor.get(`${callback.pathname}${callback.search}`);
	const page = await visitor.get(way.session);
	const mark = way.signedIn ?? handleOf(accountId);
	if (page.status !== 200 || !page.text.includes(mark)) {
		throw new Error(
			`not logged in: the callback answered ${answer.status} ${answer.location ?? answer.text.slice(0, 300)}, ${way.session} ${page.status} ${page.text.slice(0, 300)}`,
		);
	}
}

/** @returns the address at X that the visitor is sent to. */
export async function startLogIn(visitor, way) {
	const { method, path, type, fields } = way.start;
	const csrf = way.form === undefined ? undefined : csrfIn(await visitor.get(way.form));
	const answer =
		method === "GET"
			? await visitor.get(path)
			: await visitor.post(path, { ...fields, ...(csrf && { _csrf: csrf }) }, type);
	const address = type === "json" ? JSON.parse(answer.text).url : answer.location;
	if (!URL.canParse(address ?? "")) {
		throw new Error(`no way to X: ${answer.status} ${answer.text.slice(0, 300)}`);
	}
	return new URL(address);
}

/** The callback that X sends the browser to. The bench's fake X reads the account from it. */
function callbackOf(way, atX, accountId) {
	const callback = new URL(way.callback, "http://portal.example");
	const token = atX.searchParams.get("oauth_token");
	if (token === null) {
		callback.searchParams.set("state", atX.searchParams.get("state") ?? "");
		callback.searchParams.set("code", accountId);
	} else {
		callback.searchParams.set("oauth_token", token);
		callback.searchParams.set("oauth_verifier", accountId);
	}
	return callback;
}

/** @returns undefined for a page without a form. */
export function csrfIn({ text }) {
	const [, csrf] = /name="_csrf" value="([^"]+)"/.exec(text) ?? [];
	return csrf;
}
