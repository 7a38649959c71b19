import { html } from "hono/html";
import type { KeptLetter } from "../../../mail/outbox.ts";
import type { Markup } from "../../layout.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

/** The texts of letters that wait for the mail server are not shown: they may hold codes that still reach their readers. */
export function mailboxPage(letters: readonly KeptLetter[], message: Markup): Markup {
	const items = letters.map(
		({ to, subject, text, at, problem }) =>
			html`<article class="card letter"><h2>${subject}</h2><p class="soft">To ${to}, ${moment(at)} UTC</p>${
				problem === undefined
					? html`<pre>${text}</pre>`
					: html`<p class="problem">Not sent yet: ${problem}</p>`
			}</article>`,
	);
	return html`<h1>Mailbox</h1>${message}<p class="help lead">E-mails that no mail server has accepted. To send them, start the helpdesk with <code>--smtp</code>.</p>${items.length === 0 ? html`<p>No e-mails.</p>` : items}`;
}
