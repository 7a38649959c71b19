import { expect } from "vitest";
import type { HttpVisitor } from "./http-visitor.ts";

const CONTINUE = "/login/x-login/continue";

/**
 * Submits the form with this action on the page of the plugin that was seen last.
 *
 * @param at the node that gets it.
 */
export async function submitStep(
	visitor: HttpVisitor,
	action: string,
	fields: Readonly<Record<string, string>> = {},
	at = visitor.seen.url,
) {
	const [, login = ""] = /name="login" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html) ?? [];
	expect(visitor.seen.html).toContain(`name="action" value="${action}"`);
	return visitor.post(new URL(CONTINUE, at).href, [
		["login", login],
		["action", action],
		["_csrf", csrf],
		...Object.entries(fields),
	]);
}
