import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import { ACCOUNTS_PER_PAGE } from "../../../people/account-reads.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";

const { users: USERS } = ADMIN_PATHS;

interface UsersPage {
	readonly brands: readonly Brand[];
	readonly users: readonly ListedUser[];
	/** The cursor of the page before; undefined for the first page. */
	readonly after: string | undefined;
	/** The cursor for the next page; undefined on the last one. */
	readonly next: string | undefined;
	readonly csrf: string;
	readonly message: Markup;
	/** What was typed to add a user, before a problem. */
	readonly typed: { readonly brandId: string | undefined; readonly email: string };
}

interface ListedUser extends Account {
	readonly linked: readonly LinkedByAddOn[];
}

/** The path of the list after a cursor. The forms of a page carry it, so that their answers show the same page. */
export function afterCursor(path: string, after: string | undefined, done?: string): string {
	const query = new URLSearchParams({
		...(done !== undefined && { done }),
		...(after !== undefined && { after }),
	});
	return query.size === 0 ? path : `${path}?${query}`;
}

/** A page of the users, sorted by address, and a form that adds one. */
export function usersPage(page: UsersPage): Markup {
	const { brands, csrf, message, typed } = page;
	const users = [...page.users].sort((a, b) => calledBy(a).localeCompare(calledBy(b)));
	const rows = users.map((user) => userRow(user, page));
	const [above, below] = isWhole(page)
		? []
		: [
				html`<p class="help">Each page lists up to ${ACCOUNTS_PER_PAGE} users. Users are sorted by e-mail address only within a page.</p>${pager(page, "Pages")}`,
				pager(page, "Pages, below the list"),
			];
	const table =
		rows.length === 0
			? html`<p>${isWhole(page) ? "Nobody has registered yet." : "This page lists no users."}</p>`
			: html`<table><thead><tr><th scope="col">User</th><th scope="col">State</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table>`;
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === typed.brandId ? html` selected` : ""}>${name}</option>`,
	);
	return html`<h1>Users</h1>${message}${above ?? ""}${table}${below ?? ""}${suggestions(users)}
<h2>Add a user who sent a ticket by e-mail</h2><div class="card"><p class="help">Adds the account that a helpdesk adds for an e-mailed ticket: without a password, and not yet claimed by its owner.</p>
<form method="post" action="${USERS}/add">${csrfField(csrf)}<label for="brand">Brand</label><select id="brand" name="brand">${options}</select>
<label for="email">E-mail address</label><input id="email" name="email" type="email" value="${typed.email}" required><button type="submit">Add</button></form></div>`;
}

/** Whether all users fit on one page. */
function isWhole({ after, next }: UsersPage): boolean {
	return after === undefined && next === undefined;
}

function pager({ after, next }: UsersPage, label: string): Markup {
	const first = after === undefined ? "" : html`<a href="${USERS}">First</a>`;
	const following = next === undefined ? "" : html`<a href="${afterCursor(USERS, next)}">Next</a>`;
	return html`<nav class="pager" aria-label="${label}">${first}${following}</nav>`;
}

/** The users shown of each brand, for the fields of all merge forms: a list in each row would make the page quadratic. */
function suggestions(users: readonly ListedUser[]): Markup[] {
	const brandIds = new Set(users.map(({ brandId }) => brandId));
	return [...brandIds].map((brandId) => {
		const options = users
			.filter((each) => each.brandId === brandId)
			.map(({ id, email, name }) => html`<option value="${email ?? id}">${name}</option>`);
		return html`<datalist id="${suggestionsOf(brandId)}">${options}</datalist>`;
	});
}

function suggestionsOf(brandId: string): string {
	return `users-of-${brandId}`;
}

function userRow(user: ListedUser, page: UsersPage): Markup {
	const { id, status, email, linked } = user;
	const brand = page.brands.find((each) => each.id === user.brandId)?.name ?? user.brandId;
	const name = calledBy(user);
	const form = (action: string, label: string): Markup =>
		html`<form method="post" action="${afterCursor(`${USERS}/${id}/${action}`, page.after)}">${csrfField(page.csrf)}<button class="link" type="submit" aria-label="${label} ${name}">${label}</button></form>`;
	const toggle =
		status === "awaiting-approval"
			? form("active", "Approve")
			: status === "suspended"
				? form("active", "Reinstate")
				: form("suspended", "Suspend");
	const removal = html`<details><summary>Delete</summary><p class="help">This permanently deletes ${name} at ${brand} and everything linked to them.</p><form method="post" action="${afterCursor(`${USERS}/${id}/delete`, page.after)}">${csrfField(page.csrf)}<button class="secondary" type="submit">Delete ${name} at ${brand}</button></form></details>`;
	const handles = linked.map(({ addOn, label }) => `${addOn.loaded.manifest.name} ${label}`);
	const ways = [...(user.hasPassword ? ["password"] : []), ...handles];
	const claim = user.unclaimed ? "unclaimed" : user.confirmed ? "confirmed" : "not confirmed";
	return html`<tr><td><strong>${user.name}</strong><br>${email ?? html`<span class="soft">no e-mail address</span>`}<br><span class="soft">${brand}</span></td>
<td>${status}, ${claim}<br><span class="soft">${ways.join(", ") || "no way to log in"}</span></td>
<td><div class="row-actions">${toggle}<a href="${USERS}/${id}/export" aria-label="Export ${name}">Export</a>${mergeForm(user, page)}${removal}</div></td></tr>`;
}

/** The form to merge a user; empty where the brand is known to have no other user. */
function mergeForm(user: ListedUser, page: UsersPage): Markup {
	const { users, after, csrf } = page;
	const { id, brandId } = user;
	if (isWhole(page) && !users.some((each) => each.id !== id && each.brandId === brandId)) {
		return html``;
	}
	const name = calledBy(user);
	return html`<details><summary>Merge</summary><p class="help">${name} is deleted. Accounts linked to them will log in the other user.</p><form method="post" action="${afterCursor(`${USERS}/${id}/merge`, after)}">${csrfField(csrf)}<label for="into-${id}">E-mail address or id of the user that stays</label><input id="into-${id}" name="into" list="${suggestionsOf(brandId)}" autocomplete="off" required><button class="secondary" type="submit">Merge ${name}</button></form></details>`;
}

/** The name that tells a user from the others in a list. */
function calledBy({ email, name }: Account): string {
	return email ?? name;
}
