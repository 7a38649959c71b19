import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import type { KeptLetter } from "../../../mail/outbox.ts";
import type { Markup } from "../../layout.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

/** The texts of letters that wait for the mail server are not shown: they may hold codes that still reach their readers. */
export function mailboxPage(
	letters: readonly KeptLetter[],
	brands: readonly Brand[],
	message: Markup,
): Markup {
	const items = letters.map((letter) => {
		const zone = brands.find(({ id }) => id === letter.brandId) ?? {};
		return html`<article class="card letter"><h2>${letter.subject}</h2><p class="soft">To ${letter.to}, ${moment(letter.at, zone)}</p>${contentOf(letter, zone)}</article>`;
	});
	return html`<h1>Mailbox</h1>${message}<p class="help lead">E-mails that no mail server has accepted. To send them, start the helpdesk with <code>--smtp</code>.</p>${items.length === 0 ? html`<p>No e-mails.</p>` : items}`;
}

/** The text of a letter, or why it was not sent. */
function contentOf({ state, problem, text, usefulUntil }: KeptLetter, zone: InZone): Markup {
	if (state === "refused") {
		return html`<p class="problem">Not sent, and not tried again: ${problem}. Ask the person for another address.</p>`;
	}
	if (state === "late") {
		const reason = problem === undefined ? "" : `. The last try failed: ${problem}`;
		return html`<p class="problem">Not sent, and not tried again: it was of use until ${moment(usefulUntil, zone)}${reason}</p>`;
	}
	return problem === undefined
		? html`<pre>${text}</pre>`
		: html`<p class="problem">Not sent yet: ${problem}. The helpdesk tries again until ${moment(usefulUntil, zone)}.</p>`;
}
