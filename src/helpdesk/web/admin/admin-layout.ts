import { html } from "hono/html";
import { isAtLeast } from "../../people/operator-roles.ts";
import { hostWarning } from "../host-warning.ts";
import { languageForm } from "../language-form.ts";
import { htmlDocument, layout, type Markup, sendPage } from "../layout.ts";
import { accessAt } from "./access.ts";
import type { AdminContext, PageHead, ShowPage } from "./admin-pages.ts";
import { allowedContent } from "./allowed-content.ts";
import { hereOf } from "./language-routes.ts";
import { ROLE_WORDS } from "./operators/role-words.ts";
import { ADMIN_PATHS } from "./paths.ts";
import { knownPasswordWarning } from "./profile/known-password.ts";
import { shell } from "./shell/shell.ts";

/**
 * Puts pages into the frame of the administration.
 *
 * @param isForDeveloper whether a plugin's developer started the helpdesk.
 */
export function adminLayout(isForDeveloper: boolean): ShowPage {
	return async (c, asked, content, status = 200) => {
		const head = typeof asked === "string" ? { title: asked } : asked;
		const { operator, visit } = c.var;
		const { locale, csrf } = visit;
		const { text } = locale;
		const warning = html`${hostWarning(c, locale) ?? ""}${knownPasswordWarning(c)}`;
		if (operator === undefined || head.isAlone === true) {
			return sendPage(c, alone(c, head, warning, content), status);
		}
		const site = text("frame.site");
		const body = shell({
			...{ site, path: c.req.path, head, warning, csrf, locale, here: hereOf(c) },
			operator: { email: operator.email, role: text(ROLE_WORDS[operator.role]) },
			...{ isForDeveloper, mayOpen: (path: string) => mayOpen(c, path) },
			content: await allowedContent(content, operator.role),
		});
		const { title } = head;
		const lang = locale.tag;
		return sendPage(c, htmlDocument({ lang, title, site, kind: "shell", body }), status);
	};
}

function alone(c: AdminContext, { title }: PageHead, warning: Markup, content: Markup): Markup {
	const { locale, csrf } = c.var.visit;
	const here = hereOf(c);
	const action = ADMIN_PATHS.language;
	return layout({
		...{ lang: locale.tag, title, site: locale.text("frame.site") },
		...{ home: ADMIN_PATHS.overview, navigation: html``, warning, content },
		...(here !== undefined && { footer: languageForm({ locale, csrf, here, action }) }),
	});
}

/** Whether the operator's role allows them to open the page at an address. */
export function mayOpen({ var: { operator } }: AdminContext, address: string): boolean {
	const [path = ""] = address.split("?");
	const access = accessAt("GET", path);
	return operator !== undefined && access !== undefined && isAtLeast(operator.role, access.least);
}
