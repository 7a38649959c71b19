import { parseFragment } from "parse5";
import type { HttpVisitor, Seen } from "./http-visitor.ts";
import { SET_UP } from "./second-factor.ts";
import type { SoftAuthenticator } from "./soft-authenticator.ts";

export const ADD_PASSKEY = "/admin/profile/second-factor/passkeys/add";
export const REMOVE_PASSKEY = "/admin/profile/second-factor/passkeys/remove";

/** What a page gives the browser for a passkey. @throws SyntaxError for a page without a button. */
export function optionsIn(html: string) {
	const [, attribute = ""] = /data-options="([^"]*)"/.exec(html) ?? [];
	const [text] = parseFragment(attribute).childNodes;
	return JSON.parse(text !== undefined && "value" in text ? text.value : "");
}

/** Sends a form of the page with an answer in it, as the script does. */
export async function submitPasskey(
	visitor: HttpVisitor,
	action: string,
	passkey: string,
	fields: Readonly<Record<string, string>> = {},
): Promise<Seen> {
	const html = visitor.seen.html.replaceAll('<input type="hidden" name="passkey">', "");
	visitor.seen = { ...visitor.seen, html };
	return visitor.submit(action, { ...fields, passkey });
}

/** Adds a passkey for the operator who is logged in, by the page. */
export async function addPasskey(
	operator: HttpVisitor,
	origin: string,
	authenticator: SoftAuthenticator,
): Promise<Seen> {
	const { html } = await operator.open(`${origin}${SET_UP}`);
	return submitPasskey(operator, ADD_PASSKEY, authenticator.create(optionsIn(html)));
}
