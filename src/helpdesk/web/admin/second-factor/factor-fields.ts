import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { passkeyButton } from "../../passkey-button.ts";
import { fieldProblem, fieldTraits, type Problems } from "../form-fields.ts";

export const CODE_FIELD = "code";
export const RECOVERY_FIELD = "recovery";

/** What stands in a form for the second factor of an operator. */
export interface FactorFields {
	readonly hasApp: boolean;
	/** What a browser needs to use a passkey; undefined where none works here. */
	readonly request: object | undefined;
	/** The host names that the operator's passkeys were made for. */
	readonly madeFor: readonly string[];
	/** Whether a recovery code was wrong, so that its field stays open. */
	readonly triedRecovery: boolean;
}

/** The command that gives an operator a new password without a second factor. */
const RESET = html`<code>operator reset</code>`;

/** Where a code is typed, or a passkey is used, or a recovery code in their place. */
export function factorFields(
	{ hasApp, request, madeFor, triedRecovery }: FactorFields,
	problems: Problems,
	locale: Locale,
): Markup {
	const { text, markup, list } = locale;
	const app = hasApp
		? html`
<label for="code">${text("factor.code")}</label><input id="code" name="${CODE_FIELD}" type="text" inputmode="numeric" autocomplete="one-time-code"${fieldTraits(problems, "code", true)}>
<p class="help" id="code-help">${text("factor.code-help")}</p>${fieldProblem(problems, "code")}`
		: "";
	const passkey =
		request === undefined
			? ""
			: passkeyButton({
					...{ does: "get", options: request, label: text("factor.passkey") },
					problem: text("factor.passkey-unused"),
				});
	const elsewhere =
		request === undefined && madeFor.length > 0
			? html`<p>${markup(hasApp ? "factor.elsewhere" : "factor.elsewhere-recovery", { hosts: list(madeFor), command: RESET })}</p>`
			: "";
	const recovery = recoveryField(hasApp ? "app" : "passkey", problems, locale);
	const other = hasApp
		? html`<details${triedRecovery ? " open" : ""}><summary>${text(madeFor.length > 0 ? "factor.no-app-or-passkey" : "factor.no-app")}</summary>${recovery}</details>`
		: recovery;
	return html`${elsewhere}${app}${passkey}${other}`;
}

function recoveryField(
	what: "app" | "passkey",
	problems: Problems,
	{ text, markup }: Locale,
): Markup {
	const help = markup(`factor.recovery-help-${what}`, { command: RESET });
	return html`<label for="recovery">${text("factor.recovery")}</label><input id="recovery" name="${RECOVERY_FIELD}" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"${fieldTraits(problems, "recovery", true)}><p class="help" id="recovery-help">${help}</p>${fieldProblem(problems, "recovery")}`;
}
