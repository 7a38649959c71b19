import { html } from "hono/html";
import type { Markup } from "../layout.ts";
import { ADMIN_PATHS } from "./paths.ts";

export function overviewPage(): Markup {
	return html`<h1>Settings</h1><h2>General</h2><p><a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a></p><p><a href="${ADMIN_PATHS.addOns}">Add-ons</a></p><p><a href="${ADMIN_PATHS.connectedHelpdesks}">Connected helpdesks</a></p>
<h2>Users</h2><p><a href="${ADMIN_PATHS.socialLogin}">Social Login</a></p><p><a href="${ADMIN_PATHS.registration}">Registration</a></p><p><a href="${ADMIN_PATHS.users}">Users</a></p><p><a href="${ADMIN_PATHS.signIns}">Sign-ins</a></p>
<h2>Mail</h2><p><a href="${ADMIN_PATHS.mailbox}">Mailbox</a></p>`;
}
