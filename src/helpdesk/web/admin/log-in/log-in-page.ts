import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { RETURN_TO } from "../prove/prove-path.ts";

export function logInPage(page: {
	readonly csrf: string;
	/** As it was typed before a problem. */
	readonly email: string;
	/** The page to go on with; empty for the first one. */
	readonly returnTo: string;
	readonly problems: Problems;
	readonly locale: Locale;
}): Markup {
	const { csrf, email, returnTo, problems } = page;
	const { text } = page.locale;
	return html`<div class="card"><h1>${text("log-in.heading")}</h1>${problemSummary(problems)}<form method="post" action="${ADMIN_PATHS.logIn}">${csrfField(csrf)}<input type="hidden" name="${RETURN_TO}" value="${returnTo}">
<label for="email">${text("log-in.email")}</label><input id="email" name="email" type="email" autocomplete="username" value="${email}" required>
<label for="password">${text("log-in.password")}</label><input id="password" name="password" type="password" autocomplete="current-password"${fieldTraits(problems, "password", false)} required>${fieldProblem(problems, "password")}
<button type="submit">${text("log-in.submit")}</button></form></div>`;
}
