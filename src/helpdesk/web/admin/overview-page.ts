import { html } from "hono/html";
import type { Markup } from "../layout.ts";
import { ADMIN_PATHS } from "./paths.ts";

const GROUPS = [
	[
		"General",
		[
			[ADMIN_PATHS.integrations, "Third-Party Integrations"],
			[ADMIN_PATHS.addOns, "Add-ons"],
			[ADMIN_PATHS.connectedHelpdesks, "Connected helpdesks"],
			[ADMIN_PATHS.operators, "Operators"],
		],
	],
	[
		"Users",
		[
			[ADMIN_PATHS.socialLogin, "Social Login"],
			[ADMIN_PATHS.registration, "Registration"],
			[ADMIN_PATHS.users, "Users"],
			[ADMIN_PATHS.signIns, "Sign-ins"],
		],
	],
	["Mail", [[ADMIN_PATHS.mailbox, "Mailbox"]]],
	["Records", [[ADMIN_PATHS.audit, "Audit trail"]]],
] as const;

/**
 * @param mayOpen whether the operator may open the page of a path.
 * @param warning a sentence, for those who can change how the helpdesk is started. Undefined: none.
 */
export function overviewPage(
	mayOpen: (path: string) => boolean,
	warning: string | undefined,
): Markup {
	const groups = GROUPS.map(([title, links]) => {
		const open = links.filter(([path]) => mayOpen(path));
		const items = open.map(([path, label]) => html`<p><a href="${path}">${label}</a></p>`);
		return open.length === 0 ? "" : html`<h2>${title}</h2>${items}`;
	});
	const banner =
		warning === undefined
			? ""
			: html`<div class="banner">${warning.charAt(0).toUpperCase()}${warning.slice(1)}.</div>`;
	return html`<h1>Settings</h1>${banner}${groups}`;
}
