import { html } from "hono/html";
import type { KeptLetter } from "../../../mail/outbox.ts";
import type { Markup } from "../../layout.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

/** The texts of letters that wait for the mail server are not shown: they may hold codes that still reach their readers. */
export function mailboxPage(letters: readonly KeptLetter[], message: Markup): Markup {
	const items = letters.map(
		(letter) =>
			html`<article class="card letter"><h2>${letter.subject}</h2><p class="soft">To ${letter.to}, ${moment(letter.at)} UTC</p>${contentOf(letter)}</article>`,
	);
	return html`<h1>Mailbox</h1>${message}<p class="help lead">E-mails that no mail server has accepted. To send them, start the helpdesk with <code>--smtp</code>.</p>${items.length === 0 ? html`<p>No e-mails.</p>` : items}`;
}

/** The text of a letter, or why it was not sent. */
function contentOf({ state, problem, text, usefulUntil }: KeptLetter): Markup {
	if (state === "refused") {
		return html`<p class="problem">Not sent, and not tried again: ${problem}. Ask the person for another address.</p>`;
	}
	if (state === "late") {
		const reason = problem === undefined ? "" : `. The last try failed: ${problem}`;
		return html`<p class="problem">Not sent, and not tried again: it was of use until ${moment(usefulUntil)} UTC${reason}</p>`;
	}
	return problem === undefined
		? html`<pre>${text}</pre>`
		: html`<p class="problem">Not sent yet: ${problem}. The helpdesk tries again until ${moment(usefulUntil)} UTC.</p>`;
}
