import { html } from "hono/html";
import type { Role } from "../../../people/operator-roles.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { ROLE_WORDS } from "./role-words.ts";

/** For an operator whose role does not allow what was asked. */
export function notAllowedPage(least: Role, role: Role): Markup {
	const who = least === "owner" ? "owners" : `${ROLE_WORDS[least].toLowerCase()}s and owners`;
	return html`<h1>Your role does not allow this</h1><p>Nothing was changed. Your role is ${ROLE_WORDS[role]}, and this is for ${who}. Ask an owner of this helpdesk to do it, or to change your role.</p><p><a href="${ADMIN_PATHS.overview}">Settings</a></p>`;
}
