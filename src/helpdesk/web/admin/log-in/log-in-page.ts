import { html } from "hono/html";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** @param email as it was typed before a problem. */
export function logInPage(csrf: string, email: string, problem: Markup): Markup {
	return html`<div class="card"><h1>Operator log-in</h1>${problem}<form method="post" action="${ADMIN_PATHS.logIn}">${csrfField(csrf)}
<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" value="${email}" required>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Log in</button></form></div>`;
}
