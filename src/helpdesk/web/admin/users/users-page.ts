import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { ADMIN_PATHS } from "../paths.ts";

const { users: USERS } = ADMIN_PATHS;

interface UsersPage {
	readonly brands: readonly Brand[];
	readonly users: readonly ListedUser[];
	readonly csrf: string;
	readonly message: Markup;
	/** What was typed to add a user, before a problem. */
	readonly typed: { readonly brandId: string | undefined; readonly email: string };
}

interface ListedUser extends Account {
	readonly linked: readonly LinkedByAddOn[];
}

/** All users, by address, and a form that adds one. */
export function usersPage({ brands, users, csrf, message, typed }: UsersPage): Markup {
	const sorted = [...users].sort((a, b) => calledBy(a).localeCompare(calledBy(b)));
	const rows = sorted.map((user) => userRow(user, { brands, users: sorted, csrf }));
	const table =
		rows.length === 0
			? html`<p>Nobody has registered yet.</p>`
			: html`<table><thead><tr><th scope="col">User</th><th scope="col">State</th><th scope="col">Actions</th></tr></thead><tbody>${rows}</tbody></table>`;
	const options = brands.map(
		({ id, name }) =>
			html`<option value="${id}"${id === typed.brandId ? html` selected` : ""}>${name}</option>`,
	);
	return html`<h1>Users</h1>${message}${table}
<h2>Add a user who sent a ticket by e-mail</h2><div class="card"><p class="help">Adds the account that a helpdesk adds for an e-mailed ticket: without a password, and not yet claimed by its owner.</p>
<form method="post" action="${USERS}/add">${csrfField(csrf)}<label for="brand">Brand</label><select id="brand" name="brand">${options}</select>
<label for="email">E-mail address</label><input id="email" name="email" type="email" value="${typed.email}" required><button type="submit">Add</button></form></div>`;
}

function userRow(user: ListedUser, page: Omit<UsersPage, "message" | "typed">): Markup {
	const { id, status, email, linked } = user;
	const brand = page.brands.find((each) => each.id === user.brandId)?.name ?? user.brandId;
	const name = calledBy(user);
	const form = (action: string, label: string): Markup =>
		html`<form method="post" action="${USERS}/${id}/${action}">${csrfField(page.csrf)}<button class="link" type="submit" aria-label="${label} ${name}">${label}</button></form>`;
	const toggle =
		status === "awaiting-approval"
			? form("active", "Approve")
			: status === "suspended"
				? form("active", "Reinstate")
				: form("suspended", "Suspend");
	const removal = html`<details><summary>Delete</summary><p class="help">This permanently deletes ${name} at ${brand} and everything linked to them.</p><form method="post" action="${USERS}/${id}/delete">${csrfField(page.csrf)}<button class="secondary" type="submit">Delete ${name} at ${brand}</button></form></details>`;
	const handles = linked.map(({ addOn, label }) => `${addOn.loaded.manifest.name} ${label}`);
	const ways = [...(user.hasPassword ? ["password"] : []), ...handles];
	const claim = user.unclaimed ? "unclaimed" : user.confirmed ? "confirmed" : "not confirmed";
	return html`<tr><td><strong>${user.name}</strong><br>${email ?? html`<span class="soft">no e-mail address</span>`}<br><span class="soft">${brand}</span></td>
<td>${status}, ${claim}<br><span class="soft">${ways.join(", ") || "no way to log in"}</span></td>
<td><div class="row-actions">${toggle}<a href="${USERS}/${id}/export" aria-label="Export ${name}">Export</a>${mergeForm(user, page)}${removal}</div></td></tr>`;
}

/** The form to merge a user; empty where the brand has no other user. */
function mergeForm(
	user: ListedUser,
	{ users, csrf }: Omit<UsersPage, "message" | "typed">,
): Markup {
	const { id, brandId } = user;
	const others = users.filter((each) => each.id !== id && each.brandId === brandId);
	if (others.length === 0) {
		return html``;
	}
	const name = calledBy(user);
	const options = others.map(
		(other) => html`<option value="${other.id}">${calledBy(other)}</option>`,
	);
	return html`<details><summary>Merge</summary><p class="help">${name} is deleted. Accounts linked to them will log in the other user.</p><form method="post" action="${USERS}/${id}/merge">${csrfField(csrf)}<label for="into-${id}">Into</label><select id="into-${id}" name="into">${options}</select><button class="secondary" type="submit">Merge ${name}</button></form></details>`;
}

/** The name that tells a user from the others in a list. */
function calledBy({ email, name }: Account): string {
	return email ?? name;
}
