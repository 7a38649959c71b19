import { html } from "hono/html";
import type { Locale, TextKey } from "../../locale/locale.ts";
import { MIN_PASSWORD } from "../../people/password-rules.ts";
import type { Account } from "../../people/stored-account.ts";
import { csrfField, type Markup } from "../layout.ts";
import { cardPage, type PageView, portalNotice } from "./portal-page.ts";
import type { PortalContent } from "./portal-visit.ts";

/** Says that the letter with a link to set a password reaches only the operators. */
export const NO_LETTERS = "forgot.no-letters" satisfies TextKey;

/**
 * The field in which a person chooses a password. It has no `maxlength`, by which browsers would cut a pasted password
 * without a word.
 */
export function newPasswordField({ text }: Locale, label: TextKey): Markup {
	return html`<label for="password">${text(label)}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="${MIN_PASSWORD}" aria-describedby="password-help" required>
<p class="help" id="password-help">${text("password.help")}</p>`;
}

/** A button that sends the owner of an account an e-mail with a link to set the password. */
export function passwordLinkForm({ locale, csrf }: PageView, { hasPassword }: Account): Markup {
	const label = locale.text(hasPassword ? "account.change-password" : "account.set-password");
	return html`<form method="post" action="/account/password-link">${csrfField(csrf)}<button class="link" type="submit">${label}</button></form>`;
}

/** Asks a logged-in user for the password before an action that only the owner of the account may take. */
export function confirmPage(
	view: PageView & {
		readonly returnPath: string;
		readonly problem: Markup;
		/** The form that sends a passkey. Undefined where the user has none. */
		readonly passkey: Markup | undefined;
	},
	account: Account,
): PortalContent {
	const { locale, csrf, returnPath, problem, passkey = "" } = view;
	const { text } = locale;
	const form = html`<p>${text("confirm.text")}</p><form method="post" action="/login/confirm">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
<label for="password">${text("field.password")}</label><input id="password" name="password" type="password" autocomplete="current-password" required><button type="submit">${text("confirm.submit")}</button></form>`;
	const other = account.hasPassword ? form : noPassword(view, account);
	return cardPage(text("confirm.title"), html`${problem}${passkey}${other}`);
}

function noPassword(view: PageView, account: Account): Markup {
	const { text } = view.locale;
	const hasAddress = account.email !== null;
	return html`<p>${text(hasAddress ? "confirm.no-password" : "confirm.no-address")}</p>${hasAddress ? passwordLinkForm(view, account) : ""}<form method="post" action="/logout">${csrfField(view.csrf)}<button type="submit">${text("nav.logout")}</button></form>`;
}

/** Asks for the address that a link to set the password is sent to. @param email as it was typed before a problem. */
export function forgotPage(
	{ locale: { text }, csrf }: PageView,
	email: string,
	problem: Markup,
): PortalContent {
	return cardPage(
		text("forgot.title"),
		html`<p>${text("forgot.text")}</p>${problem}<form method="post" action="/forgot">${csrfField(csrf)}
<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="username" value="${email}" required><button type="submit">${text("forgot.submit")}</button></form>`,
	);
}

/**
 * The page after a link was asked for. It is the same for every address, so that nobody learns who has an account.
 *
 * @param isSent whether letters reach visitors.
 */
export function forgotSentPage({ locale }: PageView, isSent: boolean): PortalContent {
	const sentence = isSent ? "forgot.sent" : NO_LETTERS;
	return cardPage(locale.text("forgot.title"), portalNotice(locale, sentence, !isSent));
}

/** @param more fields below the password. */
export function resetPage(
	{ locale, csrf }: PageView,
	token: string,
	problem: Markup,
	more: Markup,
): PortalContent {
	const { text } = locale;
	return cardPage(
		text("reset.title"),
		html`${problem}<form method="post" action="/reset">${csrfField(csrf)}<input type="hidden" name="token" value="${token}">
${newPasswordField(locale, "reset.password")}${more}<button type="submit">${text("reset.submit")}</button></form>`,
	);
}

/** The page for a link that was used or has expired. */
export function resetGonePage({ locale }: PageView): PortalContent {
	const { text } = locale;
	const content = html`${portalNotice(locale, "reset.gone", true)}<p><a href="/forgot">${text("forgot.title")}</a></p>`;
	return cardPage(text("reset.title"), content);
}
