import { html } from "hono/html";
import { localeFor } from "../../locale/locale.ts";
import { isAtLeast } from "../../people/operator-roles.ts";
import { hostWarning } from "../host-warning.ts";
import { htmlDocument, layout, type Markup, sendPage } from "../layout.ts";
import { accessAt } from "./access.ts";
import type { AdminContext, PageHead, ShowPage } from "./admin-pages.ts";
import { allowedContent } from "./allowed-content.ts";
import { ROLE_WORDS } from "./operators/role-words.ts";
import { ADMIN_PATHS } from "./paths.ts";
import { knownPasswordWarning } from "./profile/known-password.ts";
import { shell } from "./shell/shell.ts";

/** The name of the administration, in its head and its titles. */
export const SITE = "Helpdesk administration";

const ENGLISH = localeFor(undefined, "en");

/**
 * Puts pages into the frame of the administration.
 *
 * @param isForDeveloper whether a plugin's developer started the helpdesk.
 */
export function adminLayout(isForDeveloper: boolean): ShowPage {
	return async (c, asked, content, status = 200) => {
		const head = typeof asked === "string" ? { title: asked } : asked;
		const { operator } = c.var;
		const warning = html`${hostWarning(c, ENGLISH) ?? ""}${knownPasswordWarning(c)}`;
		if (operator === undefined || head.isAlone === true) {
			return sendPage(c, alone(head, warning, content), status);
		}
		const body = shell({
			...{ site: SITE, path: c.req.path, head, warning, csrf: c.var.visit.csrf },
			operator: { email: operator.email, role: c.var.visit.locale.text(ROLE_WORDS[operator.role]) },
			...{ isForDeveloper, mayOpen: (path: string) => mayOpen(c, path) },
			content: await allowedContent(content, operator.role),
		});
		const { title } = head;
		return sendPage(
			c,
			htmlDocument({ lang: "en", title, site: SITE, kind: "shell", body }),
			status,
		);
	};
}

function alone({ title }: PageHead, warning: Markup, content: Markup): Markup {
	const home = ADMIN_PATHS.overview;
	return layout({ lang: "en", title, site: SITE, home, navigation: html``, warning, content });
}

/** Whether the operator's role allows them to open the page at an address. */
export function mayOpen({ var: { operator } }: AdminContext, address: string): boolean {
	const [path = ""] = address.split("?");
	const access = accessAt("GET", path);
	return operator !== undefined && access !== undefined && isAtLeast(operator.role, access.least);
}
