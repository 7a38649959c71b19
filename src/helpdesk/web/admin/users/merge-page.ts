import { html } from "hono/html";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
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
	readonly message: Markup;
}): Markup {
	const { user, brand, typed, found, after, next, isPartial, message } = page;
	const name = calledBy(user);
	const path = `${userPath(user.id)}/merge`;
	const rows = (found ?? []).map((other) => {
		const into = calledBy(other);
		return html`<tr><td><strong>${other.name}</strong><br>${other.email ?? html`<span class="soft">no e-mail address</span>`}</td><td>${stateOf(other)}</td><td><a href="${withQuery(path, { into: other.id })}" aria-label="Compare with ${into}">Compare</a></td></tr>`;
	});
	const table =
		found === undefined
			? ""
			: rows.length === 0
				? html`<p>${isPartial ? "Nobody found so far." : `No other user of ${brand.name} matches.`}</p>`
				: html`<table aria-label="Users found"><thead><tr><th scope="col">User</th><th scope="col">Status</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table>`;
	const pages = pager({
		label: "Pages",
		first: after === undefined ? undefined : withQuery(path, { q: typed }),
		next: next === undefined ? undefined : withQuery(path, { q: typed, after: next }),
		nextLabel: isPartial ? "Search further" : "Next",
	});
	const lead = `${name} is deleted. Accounts linked to them will log in the other user, whom you look for here. You see both before anything changes.`;
	return html`${pageHead(`Merge ${name}`, lead)}${message}
<form class="card filters" method="get" action="${path}" role="search"><div><label for="q">Name, address, handle or id of the user that stays</label><input id="q" name="q" type="search" value="${typed}" maxlength="254" autocomplete="off" spellcheck="false" required></div><div><button type="submit">Search</button></div></form>${table}${pages}`;
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
	readonly csrf: string;
}): Markup {
	const { gone, stays, brand, csrf } = page;
	const path = `${userPath(gone.user.id)}/merge`;
	const [name, into] = [calledBy(gone.user), calledBy(stays.user)];
	const card = (title: string, { user, linked }: ComparedUser): Markup => {
		const names = linkedNames(linked, brand).map((each) => html`<li>${each}</li>`);
		return html`<section class="card"><h2>${title}</h2>${userFacts(user, brand)}<h3>Linked accounts</h3>${names.length === 0 ? html`<p>Nothing is linked.</p>` : html`<ul class="plain">${names}</ul>`}</section>`;
	};
	return html`${pageHead(`Merge ${name} into ${into}?`, "This cannot be undone.")}
<div class="chart-pair">${card("Is deleted", gone)}${card("Stays", stays)}</div>
<p>Accounts linked to ${name} will log in ${into}, and their sign-ins become those of ${into}. The password of ${name} and the e-mails to them are deleted. ${name} is logged out everywhere, and the log-ins of ${into} at connected helpdesks end.</p>
<form method="post" action="${path}">${csrfField(csrf)}<input type="hidden" name="into" value="${stays.user.id}"><div class="actions answer"><button class="danger" type="submit">Merge</button><a href="${withQuery(`${userPath(stays.user.id)}/merge`, { into: gone.user.id })}">Keep ${name} instead</a><a href="${path}">Look for another user</a></div></form>`;
}
