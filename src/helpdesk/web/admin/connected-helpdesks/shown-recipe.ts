import { html } from "hono/html";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { inLanguage, type Markup } from "../../layout.ts";

/** The headings of recipes that have a text, as the recipes have them. */
const HEADINGS: ReadonlyMap<string, TextKey> = new Map([
	["Another helpdesk", "preset.another.name"],
	["Another helpdesk, without PKCE", "preset.another.name-without-pkce"],
	["What you need", "recipe.heading.need"],
	["Try it on one machine", "recipe.heading.try"],
	["What to enter here", "recipe.heading.enter"],
	["What to paste there", "recipe.heading.paste"],
	["People who have an account there", "recipe.heading.people"],
	["Log-out", "recipe.heading.log-out"],
	["Not checked", "recipe.heading.not-checked"],
	["Tell us", "recipe.heading.tell-us"],
]);

const HEADING = /^(#{1,6} )(.+)$/;

/** A recipe, which is written in English, with its headings in the language of its reader. Names of products stay. */
export function shownRecipe(markdown: string, { language, tag, text }: Locale): Markup {
	if (language === "en") {
		return html`${markdown}`;
	}
	const lines = markdown.split("\n").map((line, index) => {
		const [, level = "", heading = ""] = HEADING.exec(line) ?? [];
		const key = HEADINGS.get(heading);
		const shown =
			key === undefined ? line : html`${level}<span${inLanguage(tag)}>${text(key)}</span>`;
		return html`${index === 0 ? "" : "\n"}${shown}`;
	});
	return html`${lines}`;
}
