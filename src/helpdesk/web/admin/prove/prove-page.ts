import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems } from "../form-fields.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type FactorFields, factorFields } from "../second-factor/factor-fields.ts";
import { RETURN_TO } from "./prove-path.ts";

interface ProvePage {
	readonly csrf: string;
	readonly email: string;
	/** The page to go on with; empty for the first one. */
	readonly returnTo: string;
	/** What the form asks besides the password; undefined where the password is enough. */
	readonly factor: FactorFields | undefined;
	readonly problem: Markup;
	/** The same, by its field. */
	readonly problems: Problems;
	readonly locale: Locale;
}

export function provePage(page: ProvePage): Markup {
	const { csrf, email, returnTo, factor, problem, problems, locale } = page;
	const { text } = locale;
	return html`<h1>${text("prove.title")}</h1>${problem}<div class="card"><p>${text("prove.text")}</p><form method="post" action="${ADMIN_PATHS.prove}">${csrfField(csrf)}<input type="hidden" name="${RETURN_TO}" value="${returnTo}"><input type="hidden" name="email" autocomplete="username" value="${email}">
<label for="password">${text("prove.password")}</label><input id="password" name="password" type="password" autocomplete="current-password"${fieldTraits(problems, "password", false)} required>${fieldProblem(problems, "password")}${factor ? factorFields(factor, problems, locale) : ""}<div class="actions"><button type="submit">${text("prove.submit")}</button><a href="${returnTo === "" ? ADMIN_PATHS.overview : returnTo}">${text("prove.cancel")}</a></div></form></div>`;
}
