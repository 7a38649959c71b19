import type { HttpVisitor, Seen } from "./http-visitor.ts";

const ACTION = "/account/disconnect";

/**
 * Asks to disconnect an account at a provider, as a page that was opened before would: the account page offers no form for
 * the only way to log in. One of an earlier version still does.
 */
export function disconnectAnyway(
	visitor: HttpVisitor,
	identity: string,
	addOn = "x-login",
): Promise<Seen> {
	const { html, url } = visitor.seen;
	if (html.includes(`action="${ACTION}"`)) {
		return visitor.submit(ACTION);
	}
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	return visitor.post(new URL(ACTION, url).href, [
		["_csrf", csrf],
		["add-on", addOn],
		["identity", identity],
	]);
}
