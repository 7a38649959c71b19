import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { fieldProblem, fieldTraits, type Problems, problemSummary } from "../form-fields.ts";
import { pager, withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { brandName, calledBy, STATUS_WORDS, stateOf, userPath } from "./user-words.ts";
import { isEverybody, type UsersFilter } from "./users-filter.ts";

const { users: USERS, approveSelected, suspendSelected, exportSelected } = ADMIN_PATHS;

const LEAD =
	"The people who log in at your portals. Open one to see their sign-ins, sessions and linked accounts.";
const SELECTED_FORM = "selected";

const LINKED_WORDS = {
	linked: "With a linked account",
	only: "With no other way to log in",
	none: "Without a linked account",
} as const satisfies Record<Exclude<UsersFilter["linked"], "">, string>;

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
	readonly csrf: string;
	readonly message: Markup;
	/** What was typed to add a user, before a problem. */
	readonly typed: { readonly brandId: string | undefined; readonly email: string };
	readonly problems: Problems;
}

/** A page of the users, the newest first, with a search, and a form that adds one. */
export function usersPage(page: UsersPage): Markup {
	const { brands, users, filter, after, next, csrf, message, typed, problems } = page;
	const table =
		users.length === 0
			? html`<p>${nobody(page)}</p>`
			: html`<table aria-labelledby="list"><thead><tr><th scope="col">Select</th><th scope="col">User</th><th scope="col">Status</th><th scope="col">Actions</th></tr></thead><tbody>${users.map((user) => userRow(user, brands))}</tbody></table>${selectedForm(page)}`;
	const pages = pager({
		label: "Pages",
		first: after === undefined ? undefined : withQuery(USERS, { ...filter }),
		next: next === undefined ? undefined : withQuery(USERS, { ...filter, after: next }),
		nextLabel: page.isPartial ? "Search further" : "Next",
	});
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === typed.brandId ? html` selected` : ""}>${name}</option>`,
	);
	const add = html`<a class="button" href="#add">Add a user</a>`;
	return html`${pageHead("Users", LEAD, add)}${message}${problemSummary(problems)}${searchForm(page)}${page.numbers}<h2 id="list">${isEverybody(filter) ? "Everybody, newest first" : "Found"}</h2>${table}${pages}
<h2 id="add">Add a user who sent a ticket by e-mail</h2><div class="card"><p class="help">Adds the account that a helpdesk adds for an e-mailed ticket: without a password, and not yet claimed by its owner.</p>
<form method="post" action="${USERS}/add">${csrfField(csrf)}<label for="add-brand">Brand</label><select id="add-brand" name="brand">${options}</select>
<label for="email">E-mail address</label><input id="email" name="email" type="email" value="${typed.email}"${fieldTraits(problems, "email", false)} required>${fieldProblem(problems, "email")}<button type="submit">Add</button></form></div>`;
}

/** Stands beside the table, so that the rows have forms and links of their own. Its boxes are in the rows. */
function selectedForm({ filter, after, csrf }: UsersPage): Markup {
	const button = (path: string, label: string, looks: string): Markup =>
		html`<button class="${looks}" type="submit" formaction="${withQuery(path, { ...filter, after })}">${label}</button>`;
	return html`<form id="${SELECTED_FORM}" class="actions answer" method="post" action="${withQuery(approveSelected, { ...filter, after })}">${csrfField(csrf)}<span>With those selected:</span>${button(approveSelected, "Approve", "secondary")}${button(exportSelected, "Export", "secondary")}${button(suspendSelected, "Suspend", "secondary danger")}</form>`;
}

function nobody({ filter, after, isPartial }: UsersPage): string {
	if (isPartial) {
		return "Nobody found so far.";
	}
	if (after !== undefined) {
		return "This page lists no users.";
	}
	return isEverybody(filter) ? "Nobody has registered yet." : "Nobody matches.";
}

function searchForm({ brands, filter, canFilter }: UsersPage): Markup {
	const select = (
		name: "brand" | "status" | "linked",
		label: string,
		all: string,
		choices: readonly (readonly [value: string, label: string])[],
	): Markup => {
		const options = choices.map(
			([value, text]) =>
				html`<option value="${value}"${filter[name] === value ? html` selected` : ""}>${text}</option>`,
		);
		return html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}"${canFilter ? "" : html` disabled`}><option value="">${all}</option>${options}</select></div>`;
	};
	return html`<form class="card filters" method="get" action="${USERS}" role="search">
<div><label for="q">Search for</label><input id="q" name="q" type="search" value="${filter.q}" placeholder="Name, address, handle, id" maxlength="254" autocomplete="off" spellcheck="false"></div>
${select(
	"brand",
	"Brand",
	"All brands",
	brands.map(({ id, name }) => [id, name]),
)}
${select("status", "Status", "Any status", Object.entries(STATUS_WORDS))}
${select("linked", "Linked accounts", "Any", Object.entries(LINKED_WORDS))}
<div><button type="submit">Search</button></div></form>`;
}

function userRow({ account, handles }: ListedUser, brands: readonly Brand[]): Markup {
	const { id, name, email, brandId, hasPassword, passkeys } = account;
	const passkey = passkeys.length > 0 ? ["passkey"] : [];
	const ways = [...(hasPassword ? ["password"] : []), ...passkey, ...handles];
	const called = calledBy(account);
	return html`<tr><td><input type="checkbox" name="user" value="${id}" form="${SELECTED_FORM}" aria-label="Select ${called}"></td><td><a href="${userPath(id)}"><strong>${name === "" ? called : name}</strong></a><br>${email ?? html`<span class="soft">no e-mail address</span>`}<br><span class="soft">${brandName(brands, brandId)}</span></td>
<td>${stateOf(account)}<br><span class="soft">${ways.join(", ") || "no way to log in"}</span></td>
<td><a href="${userPath(id)}/export" aria-label="Export ${called}">Export</a></td></tr>`;
}
