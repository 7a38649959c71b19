import { html } from "hono/html";
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

const NOT_USED =
	"No passkey was used: it was cancelled, or this browser has none of yours. Try once more, or use another way on this page.";

/** Where a code is typed, or a passkey is used, or a recovery code in their place. */
export function factorFields(
	{ hasApp, request, madeFor, triedRecovery }: FactorFields,
	problems: Problems,
): Markup {
	const app = hasApp
		? html`
<label for="code">Code from your authenticator app</label><input id="code" name="${CODE_FIELD}" type="text" inputmode="numeric" autocomplete="one-time-code"${fieldTraits(problems, "code", true)}>
<p class="help" id="code-help">Six digits. Each code works once.</p>${fieldProblem(problems, "code")}`
		: "";
	const passkey =
		request === undefined
			? ""
			: passkeyButton({
					...{ does: "get", options: request, label: "Use a passkey", problem: NOT_USED },
				});
	const elsewhere =
		request === undefined && madeFor.length > 0
			? html`<p>Your passkeys were made for ${madeFor.join(" and ")}, and do not work at this address.${hasApp ? "" : " Use a recovery code. Without one, ask the person who runs the server for <code>operator reset</code>."}</p>`
			: "";
	const recovery = recoveryField(hasApp ? "app" : "passkey", problems);
	const other = hasApp
		? html`<details${triedRecovery ? " open" : ""}><summary>I cannot use ${madeFor.length > 0 ? "the app or a passkey" : "the app"}</summary>${recovery}</details>`
		: recovery;
	return html`${elsewhere}${app}${passkey}${other}`;
}

function recoveryField(what: string, problems: Problems): Markup {
	return html`<label for="recovery">Recovery code</label><input id="recovery" name="${RECOVERY_FIELD}" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"${fieldTraits(problems, "recovery", true)}><p class="help" id="recovery-help">One of the codes that you were shown when you set up the ${what}. Without them, ask the person who runs the server for <code>operator reset</code>.</p>${fieldProblem(problems, "recovery")}`;
}
