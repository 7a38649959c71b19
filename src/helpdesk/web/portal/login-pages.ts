import { html } from "hono/html";
import type { Brand } from "../../../contract/brands.ts";
import type { LoginButton } from "../../../contract/login-button.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../../people/password-length.ts";
import { csrfField, type Markup, pluginMarkup } from "../layout.ts";
import { cardPage, type PageView } from "./portal-page.ts";
import type { PortalContent } from "./portal-visit.ts";

interface LoginView extends PageView {
	readonly brand: Brand;
	/** The buttons of the active plugins. */
	readonly buttons: readonly LoginButton[];
	readonly message: Markup;
}

export function loginPage(view: LoginView & { readonly returnPath: string }): PortalContent {
	const { locale, csrf, returnPath, message } = view;
	const { text } = locale;
	const content = html`${message}
<form method="post" action="/login">${csrfField(csrf)}<input type="hidden" name="return_to" value="${returnPath}">
<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">${text("field.password")}</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">${text("login.submit")}</button></form>
<p><a href="/forgot">${text("login.forgot")}</a></p>
${loginButtons(view)}
<p><a href="/register">${text("login.register")}</a></p>`;
	return cardPage(text("login.title"), content);
}

export function registerPage(
	view: LoginView & { readonly name: string; readonly email: string },
): PortalContent {
	const { locale, csrf, message, name, email } = view;
	const { text } = locale;
	const content = html`${message}
<form method="post" action="/register">${csrfField(csrf)}
<label for="name">${text("field.name")}</label><input id="name" name="name" autocomplete="name" maxlength="80" value="${name}" required>
<label for="email">${text("field.email")}</label><input id="email" name="email" type="email" autocomplete="email" value="${email}" required>
<label for="password">${text("field.password")}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="${MIN_PASSWORD}" maxlength="${MAX_PASSWORD}" required>
<button type="submit">${text("register.submit")}</button></form>
${loginButtons(view)}
<p><a href="/login">${text("register.login")}</a></p>`;
	return cardPage(text("register.title"), content);
}

export function registrationClosedPage({ locale: { text } }: PageView): PortalContent {
	const content = html`<p>${text("register.closed")}</p><p><a href="/login">${text("register.login")}</a></p>`;
	return cardPage(text("register.title"), content);
}

/** The buttons of the plugins; empty where no plugin has one. */
function loginButtons({ locale: { text }, csrf, brand, buttons }: LoginView): Markup {
	if (buttons.length === 0) {
		return html``;
	}
	return html`<p class="or">${text("login.or")}</p>${buttons.map((button) => pluginMarkup(button.html, csrf))}
<p class="help">${text("legal.notice")} <a href="${brand.privacyPolicyUrl}">${text("legal.privacy")}</a>, <a href="${brand.termsUrl}">${text("legal.terms")}</a></p>`;
}
