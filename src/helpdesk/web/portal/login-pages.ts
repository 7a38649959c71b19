import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { LoginButton } from "../../../contract/login-button.ts";
import { csrfField, type Markup, paragraphs, pluginMarkup } from "../layout.ts";
import { cardPage, leadingTo, type PageView } from "./portal-page.ts";
import type { PortalContent } from "./portal-visit.ts";

/** A page with the buttons of the plugins. */
export interface LoginView extends PageView {
	readonly brand: Brand;
	/** The buttons of the active plugins. */
	readonly buttons: readonly LoginButton[];
	readonly message: Markup;
}

/** A page with the buttons of the plugins that leads on to a path. What was typed stays in its form. */
export interface FormView extends LoginView {
	readonly returnPath: string;
	readonly email: string;
	/** The form that sends a passkey. Undefined where browsers make none. */
	readonly passkey?: Markup | undefined;
}

/** @param words what the brand says there; empty where it says nothing. */
export function loginPage(view: FormView, words: string): PortalContent {
	const { locale, csrf, returnPath, message, email, passkey = "" } = view;
	const { text } = locale;
	const content = html`${words === "" ? "" : paragraphs(words)}${message}
<form method="post" action="/login">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="username" value="${email}" required>
<label for="password">${text("field.password")}</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">${text("login.submit")}</button></form>
<p><a href="${leadingTo("/forgot", returnPath)}">${text("login.forgot")}</a></p>
${passkey}
${loginButtons(view)}
<p><a href="${leadingTo("/register", returnPath)}">${text("login.register")}</a></p>`;
	return cardPage(text("login.title"), content);
}

/** The buttons of the plugins; empty where no plugin has one. */
export function loginButtons({ locale, csrf, brand, buttons }: LoginView): Markup {
	if (buttons.length === 0) {
		return html``;
	}
	const { text, markup } = locale;
	const linkTo = (url: string) => (content: Markup) => html`<a href="${url}">${content}</a>`;
	const documents = { privacy: linkTo(brand.privacyPolicyUrl), terms: linkTo(brand.termsUrl) };
	return html`<p class="or">${text("login.or")}</p>${buttons.map((button) => pluginMarkup(button.html, csrf))}
<p class="help">${markup("legal.notice", {}, documents)}</p>`;
}
