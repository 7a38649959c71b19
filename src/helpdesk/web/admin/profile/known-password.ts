import type { MiddlewareHandler } from "hono";
import { html } from "hono/html";
import type { Markup } from "../../layout.ts";
import type { VisitEnv } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** What an operator can do before they have changed a password that somebody else knows. */
const BEFORE: readonly string[] = [ADMIN_PATHS.profile, ADMIN_PATHS.prove, ADMIN_PATHS.logOut];

/** Leads an operator whose password somebody else knows to the page where they change it. */
export const newPasswordFirst: MiddlewareHandler<VisitEnv> = async (c, next) =>
	c.var.visit.standing === "password-due" && !BEFORE.includes(c.req.path)
		? c.redirect(ADMIN_PATHS.profile, 303)
		: next();

/**
 * Says above a page that somebody else knows the operator's password. Empty where nobody does. It has no role, because
 * programs and screen readers find what was done or went wrong by the roles `status` and `alert`.
 */
export function knownPasswordWarning(c: AdminContext): Markup {
	const { standing, locale } = c.var.visit;
	const link = (content: Markup) => html`<a href="${ADMIN_PATHS.profile}">${content}</a>`;
	switch (standing) {
		case "password-known":
			return html`<div class="banner">${locale.markup("known-password.known", {}, { link })}</div>`;
		case "password-due":
			return html`<div class="banner">${locale.text("known-password.due")}</div>`;
		default:
			return html``;
	}
}
