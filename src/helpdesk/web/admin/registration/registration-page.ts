import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
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
	["open", "Anybody may register"],
	["approval", "An operator approves each account"],
	["closed", "Nobody may register"],
] as const satisfies readonly (readonly [RegistrationPolicy["registration"], string])[];

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
): Markup {
	const sets = brands.map(({ id, name, policy, isPasswordPossible }) => {
		if (policy === undefined) {
			return html`<fieldset><legend>${name}</legend><p class="problem">What is stored for ${name} cannot be read, so nobody can sign up there. The helpdesk's log says why.</p></fieldset>`;
		}
		const options = POLICIES.map(
			([value, label]) =>
				html`<option value="${value}"${policy.registration === value ? html` selected` : ""}>${label}</option>`,
		);
		const problem = isPasswordPossible
			? ""
			: html`<p class="problem">Nobody can register at ${name} with a password: registering takes an e-mail, and no mail server is set up. Owners set one under <a href="${ADMIN_PATHS.mailbox}">Outgoing e-mail</a>, or start the helpdesk with <code>--smtp</code>. Integrations such as X work without it.</p>`;
		return html`<fieldset><legend>${name}</legend>${problem}<label for="${policyField(id)}">New accounts at ${name}</label><select id="${policyField(id)}" name="${policyField(id)}">${options}</select>
<label class="toggle"><input type="checkbox" name="${phoneField(id)}"${policy.phoneRequired ? html` checked` : ""}>A telephone number is needed</label>
${unusedChoice(id, name, policy)}</fieldset>`;
	});
	return html`${pageHead("Registration", "Who may sign up at each brand, and when unused accounts are deleted.")}${message}<div class="card"><form method="post" action="${ADMIN_PATHS.registration}">${csrfField(csrf)}${sets}<div class="actions"><button type="submit">Save</button></div></form></div>`;
}

/** After which time accounts are deleted that nobody has proven or used. */
function unusedChoice(
	brandId: string,
	name: string,
	{ unusedDays }: Pick<RegistrationPolicy, "unusedDays">,
): Markup {
	const field = unusedField(brandId);
	const options = UNUSED_DAYS.map(
		(days) =>
			html`<option value="${days}"${days === unusedDays ? html` selected` : ""}>After ${days} days without a log-in</option>`,
	);
	return html`<label for="${field}">Delete unconfirmed accounts at ${name}</label><select id="${field}" name="${field}" aria-describedby="${field}-help"><option value="${NEVER}">Never</option>${options}</select>
<p class="help" id="${field}-help">This deletes accounts for good, also those that were added for e-mailed tickets. It keeps an account whose e-mail address is confirmed, that has a password, that is suspended, or whose user has agreed to log in to a connected helpdesk.</p>`;
}
