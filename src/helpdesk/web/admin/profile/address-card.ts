import { html } from "hono/html";
import type { SentCode } from "../../../people/address-codes.ts";
import { MAX_TYPED_CODE } from "../../../people/mailed-code.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems } from "../form-fields.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** The field with the letters that had been asked for when the page was shown. */
export const LETTERS_FIELD = "letters";

/** The part of the profile about the address that the operator logs in with. */
export function addressCard({
	csrf,
	hasMailServer,
	sent,
	typed,
	problems,
}: {
	readonly csrf: string;
	readonly hasMailServer: boolean;
	/** The code that was asked for in this browser; undefined for none. */
	readonly sent: SentCode | undefined;
	/** The address that was typed before a problem. */
	readonly typed: string;
	readonly problems: Problems;
}): Markup {
	if (!hasMailServer) {
		return html`<p>To change it, this helpdesk needs a mail server: it sends a code to the new address. Without one, ask the person who runs the server to add an operator with the new address by <code>operator add</code>. Log in with it, and ask an owner to remove this one.</p>`;
	}
	if (sent === undefined) {
		return html`<p>To change it, prove that you read e-mails at the new address: a code goes there. Nothing changes until you enter it.</p>${askForm(csrf, 0, typed, problems)}`;
	}
	const other = sent.isFixed
		? html`<p class="help">Two codes were sent. To use another address, wait half an hour.</p>`
		: html`<details${problems.has("new-address") ? " open" : ""}><summary>Use another address</summary>${askForm(csrf, sent.letters, typed, problems)}</details>`;
	const code = sent.isUsable
		? html`<p>A code was sent to <strong>${sent.email}</strong>. It works for ten minutes, in this browser. Nothing changes until you enter it.</p><form method="post" action="${ADMIN_PATHS.newAddressCode}">${csrfField(csrf)}
<label for="address-code">Code from the e-mail</label><input id="address-code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="${MAX_TYPED_CODE}" ${fieldTraits(problems, "address-code", true)} required>
<p class="help" id="address-code-help">Twelve digits. Your password and your second factor stay as they are. Sessions in other browsers end.</p>${fieldProblem(problems, "address-code")}<button type="submit">Change e-mail address</button></form>`
		: html`<p>The code that was sent to <strong>${sent.email}</strong> no longer works.</p>`;
	return html`${code}<form method="post" action="${ADMIN_PATHS.newAddress}">${csrfField(csrf)}<input type="hidden" name="${LETTERS_FIELD}" value="${sent.letters}"><input type="hidden" name="email" value="${sent.email}"><button class="link" type="submit">Send another code</button></form>${other}`;
}

function askForm(csrf: string, letters: number, typed: string, problems: Problems): Markup {
	return html`<form method="post" action="${ADMIN_PATHS.newAddress}">${csrfField(csrf)}<input type="hidden" name="${LETTERS_FIELD}" value="${letters}">
<label for="new-address">New e-mail address</label><input id="new-address" name="email" type="email" autocomplete="email" maxlength="254" value="${typed}"${fieldTraits(problems, "new-address", false)} required>${fieldProblem(problems, "new-address")}<button type="submit">Send a code</button></form>`;
}
