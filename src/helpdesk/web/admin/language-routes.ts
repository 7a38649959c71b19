import type { Hono } from "hono";
import { addressAskedFor } from "../canonical-host.ts";
import { LANGUAGE_FIELD } from "../language-form.ts";
import { rememberLanguage } from "../reader-locale.ts";
import { field, type Place, type VisitEnv } from "../visit.ts";
import type { AdminContext } from "./admin-pages.ts";
import { pageAfterLogIn } from "./log-in/log-in-path.ts";
import { withoutDone } from "./own-messages.ts";
import { ADMIN_PATHS } from "./paths.ts";
import { isOfAdministration } from "./prove/prove-path.ts";

/** Readers of the administration choose its language, before they log in as well. The choice is in their browser alone. */
export function languageRoutes(app: Hono<VisitEnv>, { place }: { readonly place: Place }): void {
	app.post(ADMIN_PATHS.language, (c) => {
		const { form } = c.var.visit;
		rememberLanguage(c, place, field(form, LANGUAGE_FIELD) ?? "");
		return c.redirect(pageAfterLogIn(field(form, "return_to") ?? ""), 303);
	});
}

/**
 * The address of this page, for a choice of the language. Undefined for the answer to a form: it cannot be opened again, and
 * may show what is shown only once.
 */
export function hereOf(c: AdminContext): string | undefined {
	if (c.req.method !== "GET") {
		return undefined;
	}
	const address = addressAskedFor(c);
	// What it shows is shown once.
	if (address.pathname === ADMIN_PATHS.testedHelpdesk) {
		return ADMIN_PATHS.connectedHelpdesks;
	}
	const here = withoutDone(address);
	return isOfAdministration(here) ? here : address.pathname;
}
