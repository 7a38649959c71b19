import type { Context } from "hono";
import { html } from "hono/html";
import { csrfField, type Markup } from "../layout.ts";
import type { VisitEnv } from "../visit.ts";

/** Where the administrator's pages are. */
export const ADMIN_PATHS = {
	integrations: "/admin/settings/general/integrations",
	addOns: "/admin/settings/general/add-ons",
	socialLogin: "/admin/settings/users/social-login",
	registration: "/admin/settings/users/registration",
	users: "/admin/users",
	signIns: "/admin/sign-ins",
	mailbox: "/admin/mailbox",
	pluginCalls: "/admin/plugin-calls",
} as const;

/** Sends a page of the admin area. */
export type ShowPage = (
	c: Context<VisitEnv>,
	title: string,
	content: Markup,
	status?: number,
) => Promise<Response>;

export function notice(sentence: string, bad = false): Markup {
	return html`<p class="notice${bad ? " bad" : ""}" role="${bad ? "alert" : "status"}">${sentence}</p>`;
}

export function overviewPage(): Markup {
	return html`<h1>Settings</h1><h2>General</h2><p><a href="${ADMIN_PATHS.integrations}">Third-Party Integrations</a></p><p><a href="${ADMIN_PATHS.addOns}">Add-ons</a></p>
<h2>Users</h2><p><a href="${ADMIN_PATHS.socialLogin}">Social Login</a></p><p><a href="${ADMIN_PATHS.registration}">Registration</a></p><p><a href="${ADMIN_PATHS.users}">Users</a></p><p><a href="${ADMIN_PATHS.signIns}">Sign-ins</a></p>
<h2>Mail</h2><p><a href="${ADMIN_PATHS.mailbox}">Mailbox</a></p>`;
}

export function loginPage(csrf: string, problem: Markup): Markup {
	return html`<div class="card"><h1>Operator log-in</h1>${problem}<form method="post" action="/admin/login">${csrfField(csrf)}
<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Log in</button></form></div>`;
}

export function profilePage(csrf: string, email: string, message: Markup): Markup {
	return html`<h1>Your profile</h1>${message}<div class="card"><p>You are logged in as <strong>${email}</strong>.</p><form method="post" action="/admin/profile">${csrfField(csrf)}
<label for="current">Current password</label><input id="current" name="current" type="password" autocomplete="current-password" required>
<label for="new">New password</label><input id="new" name="new" type="password" autocomplete="new-password" minlength="12" maxlength="256" required>
<p class="help">At least 12 characters.</p><button type="submit">Change password</button></form></div>`;
}

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

/** In English: `de` is German. */
export function languageName(tag: string): string {
	return LANGUAGES.of(tag) ?? tag;
}

/** Text in which https addresses are links. */
export function linked(sentence: string): Markup[] {
	return sentence
		.split(/(https:\/\/[^\s()]+[^\s().,])/)
		.map((part, index) =>
			index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`,
		);
}
