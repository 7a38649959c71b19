import { html } from "hono/html";
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
}

export function provePage({ csrf, email, returnTo, factor, problem, problems }: ProvePage): Markup {
	return html`<h1>Confirm that it is you</h1>${problem}<div class="card"><p>You entered your password more than ten minutes ago. Before this change, enter it again, so that nobody else at your computer can make it. Nothing has changed yet. What you entered into a form is not kept: enter it once more afterwards.</p><form method="post" action="${ADMIN_PATHS.prove}">${csrfField(csrf)}<input type="hidden" name="${RETURN_TO}" value="${returnTo}"><input type="hidden" name="email" autocomplete="username" value="${email}">
<label for="password">Your password</label><input id="password" name="password" type="password" autocomplete="current-password"${fieldTraits(problems, "password", false)} required>${fieldProblem(problems, "password")}${factor ? factorFields(factor, problems) : ""}<div class="actions"><button type="submit">Confirm</button><a href="${returnTo === "" ? ADMIN_PATHS.overview : returnTo}">Cancel</a></div></form></div>`;
}
