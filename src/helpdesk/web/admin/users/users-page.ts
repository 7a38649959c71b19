import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { brandName, calledBy, STATUS_WORDS, stateOf, userPath } from "./user-words.ts";
import { isEverybody, type UsersFilter } from "./users-filter.ts";

const { users: USERS, approveSelected, suspendSelected, exportSelected } = ADMIN_PATHS;

const SELECTED_FORM = "selected";

const LINKED_WORDS = {
	linked: "users.search.linked.linked",
	only: "users.search.linked.only",
	none: "users.search.linked.none",
} as const satisfies Record<Exclude<UsersFilter["linked"], "">, TextKey>;

/** A user, and what is linked, as a list shows it: `X @ada`. */
export interface ListedUser {
	readonly account: Account;
	readonly handles: readonly string[];
}

export interface UsersPage {
	readonly brands: readonly Brand[];
	readonly users: readonly ListedUser[];
	readonly filter: UsersFilter;
	/** The cursor of the page before; undefined for the first page. */
	readonly after: string | undefined;
	/** The cursor for the next page; undefined on the last one. */
	readonly next: string | undefined;
	/** Whether the search stopped before the page was full. */
	readonly isPartial: boolean;
	/** Whether filters can be chosen. They need the index. */
	readonly canFilter: boolean;
	/** How many people there are. Empty where it is not shown. */
	readonly numbers: Markup;
	/** The language of the operator. */
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
	/** What was typed to add a user, before a problem. */
	readonly typed: { readonly brandId: string | undefined; readonly email: string };
	readonly problems: Problems;
}

const COLUMNS: readonly TextKey[] = [
	"users.column.select",
	"users.column.user",
	"users.column.status",
	"users.column.actions",
];

/** A page of the users, the newest first, with a search, and a form that adds one. */
export function usersPage(page: UsersPage): Markup {
	const { users, filter, after, next, locale, message, problems } = page;
	const { text } = locale;
	const table =
		users.length === 0
			? html`<p>${text(nobody(page))}</p>`
			: html`<table aria-labelledby="list"><thead><tr>${COLUMNS.map((label) => html`<th scope="col">${text(label)}</th>`)}</tr></thead><tbody>${users.map((user) => userRow(user, page))}</tbody></table>${selectedForm(page)}`;
	const pages = pager({
		label: text("users.list.pages"),
		first: after === undefined ? undefined : withQuery(USERS, { ...filter }),
		next: next === undefined ? undefined : withQuery(USERS, { ...filter, after: next }),
		...(page.isPartial && { nextLabel: text("users.list.search-further") }),
		locale,
	});
	const add = html`<a class="button" href="#add">${text("users.add.link")}</a>`;
	const listed = isEverybody(filter) ? "users.list.everybody" : "users.list.found";
	return html`${pageHead(text("users.title"), text("users.lead"), add)}${message}${problemSummary(problems)}${searchForm(page)}${page.numbers}<h2 id="list">${text(listed)}</h2>${table}${pages}
${addForm(page)}`;
}

function addForm({ brands, locale: { text }, csrf, typed, problems }: UsersPage): Markup {
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === typed.brandId ? html` selected` : ""}>${name}</option>`,
	);
	return html`<h2 id="add">${text("users.add.title")}</h2><div class="card"><p class="help">${text("users.add.help")}</p>
<form method="post" action="${USERS}/add">${csrfField(csrf)}<label for="add-brand">${text("users.add.brand")}</label><select id="add-brand" name="brand">${options}</select>
<label for="email">${text("users.add.email")}</label><input id="email" name="email" type="email" value="${typed.email}"${fieldTraits(problems, "email", false)} required>${fieldProblem(problems, "email")}<button type="submit">${text("users.add.submit")}</button></form></div>`;
}

/** Stands beside the table, so that the rows have forms and links of their own. Its boxes are in the rows. */
function selectedForm({ filter, after, locale: { text }, csrf }: UsersPage): Markup {
	const button = (path: string, label: TextKey, looks: string): Markup =>
		html`<button class="${looks}" type="submit" formaction="${withQuery(path, { ...filter, after })}">${text(label)}</button>`;
	return html`<form id="${SELECTED_FORM}" class="actions answer" method="post" action="${withQuery(approveSelected, { ...filter, after })}">${csrfField(csrf)}<span>${text("users.selected")}</span>${button(approveSelected, "users.selected.approve", "secondary")}${button(exportSelected, "users.selected.export", "secondary")}${button(suspendSelected, "users.selected.suspend", "secondary danger")}</form>`;
}

function nobody({ filter, after, isPartial }: UsersPage): TextKey {
	if (isPartial) {
		return "users.list.nobody-so-far";
	}
	if (after !== undefined) {
		return "users.list.nobody-here";
	}
	return isEverybody(filter) ? "users.list.nobody-yet" : "users.list.nobody-matches";
}

function searchForm({ brands, filter, canFilter, locale: { text } }: UsersPage): Markup {
	const select = (
		name: "brand" | "status" | "linked",
		label: TextKey,
		all: TextKey,
		choices: readonly (readonly [value: string, shown: string])[],
	): Markup => {
		const options = choices.map(
			([value, shown]) =>
				html`<option value="${value}"${filter[name] === value ? html` selected` : ""}>${shown}</option>`,
		);
		return html`<div><label for="${name}">${text(label)}</label><select id="${name}" name="${name}"${canFilter ? "" : html` disabled`}><option value="">${text(all)}</option>${options}</select></div>`;
	};
	const said = (words: Readonly<Record<string, TextKey>>) =>
		Object.entries(words).map(([value, key]) => [value, text(key)] as const);
	return html`<form class="card filters" method="get" action="${USERS}" role="search">
<div><label for="q">${text("users.search.words")}</label><input id="q" name="q" type="search" value="${filter.q}" maxlength="254" autocomplete="off" spellcheck="false" aria-describedby="q-help"><p class="help" id="q-help">${text("users.search.words-help")}</p></div>
${select(
	"brand",
	"users.search.brand",
	"users.search.all-brands",
	brands.map(({ id, name }) => [id, name]),
)}
${select("status", "users.search.status", "users.search.any-status", said(STATUS_WORDS))}
${select("linked", "users.search.linked", "users.search.any-linked", said(LINKED_WORDS))}
<div><button type="submit">${text("users.search.submit")}</button></div></form>`;
}

function userRow({ account, handles }: ListedUser, { brands, locale }: UsersPage): Markup {
	const { text } = locale;
	const { id, name, email, brandId, hasPassword, passkeys } = account;
	const ways = [
		...(hasPassword ? [text("users.way.password")] : []),
		...(passkeys.length > 0 ? [text("users.way.passkey")] : []),
		...handles,
	];
	const waysIn = ways.length === 0 ? text("users.way.none") : locale.list(ways);
	const called = calledBy(account);
	return html`<tr><td><input type="checkbox" name="user" value="${id}" form="${SELECTED_FORM}" aria-label="${text("users.select", { user: called })}"></td><td><a href="${userPath(id)}"><strong>${name === "" ? called : name}</strong></a><br>${email ?? html`<span class="soft">${text("users.no-address")}</span>`}<br><span class="soft">${brandName(brands, brandId)}</span></td>
<td>${stateOf(account, locale)}<br><span class="soft">${waysIn}</span></td>
<td><a href="${userPath(id)}/export" aria-label="${text("users.export.of", { user: called })}">${text("users.export")}</a></td></tr>`;
}
