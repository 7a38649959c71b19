import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { InZone } from "../../../locale/shown-time.ts";
import type { KeptLetter, KeptLetters } from "../../../mail/outbox.ts";
import { type Markup, notice } from "../../layout.ts";
import { pager, withQuery } from "../list-pager.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";

export interface MailboxQuery {
	/** The address whose letters are shown; empty for all letters. */
	readonly to: string;
	/** The cursor of the page before; undefined for the first page. */
	readonly after: string | undefined;
}

export interface ShownMailbox {
	readonly query: MailboxQuery;
	readonly kept: KeptLetters;
	readonly brands: readonly Brand[];
	/** Whether letters go out. Without a mail server the operators read them here. */
	readonly hasMailServer: boolean;
	readonly message: Markup;
}

const INVITATION_LINK = `${ADMIN_PATHS.invitation}?`;

/** The texts of letters that wait for the mail server are not shown: they may hold codes that still reach their readers. */
export function mailboxPage({ query, kept, brands, hasMailServer, message }: ShownMailbox): Markup {
	const items = kept.letters.map((letter) => {
		const zone = brands.find(({ id }) => id === letter.brandId) ?? {};
		return html`<article class="card letter"><h2>${letter.subject}</h2><p class="soft">To ${letter.to}, ${moment(letter.at, zone)}</p>${contentOf(letter, zone, hasMailServer)}</article>`;
	});
	const partial = kept.isPartial
		? notice(
				"This list is incomplete: the e-mails of an earlier version are still being added. Open the page again in a minute.",
				true,
			)
		: "";
	const { to, after } = query;
	const pathOf = (cursor: string | undefined) =>
		withQuery(ADMIN_PATHS.mailbox, { to, after: cursor });
	const pages = pager({
		label: "Pages",
		first: after === undefined ? undefined : pathOf(undefined),
		next: kept.next === undefined ? undefined : pathOf(kept.next),
	});
	return html`<h1>Outgoing e-mail</h1>${message}${partial}<p class="help lead">E-mails that no mail server has accepted, the newest first.${hasMailServer ? "" : html` To send them, start the helpdesk with <code>--smtp</code>.`}</p>${searchForm(query)}${items.length === 0 ? nothing(query, kept) : items}${pages}`;
}

function searchForm({ to }: MailboxQuery): Markup {
	const all =
		to === ""
			? ""
			: html`<p class="help"><a href="${ADMIN_PATHS.mailbox}">Show all e-mails</a></p>`;
	return html`<form class="card filters" method="get" action="${ADMIN_PATHS.mailbox}" role="search"><div><label for="to">E-mails to</label><input id="to" name="to" type="text" inputmode="email" maxlength="320" autocomplete="off" spellcheck="false" placeholder="ada@example.com" value="${to}"></div><div><button type="submit">Search</button></div></form>${all}`;
}

function nothing({ to, after }: MailboxQuery, { next }: KeptLetters): Markup {
	if (next !== undefined) {
		return html`<p>The e-mails of this page were sent or deleted in the meantime.</p>`;
	}
	if (after !== undefined) {
		return html`<p>No more e-mails.</p>`;
	}
	return to === "" ? html`<p>No e-mails.</p>` : html`<p>No e-mails to ${to}.</p>`;
}

/** The text of a letter, or why it was not sent. */
function contentOf(
	{ state, problem, text, usefulUntil }: KeptLetter,
	zone: InZone,
	hasMailServer: boolean,
): Markup {
	if (state === "refused") {
		return html`<p class="problem">Not sent, and not tried again: ${problem}. Ask the person for another address.</p>`;
	}
	if (state === "late") {
		const reason = problem === undefined ? "" : `. The last try failed: ${problem}`;
		return html`<p class="problem">Not sent, and not tried again: it was of use until ${moment(usefulUntil, zone)}${reason}</p>`;
	}
	if (problem === undefined && !hasMailServer && text.includes(INVITATION_LINK)) {
		// It was written while there was a mail server. Its reader becomes an operator, in a role that may be above this one.
		return html`<p class="soft">Not shown, because it invites an operator. Ask an owner to invite the person again: the page then shows the link.</p>`;
	}
	if (problem === undefined) {
		return hasMailServer ? html`<p class="soft">Being sent.</p>` : html`<pre>${text}</pre>`;
	}
	return html`<p class="problem">Not sent yet: ${problem}. The helpdesk tries again until ${moment(usefulUntil, zone)}.</p>`;
}
