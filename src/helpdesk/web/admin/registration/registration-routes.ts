import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import {
	doLettersReachVisitors,
	type PolicyChange,
	type Registration,
	UNUSED_DAYS,
} from "../../../people/registration.ts";
import { notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import {
	NEVER,
	phoneField,
	policyField,
	registrationPage,
	unusedField,
} from "./registration-page.ts";

export interface RegistrationParts {
	readonly brands: readonly Brand[];
	readonly registration: Registration;
	/** Without one, letters stay in Outgoing e-mail of the administration. */
	readonly hasMailServer: () => Promise<boolean>;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** Shows and changes who may sign up at each brand. */
export function registrationRoutes(app: OperatorApp, parts: RegistrationParts): void {
	const { brands, registration, hasMailServer, logError, show } = parts;
	const policyOf = async (brand: Brand) => {
		const policy = await orUnreadable(() => registration.of(brand.id));
		if (policy instanceof UnreadableValueError) {
			logError(`nobody can sign up at ${brand.name}`, policy);
			return undefined;
		}
		return policy;
	};
	const { registration: path } = ADMIN_PATHS;
	app.get(path, async (c) => {
		const withPolicies = await Promise.all(
			brands.map(async (brand) => ({
				...brand,
				policy: await policyOf(brand),
				isPasswordPossible: await doLettersReachVisitors(brand, hasMailServer),
			})),
		);
		const saved = c.req.query("done") === "saved";
		const { csrf, locale } = c.var.visit;
		const message = saved ? notice(locale.text("registration.saved")) : html``;
		const page = registrationPage(withPolicies, csrf, message, locale);
		return show(c, locale.text("registration.title"), page);
	});
	app.post(path, async (c) => {
		const { form } = c.var.visit;
		for (const { id } of brands) {
			const asked = field(form, policyField(id));
			const policy = (["open", "approval", "closed"] as const).find((each) => each === asked);
			if (policy !== undefined) {
				const phoneRequired = field(form, phoneField(id)) === "on";
				const unused = unusedDaysIn(field(form, unusedField(id)));
				await registration.set(id, { registration: policy, phoneRequired, ...unused });
			}
		}
		return c.redirect(`${path}?done=saved`, 303);
	});
}

/** Empty for a form without the field, and for a time that is not offered: what is stored stays. */
function unusedDaysIn(value: string | undefined): Pick<PolicyChange, "unusedDays"> {
	if (value === NEVER) {
		return { unusedDays: NEVER };
	}
	const days = UNUSED_DAYS.find((each) => String(each) === value);
	return days === undefined ? {} : { unusedDays: days };
}
