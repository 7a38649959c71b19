import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import type { SentCode } from "../../../people/address-codes.ts";
import { MAX_TYPED_CODE } from "../../../people/mailed-code.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems } from "../form-fields.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** The field with the letters that had been asked for when the page was shown. */
export const LETTERS_FIELD = "letters";

interface AddressCard {
	readonly csrf: string;
	readonly hasMailServer: boolean;
	/** The code that was asked for in this browser; undefined for none. */
	readonly sent: SentCode | undefined;
	/** The address that was typed before a problem. */
	readonly typed: string;
	readonly problems: Problems;
	readonly locale: Locale;
}

/** The part of the profile about the address that the operator logs in with. */
export function addressCard(card: AddressCard): Markup {
	const { csrf, hasMailServer, sent, problems, locale } = card;
	const { text, markup } = locale;
	if (!hasMailServer) {
		return html`<p>${markup("profile.address.no-mail-server", { command: html`<code>operator add</code>` })}</p>`;
	}
	if (sent === undefined) {
		return html`<p>${text("profile.address.text")}</p>${askForm(card, 0)}`;
	}
	const strong = (content: Markup) => html`<strong>${content}</strong>`;
	const { email } = sent;
	const other = sent.isFixed
		? html`<p class="help">${text("profile.address.other-later")}</p>`
		: html`<details${problems.has("new-address") ? " open" : ""}><summary>${text("profile.address.other")}</summary>${askForm(card, sent.letters)}</details>`;
	const code = sent.isUsable
		? html`<p>${markup("profile.address.sent", { email }, { strong })}</p><form method="post" action="${ADMIN_PATHS.newAddressCode}">${csrfField(csrf)}
<label for="address-code">${text("profile.address.code")}</label><input id="address-code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="${MAX_TYPED_CODE}" ${fieldTraits(problems, "address-code", true)} required>
<p class="help" id="address-code-help">${text("profile.address.code-help")}</p>${fieldProblem(problems, "address-code")}<button type="submit">${text("profile.address.submit")}</button></form>`
		: html`<p>${markup("profile.address.sent-over", { email }, { strong })}</p>`;
	return html`${code}<form method="post" action="${ADMIN_PATHS.newAddress}">${csrfField(csrf)}<input type="hidden" name="${LETTERS_FIELD}" value="${sent.letters}"><input type="hidden" name="email" value="${email}"><button class="link" type="submit">${text("profile.address.again")}</button></form>${other}`;
}

function askForm(
	{ csrf, typed, problems, locale: { text } }: AddressCard,
	letters: number,
): Markup {
	return html`<form method="post" action="${ADMIN_PATHS.newAddress}">${csrfField(csrf)}<input type="hidden" name="${LETTERS_FIELD}" value="${letters}">
<label for="new-address">${text("profile.address.new")}</label><input id="new-address" name="email" type="email" autocomplete="email" maxlength="254" value="${typed}"${fieldTraits(problems, "new-address", false)} required>${fieldProblem(problems, "new-address")}<button type="submit">${text("profile.address.ask")}</button></form>`;
}
