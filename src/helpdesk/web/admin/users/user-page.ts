import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import { type InZone, sortableTime } from "../../../locale/shown-time.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
import { pageHead } from "../page-head.ts";
import { userPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import { calledBy, stateOf } from "./user-words.ts";

/** What pages say about the brand of a user. */
export type UserBrand = Pick<Brand, "name"> & InZone;

export interface UserPage {
	readonly user: Account;
	readonly brand: UserBrand;
	/** What is linked, the last sign-ins and so on, one below the other. */
	readonly sections: readonly Markup[];
	readonly csrf: string;
	readonly message: Markup;
}

/** A user: what is known about them, and what an operator can do. */
export function userPage(page: UserPage): Markup {
	const { user, brand, message, sections } = page;
	const lead = html`${user.name === calledBy(user) ? "" : html`${user.name}. `}A user of ${brand.name}.`;
	return html`${pageHead(calledBy(user), lead)}${message}${actions(page)}
<div class="card snug">${userFacts(user, brand)}</div>${sections}`;
}

/** What the account says about a user. */
export function userFacts(user: Account, brand: UserBrand): Markup {
	const { id, name, email, locale, hasPassword, passkeys, createdAt } = user;
	const added = createdAt === undefined ? "Not known" : moment(createdAt, brand);
	return html`<dl><dt>Name</dt><dd>${name}</dd><dt>E-mail address</dt><dd>${email ?? "None"}</dd><dt>Status</dt><dd>${stateOf(user)}</dd><dt>Brand</dt><dd>${brand.name}</dd><dt>Password</dt><dd>${hasPassword ? "Set" : "None"}</dd><dt>Passkeys</dt><dd>${passkeys.length === 0 ? "None" : passkeys.length}</dd><dt>Language</dt><dd>${languageName(locale)}</dd><dt>Added</dt><dd>${added}</dd><dt>Id</dt><dd><code>${id}</code></dd></dl>`;
}

/** What is linked: `X @ada, since 2026-11-29`. */
export function linkedNames(linked: readonly LinkedByAddOn[], brand: UserBrand): readonly Markup[] {
	return linked.map(({ addOn, label, linkedAt }) => {
		const since = linkedAt > 0 ? html`, since ${sortableTime(linkedAt, "day", brand)}` : "";
		return html`${addOn.loaded.manifest.name} ${label}${since}`;
	});
}

function actions({ user, csrf }: UserPage): Markup {
	const { status } = user;
	const paths = userPaths(user.id);
	const form = (action: string, label: string): Markup =>
		html`<form method="post" action="${action}">${csrfField(csrf)}<button class="link" type="submit">${label}</button></form>`;
	const toggle =
		status === "awaiting-approval"
			? html`${form(paths.active, "Approve")}${form(paths.suspended, "Suspend")}`
			: status === "suspended"
				? form(paths.active, "Reinstate")
				: form(paths.suspended, "Suspend");
	return html`<div class="row-actions">${toggle}<a href="${paths.logOut}">Log out everywhere</a><a href="${paths.export}">Export</a><a href="${paths.merge}">Merge into another user</a><a class="danger" href="${paths.delete}">Delete</a></div>`;
}
