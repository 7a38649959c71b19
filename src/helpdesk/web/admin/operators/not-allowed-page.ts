import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import type { Role } from "../../../people/operator-roles.ts";
import type { Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { ROLE_WORDS } from "./role-words.ts";

/** For an operator whose role does not allow what was asked. Everybody has the least of roles. */
export function notAllowedPage(least: Role, role: Role, { text }: Locale): Markup {
	const why = text(least === "owner" ? "not-allowed.owners" : "not-allowed.administrators", {
		role: text(ROLE_WORDS[role]),
	});
	return html`<h1>${text("not-allowed.title")}</h1><p>${why}</p><p><a href="${ADMIN_PATHS.overview}">${text("not-allowed.back")}</a></p>`;
}
