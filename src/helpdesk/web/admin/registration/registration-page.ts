import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { type RegistrationPolicy, UNUSED_DAYS } from "../../../people/registration.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** The form field with a brand's policy. */
export function policyField(brandId: string): string {
	return `${brandId}-registration`;
}

/** The form field that says whether a brand asks new users for a telephone number. */
export function phoneField(brandId: string): string {
	return `${brandId}-phone`;
}

/** The form field with the time after which a brand's unused accounts are deleted. */
export function unusedField(brandId: string): string {
	return `${brandId}-unused`;
}

/** Stands in {@link unusedField} for no time at all. */
export const NEVER = "never";

const POLICIES = [
	["open", "registration.policy.open"],
	["approval", "registration.policy.approval"],
	["closed", "registration.policy.closed"],
] as const satisfies readonly (readonly [RegistrationPolicy["registration"], TextKey])[];

type BrandWithPolicy = Brand & {
	/** Undefined for a policy that cannot be read. */
	readonly policy: RegistrationPolicy | undefined;
	/** Whether letters reach visitors, which registering with a password takes. */
	readonly isPasswordPossible: boolean;
};

export function registrationPage(
	brands: readonly BrandWithPolicy[],
	csrf: string,
	message: Markup,
	locale: Locale,
): Markup {
	const { text } = locale;
	const sets = brands.map((brand) => brandSet(brand, locale));
	return html`${pageHead(text("registration.title"), text("registration.lead"))}${message}<div class="card"><form method="post" action="${ADMIN_PATHS.registration}">${csrfField(csrf)}${sets}<div class="actions"><button type="submit">${text("registration.save")}</button></div></form></div>`;
}

/** The settings of one brand. */
function brandSet(
	{ id, name, policy, isPasswordPossible }: BrandWithPolicy,
	locale: Locale,
): Markup {
	const { text, markup } = locale;
	const brand = { brand: name };
	if (policy === undefined) {
		return html`<fieldset><legend>${name}</legend><p class="problem">${text("registration.unreadable", brand)}</p></fieldset>`;
	}
	const options = POLICIES.map(
		([value, label]) =>
			html`<option value="${value}"${policy.registration === value ? html` selected` : ""}>${text(label)}</option>`,
	);
	const noLetters = markup(
		"registration.no-letters",
		{ ...brand, option: html`<code>--smtp</code>` },
		{ link: (content) => html`<a href="${ADMIN_PATHS.mailbox}">${content}</a>` },
	);
	const problem = isPasswordPossible ? "" : html`<p class="problem">${noLetters}</p>`;
	return html`<fieldset><legend>${name}</legend>${problem}<label for="${policyField(id)}">${text("registration.policy", brand)}</label><select id="${policyField(id)}" name="${policyField(id)}">${options}</select>
<label class="toggle"><input type="checkbox" name="${phoneField(id)}"${policy.phoneRequired ? html` checked` : ""}>${text("registration.phone")}</label>
${unusedChoice(id, name, policy, locale)}</fieldset>`;
}

/** After which time accounts are deleted that nobody has proven or used. */
function unusedChoice(
	brandId: string,
	name: string,
	{ unusedDays }: Pick<RegistrationPolicy, "unusedDays">,
	{ text }: Locale,
): Markup {
	const field = unusedField(brandId);
	const options = UNUSED_DAYS.map(
		(days) =>
			html`<option value="${days}"${days === unusedDays ? html` selected` : ""}>${text("registration.unused.after", { days })}</option>`,
	);
	return html`<label for="${field}">${text("registration.unused", { brand: name })}</label><select id="${field}" name="${field}" aria-describedby="${field}-help"><option value="${NEVER}">${text("registration.unused.never")}</option>${options}</select>
<p class="help" id="${field}-help">${text("registration.unused.help")}</p>`;
}
