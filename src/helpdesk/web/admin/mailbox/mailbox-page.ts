import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { LETTER_STATES, type LetterState } from "../../../mail/letter-index.ts";
import type { KeptLetters } from "../../../mail/letters-of-operators.ts";
import type { KeptLetter } from "../../../mail/shown-letter.ts";
import { type Markup, notice } from "../../layout.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, letterPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { STATE_NAMES, stateMark, textOf, titleOf, whyNotSent } from "./letter-words.ts";

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
	readonly locale: Locale;
}

const { mailbox: MAILBOX, mailServer: SERVER } = ADMIN_PATHS;

/** The texts of letters that wait for the mail server are not shown: they may hold codes that still reach their readers. */
export function mailboxPage(page: ShownMailbox): Markup {
	const { query, kept, hasMailServer, message, locale } = page;
	const { text } = locale;
	const partial = kept.isPartial ? notice(text("outgoing.incomplete"), true) : "";
	const { to, state, after } = query;
	const pathOf = (cursor: string | undefined) => withQuery(MAILBOX, { to, state, after: cursor });
	const pages = pager({
		label: text("outgoing.pages"),
		first: after === undefined ? undefined : pathOf(undefined),
		next: kept.next === undefined ? undefined : pathOf(kept.next),
		locale,
	});
	const head = pageHead(
		text("outgoing.title"),
		lead(page),
		html`<a class="button" href="${SERVER}">${text("outgoing.server")}</a>`,
	);
	const letters = hasMailServer ? table(page) : cards(page);
	return html`${head}${message}${partial}${searchForm(query, locale)}${kept.letters.length === 0 ? nothing(page) : letters}${pages}`;
}

function lead({ hasMailServer, query: { state, to }, locale }: ShownMailbox): Markup | string {
	if (!hasMailServer) {
		const link = (content: Markup) => html`<a href="${SERVER}">${content}</a>`;
		return locale.markup("outgoing.lead.kept", { option: html`<code>--smtp</code>` }, { link });
	}
	return locale.text(state === "waiting" && to === "" ? "outgoing.lead.waiting" : "outgoing.lead");
}

function searchForm({ to, state }: MailboxQuery, { text }: Locale): Markup {
	const isAll = to === "" && state === "";
	const all = isAll
		? ""
		: html`<p class="help"><a href="${MAILBOX}">${text("outgoing.filter.show-all")}</a></p>`;
	const options = [
		["", text("outgoing.filter.any-status")] as const,
		...LETTER_STATES.map((each) => [each, text(STATE_NAMES[each])] as const),
	].map(
		([value, label]) =>
			html`<option value="${value}"${value === state ? html` selected` : ""}>${label}</option>`,
	);
	return html`<form class="card filters" method="get" action="${MAILBOX}" role="search"><div><label for="to">${text("outgoing.filter.to")}</label><input id="to" name="to" type="text" inputmode="email" maxlength="320" autocomplete="off" spellcheck="false" placeholder="ada@example.com" value="${to}"></div><div><label for="state">${text("outgoing.filter.status")}</label><select id="state" name="state">${options}</select></div><div><button type="submit">${text("outgoing.filter.search")}</button></div></form>${all}`;
}

/** Each e-mail with its text, for operators who read them in place of a mail server. */
function cards({ kept, brands, hasMailServer, locale }: ShownMailbox): Markup[] {
	return kept.letters.map((letter) => {
		const zone = zoneOf(letter, brands);
		const time = moment(letter.at, zone);
		const to = locale.markup("outgoing.to-at", { address: letter.to, time });
		const state =
			letter.state === "waits" ? "" : html`<p>${stateMark(letter, hasMailServer, locale)}</p>`;
		return html`<article class="card letter"><h2>${link(letter, locale)}</h2><p class="soft">${to}</p>${state}${whyNotSent(letter, zone, hasMailServer, locale)}${textOf(letter, hasMailServer, locale)}</article>`;
	});
}

function table({ kept, brands, hasMailServer, locale }: ShownMailbox): Markup {
	const { text } = locale;
	const rows = kept.letters.map((letter) => {
		const zone = zoneOf(letter, brands);
		const to = text("outgoing.to", { address: letter.to });
		return html`<tr><td>${link(letter, locale)}<br><span class="soft">${to}</span>${whyNotSent(letter, zone, hasMailServer, locale)}</td><td>${stateMark(letter, hasMailServer, locale)}</td><td>${moment(letter.at, zone)}</td></tr>`;
	});
	return html`<table><thead><tr><th scope="col">${text("outgoing.column.email")}</th><th scope="col">${text("outgoing.column.status")}</th><th scope="col">${text("outgoing.column.written")}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function link(letter: KeptLetter, locale: Locale): Markup {
	return html`<a href="${letterPaths(letter.id).letter}">${titleOf(letter, locale)}</a>`;
}

function zoneOf({ brandId }: KeptLetter, brands: readonly Brand[]) {
	return brands.find(({ id }) => id === brandId) ?? {};
}

function nothing(page: ShownMailbox): Markup {
	const { to } = page.query;
	return html`<p>${page.locale.text(textOfNothing(page), { address: to })}</p>`;
}

function textOfNothing({ query: { to, state, after }, kept: { next } }: ShownMailbox): TextKey {
	if (next !== undefined) {
		return state === "" ? "outgoing.none-left-on-page" : "outgoing.none-of-state-on-page";
	}
	if (after !== undefined) {
		return "outgoing.none-more";
	}
	if (state !== "") {
		return to === "" ? "outgoing.none-of-state" : "outgoing.none-of-state-to";
	}
	return to === "" ? "outgoing.none" : "outgoing.none-to";
}
