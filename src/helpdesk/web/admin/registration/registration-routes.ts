import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Registration } from "../../../people/registration.ts";
import { field } from "../../visit.ts";
import { notice, type ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { phoneField, policyField, registrationPage } from "./registration-page.ts";

export interface RegistrationParts {
	readonly brands: readonly Brand[];
	readonly registration: Registration;
	readonly show: ShowPage;
}

/** Who may register at each brand. */
export function registrationRoutes(app: OperatorApp, parts: RegistrationParts): void {
	const { brands, registration, show } = parts;
	const { registration: path } = ADMIN_PATHS;
	app.get(path, async (c) => {
		const withPolicies = await Promise.all(
			brands.map(async (brand) => ({ ...brand, policy: await registration.of(brand.id) })),
		);
		const saved = c.req.query("done") === "saved";
		const message = saved ? notice("The registration settings are saved.") : html``;
		return show(c, "Registration", registrationPage(withPolicies, c.var.visit.csrf, message));
	});
	app.post(path, async (c) => {
		const { form } = c.var.visit;
		for (const { id } of brands) {
			const asked = field(form, policyField(id));
			const policy = (["open", "approval", "closed"] as const).find((each) => each === asked);
			if (policy !== undefined) {
				const phoneRequired = field(form, phoneField(id)) === "on";
				await registration.set(id, { registration: policy, phoneRequired });
			}
		}
		return c.redirect(`${path}?done=saved`, 303);
	});
}
