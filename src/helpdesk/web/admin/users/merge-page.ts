import { html } from "hono/html";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { linkedNames, type UserBrand, userFacts } from "./user-page.ts";
import { calledBy, stateOf, userPath } from "./user-words.ts";

/** The page to find the user that stays. */
export function mergeSearchPage(page: {
	/** The user that would be deleted. */
	readonly user: Account;
	readonly brand: UserBrand;
	readonly typed: string;
	/** Users of the brand; undefined before a search. */
	readonly found: readonly Account[] | undefined;
	readonly after: string | undefined;
	readonly next: string | undefined;
	readonly isPartial: boolean;
	readonly locale: Locale;
	readonly message: Markup;
}): Markup {
	const { user, brand, typed, found, after, next, isPartial, locale, message } = page;
	const { text } = locale;
	const name = calledBy(user);
	const path = `${userPath(user.id)}/merge`;
	const rows = (found ?? []).map((other) => {
		const into = calledBy(other);
		return html`<tr><td><strong>${other.name}</strong><br>${other.email ?? html`<span class="soft">${text("users.no-address")}</span>`}</td><td>${stateOf(other, locale)}</td><td><a href="${withQuery(path, { into: other.id })}" aria-label="${text("merge.compare.with", { user: into })}">${text("merge.compare")}</a></td></tr>`;
	});
	const table =
		found === undefined
			? ""
			: rows.length === 0
				? html`<p>${isPartial ? text("users.list.nobody-so-far") : text("merge.nobody", { brand: brand.name })}</p>`
				: html`<table aria-label="${text("merge.found")}"><thead><tr><th scope="col">${text("users.column.user")}</th><th scope="col">${text("users.column.status")}</th><th scope="col">${text("users.column.actions")}</th></tr></thead><tbody>${rows}</tbody></table>`;
	const pages = pager({
		label: text("users.list.pages"),
		first: after === undefined ? undefined : withQuery(path, { q: typed }),
		next: next === undefined ? undefined : withQuery(path, { q: typed, after: next }),
		...(isPartial && { nextLabel: text("users.list.search-further") }),
		locale,
	});
	const lead = text("merge.lead", { user: name });
	return html`${pageHead(text("merge.title", { user: name }), lead)}${message}
<form class="card filters" method="get" action="${path}" role="search"><div><label for="q">${text("merge.search.words")}</label><input id="q" name="q" type="search" value="${typed}" maxlength="254" autocomplete="off" spellcheck="false" required></div><div><button type="submit">${text("merge.search.submit")}</button></div></form>${table}${pages}`;
}

/** One of two users that are compared. */
export interface ComparedUser {
	readonly user: Account;
	readonly linked: readonly LinkedByAddOn[];
}

/** Both users side by side, and the button that merges them. */
export function mergeQuestionPage(page: {
	/** The user that is deleted. */
	readonly gone: ComparedUser;
	/** The user that stays. */
	readonly stays: ComparedUser;
	readonly brand: UserBrand;
	readonly locale: Locale;
	readonly csrf: string;
}): Markup {
	const { gone, stays, brand, locale, csrf } = page;
	const { text } = locale;
	const path = `${userPath(gone.user.id)}/merge`;
	const [name, into] = [calledBy(gone.user), calledBy(stays.user)];
	const card = (title: string, { user, linked }: ComparedUser): Markup => {
		const names = linkedNames(linked, brand, locale).map((each) => html`<li>${each}</li>`);
		return html`<section class="card"><h2>${title}</h2>${userFacts(user, brand, locale)}<h3>${text("merge.question.linked")}</h3>${names.length === 0 ? html`<p>${text("merge.question.none-linked")}</p>` : html`<ul class="plain">${names}</ul>`}</section>`;
	};
	return html`${pageHead(text("merge.question.title", { user: name, other: into }), text("merge.question.lead"))}
<div class="chart-pair">${card(text("merge.question.gone"), gone)}${card(text("merge.question.stays"), stays)}</div>
<p>${text("merge.question.consequence", { user: name, other: into })}</p>
<form method="post" action="${path}">${csrfField(csrf)}<input type="hidden" name="into" value="${stays.user.id}"><div class="actions answer"><button class="danger" type="submit">${text("merge.question.submit")}</button><a href="${withQuery(`${userPath(stays.user.id)}/merge`, { into: gone.user.id })}">${text("merge.question.swap", { user: name })}</a><a href="${path}">${text("merge.question.back")}</a></div></form>`;
}
