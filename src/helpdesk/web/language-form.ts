import { html } from "hono/html";
import { LANGUAGES, type Locale } from "../locale/locale.ts";
import { csrfField, type Markup } from "./layout.ts";

/** The field with the chosen language. */
export const LANGUAGE_FIELD = "language";

/** Lets a reader choose the language of the pages. */
export function languageForm(form: {
	readonly locale: Locale;
	readonly csrf: string;
	/** The path that takes the form. */
	readonly action: string;
	/** The path of the page, to which the choice leads back. */
	readonly here: string;
}): Markup {
	const { locale, csrf, action, here } = form;
	const { text, language } = locale;
	const options = [...LANGUAGES].map(
		([tag, name]) =>
			html`<option value="${tag}" lang="${tag}"${tag === language ? html` selected` : ""}>${name}</option>`,
	);
	// Pages have fields of their own about a language.
	const id = `${LANGUAGE_FIELD}-of-page`;
	return html`<form class="language" method="post" action="${action}">${csrfField(csrf)}<input type="hidden" name="return_to" value="${here}"><label for="${id}">${text("language.label")}</label><select id="${id}" name="${LANGUAGE_FIELD}">${options}</select><button class="link" type="submit">${text("language.submit")}</button></form>`;
}
