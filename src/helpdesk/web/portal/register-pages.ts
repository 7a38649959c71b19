import { html } from "hono/html";
import type { TextKey } from "../../locale/locale.ts";
import type { PendingRegistration } from "../../people/pending-registrations.ts";
import { csrfField, type Markup } from "../layout.ts";
import { type FormView, loginButtons } from "./login-pages.ts";
import { newPasswordField } from "./password-pages.ts";
import { cardPage, leadingTo, type PageView, portalNotice } from "./portal-page.ts";
import type { PortalContent } from "./portal-visit.ts";

export const MAX_NAME = 80;

export function registerPage(
	view: FormView & {
		readonly name: string;
		/** Whether a letter would reach the visitor; without it there is no form. */
		readonly hasForm: boolean;
	},
): PortalContent {
	const { locale, csrf, message, name, email, hasForm, returnPath } = view;
	const { text } = locale;
	const form = html`<form method="post" action="/register">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
${nameField(view, name)}
<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="email" value="${email}" required>
${newPasswordField(locale, "field.password")}
<button type="submit">${text("register.submit")}</button></form>`;
	const content = html`${message}
${hasForm ? form : html`<p>${text("register.no-letters")}</p>`}
${loginButtons(view)}
<p><a href="${leadingTo("/login", returnPath)}">${text("register.login")}</a></p>`;
	return cardPage(text("register.title"), content);
}

export function registrationClosedPage({ locale: { text } }: PageView): PortalContent {
	const content = html`<p>${text("register.closed")}</p><p><a href="/login">${text("register.login")}</a></p>`;
	return cardPage(text("register.title"), content);
}

/** The page after a registration. It is the same for every address, so that nobody learns who has an account. */
export function registrationSentPage({ locale }: PageView, email: string): PortalContent {
	const { text } = locale;
	const content = html`<p>${text("register.sent", { email })}</p><p class="help">${text("register.sent-missing")}</p><p><a href="/register">${text("register.submit")}</a></p>`;
	return cardPage(text("register.sent-title"), content);
}

/** Finishes a registration in the browser that began it. @param more fields above the button. */
export function confirmRegistrationPage(
	{ locale: { text }, csrf }: PageView,
	token: string,
	{ email }: PendingRegistration,
	more: Markup,
): PortalContent {
	return cardPage(
		text("register.confirm-title"),
		html`<p>${text("register.confirm-text", { email })}</p><form method="post" action="/register/confirm">${csrfField(csrf)}<input type="hidden" name="token" value="${token}">${more}<button type="submit">${text("register.confirm-submit")}</button></form>`,
	);
}

/**
 * Finishes a registration in another browser, where the owner of the address chooses name and password.
 *
 * @param more fields below the password.
 */
export function enterRegistrationPage(
	view: PageView,
	entered: { readonly token: string; readonly name: string; readonly problem: Markup },
	{ email }: PendingRegistration,
	more: Markup,
): PortalContent {
	const { locale, csrf } = view;
	const { text } = locale;
	return cardPage(
		text("register.confirm-title"),
		html`<p>${text("register.enter-text", { email })}</p>${entered.problem}<form method="post" action="/register/confirm">${csrfField(csrf)}<input type="hidden" name="token" value="${entered.token}"><input type="hidden" name="username" autocomplete="username" value="${email}">
${nameField(view, entered.name)}
${newPasswordField(locale, "field.password")}${more}<button type="submit">${text("register.confirm-submit")}</button></form>`,
	);
}

/** The page for a link that was used or has expired, or whose address belongs to somebody meanwhile. */
export function registrationOverPage(
	{ locale }: PageView,
	sentence: Extract<TextKey, "register.gone" | "register.taken">,
): PortalContent {
	const { text } = locale;
	return cardPage(
		text("register.confirm-title"),
		html`${portalNotice(locale, sentence, true)}<p><a href="/login">${text("login.submit")}</a></p><p><a href="/forgot">${text("login.forgot")}</a></p><p><a href="/register">${text("register.submit")}</a></p>`,
	);
}

/** The page for a network that sent too many forms. */
export function tooManyFormsPage({ locale }: PageView): PortalContent {
	const title = locale.text("error.too-many.title");
	return cardPage(title, portalNotice(locale, "error.too-many.network", true));
}

function nameField({ locale: { text } }: PageView, name: string): Markup {
	return html`<label for="name">${text("field.name")}</label><input id="name" name="name" autocomplete="name" maxlength="${MAX_NAME}" value="${name}" required>`;
}
