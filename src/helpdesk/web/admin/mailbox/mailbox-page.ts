import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { LETTER_STATES, type LetterState } from "../../../mail/letter-index.ts";
import type { KeptLetters } from "../../../mail/letters-of-operators.ts";
import type { KeptLetter } from "../../../mail/shown-letter.ts";
import { type Markup, notice } from "../../layout.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, letterPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { STATE_WORDS, stateMark, textOf, whyNotSent } from "./letter-words.ts";

export interface MailboxQuery {
	/** The address whose letters are shown; empty for all letters. */
	readonly to: string;
	/** Empty for letters of every state. */
	readonly state: LetterState | "";
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

const { mailbox: MAILBOX, mailServer: SERVER } = ADMIN_PATHS;

/** The texts of letters that wait for the mail server are not shown: they may hold codes that still reach their readers. */
export function mailboxPage(page: ShownMailbox): Markup {
	const { query, kept, hasMailServer, message } = page;
	const partial = kept.isPartial
		? notice(
				"This list is incomplete: the e-mails of an earlier version are still being added. Open the page again in a minute.",
				true,
			)
		: "";
	const { to, state, after } = query;
	const pathOf = (cursor: string | undefined) => withQuery(MAILBOX, { to, state, after: cursor });
	const pages = pager({
		label: "Pages",
		first: after === undefined ? undefined : pathOf(undefined),
		next: kept.next === undefined ? undefined : pathOf(kept.next),
	});
	const head = pageHead(
		"Outgoing e-mail",
		lead(page),
		html`<a class="button" href="${SERVER}">Mail server</a>`,
	);
	const letters = hasMailServer ? table(page) : cards(page);
	return html`${head}${message}${partial}${searchForm(query)}${kept.letters.length === 0 ? nothing(page) : letters}${pages}`;
}

function lead({ hasMailServer, query: { state, to } }: ShownMailbox): Markup {
	if (!hasMailServer) {
		return html`E-mails that no mail server has accepted, the newest first. To send them, <a href="${SERVER}">set a mail server</a>, or start the helpdesk with <code>--smtp</code>.`;
	}
	return state === "waiting" && to === ""
		? html`E-mails that wait for the mail server. Those that are tried next come first.`
		: html`What the helpdesk sent to people, and what it could not send, the newest first. E-mails are listed for seven days.`;
}

function searchForm({ to, state }: MailboxQuery): Markup {
	const isAll = to === "" && state === "";
	const all = isAll ? "" : html`<p class="help"><a href="${MAILBOX}">Show all e-mails</a></p>`;
	const options = [
		["", "Any"] as const,
		...LETTER_STATES.map((each) => [each, STATE_WORDS[each]] as const),
	].map(
		([value, label]) =>
			html`<option value="${value}"${value === state ? html` selected` : ""}>${label}</option>`,
	);
	return html`<form class="card filters" method="get" action="${MAILBOX}" role="search"><div><label for="to">E-mails to</label><input id="to" name="to" type="text" inputmode="email" maxlength="320" autocomplete="off" spellcheck="false" placeholder="ada@example.com" value="${to}"></div><div><label for="state">Status</label><select id="state" name="state">${options}</select></div><div><button type="submit">Search</button></div></form>${all}`;
}

/** Each e-mail with its text, for operators who read them in place of a mail server. */
function cards({ kept, brands, hasMailServer }: ShownMailbox): Markup[] {
	return kept.letters.map((letter) => {
		const zone = zoneOf(letter, brands);
		return html`<article class="card letter"><h2>${link(letter)}</h2><p class="soft">To ${letter.to}, ${moment(letter.at, zone)}</p>${letter.state === "waits" ? "" : html`<p>${stateMark(letter, hasMailServer)}</p>`}${whyNotSent(letter, zone, hasMailServer)}${textOf(letter, hasMailServer)}</article>`;
	});
}

function table({ kept, brands, hasMailServer }: ShownMailbox): Markup {
	const rows = kept.letters.map((letter) => {
		const zone = zoneOf(letter, brands);
		return html`<tr><td>${link(letter)}<br><span class="soft">To ${letter.to}</span>${whyNotSent(letter, zone, hasMailServer)}</td><td>${stateMark(letter, hasMailServer)}</td><td>${moment(letter.at, zone)}</td></tr>`;
	});
	return html`<table><thead><tr><th scope="col">E-mail</th><th scope="col">Status</th><th scope="col">Written</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function link({ id, subject }: KeptLetter): Markup {
	return html`<a href="${letterPaths(id).letter}">${subject === "" ? "(no subject)" : subject}</a>`;
}

function zoneOf({ brandId }: KeptLetter, brands: readonly Brand[]) {
	return brands.find(({ id }) => id === brandId) ?? {};
}

function nothing({ query: { to, state, after }, kept: { next } }: ShownMailbox): Markup {
	if (next !== undefined) {
		return state === ""
			? html`<p>The e-mails of this page were sent or deleted in the meantime.</p>`
			: html`<p>No e-mails of this state on this page.</p>`;
	}
	if (after !== undefined) {
		return html`<p>No more e-mails.</p>`;
	}
	if (state !== "") {
		return html`<p>No e-mails${to === "" ? "" : ` to ${to}`} of this state.</p>`;
	}
	return to === "" ? html`<p>No e-mails.</p>` : html`<p>No e-mails to ${to}.</p>`;
}
