import { html } from "hono/html";
import { portalLocale } from "../../locale/portal-locale.ts";
import { isAtLeast } from "../../people/operator-roles.ts";
import { hostWarning } from "../host-warning.ts";
import { csrfField, layout, type Markup, sendPage } from "../layout.ts";
import { accessTo } from "./access.ts";
import type { AdminContext, ShowPage } from "./admin-pages.ts";
import { allowedContent } from "./allowed-content.ts";
import { ADMIN_PATHS } from "./paths.ts";
import { knownPasswordWarning } from "./profile/known-password.ts";

/** The name of the administration, in its head and its titles. */
export const SITE = "Helpdesk administration";

const ENGLISH = portalLocale(undefined, "en");

const LINKS = [
	[ADMIN_PATHS.integrations, "Third-Party Integrations"],
	[ADMIN_PATHS.addOns, "Add-ons"],
	[ADMIN_PATHS.connectedHelpdesks, "Connected helpdesks"],
	[ADMIN_PATHS.socialLogin, "Social Login"],
	[ADMIN_PATHS.users, "Users"],
	[ADMIN_PATHS.signIns, "Sign-ins"],
	[ADMIN_PATHS.registration, "Registration"],
	[ADMIN_PATHS.mailbox, "Mailbox"],
	[ADMIN_PATHS.jobs, "Jobs"],
	[ADMIN_PATHS.operators, "Operators"],
	[ADMIN_PATHS.audit, "Audit trail"],
] as const;

/**
 * Puts pages into the frame of the administration.
 *
 * @param showsPluginCalls whether a plugin's developer started the helpdesk.
 */
export function adminLayout(showsPluginCalls: boolean): ShowPage {
	const links = [
		...LINKS,
		...(showsPluginCalls ? [[ADMIN_PATHS.pluginCalls, "Plugin calls"] as const] : []),
		[ADMIN_PATHS.profile, "Your profile"] as const,
	];
	return async (c, title, content, status = 200) => {
		const wide = c.var.visit.subjectId !== undefined;
		const navigation = wide ? navigationOf(c, links) : html``;
		const home = ADMIN_PATHS.overview;
		const { operator } = c.var;
		const allowed = operator ? await allowedContent(content, operator.role) : content;
		const warning = html`${hostWarning(c, ENGLISH) ?? ""}${knownPasswordWarning(c)}`;
		return sendPage(
			c,
			layout({ lang: "en", title, site: SITE, home, navigation, warning, content: allowed, wide }),
			status,
		);
	};
}

function navigationOf(
	c: AdminContext,
	links: readonly (readonly [path: string, label: string])[],
): Markup {
	const { csrf } = c.var.visit;
	const open = links.filter(([path]) => mayOpen(c, path));
	return html`${open.map(([path, label]) => html`<a href="${path}">${label}</a>`)}<form method="post" action="${ADMIN_PATHS.logOut}">${csrfField(csrf)}<button class="link" type="submit">Log out</button></form>`;
}

/** Whether the operator's role allows them to open a page. */
export function mayOpen({ var: { operator } }: AdminContext, path: string): boolean {
	const access = accessTo("GET", path);
	return operator !== undefined && access !== undefined && isAtLeast(operator.role, access.least);
}
