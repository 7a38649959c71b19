import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import { type InZone, sortableTime } from "../../../locale/shown-time.ts";
import type { Agreement } from "../../../openid/agreements.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { languageName } from "../admin-pages.ts";
import { attemptLink, moment, OUTCOME_NAMES } from "../sign-ins/sign-ins-page.ts";
import { calledBy, stateOf, userPath } from "./user-words.ts";

/** What pages say about the brand of a user. */
export type UserBrand = Pick<Brand, "name"> & InZone;

export interface UserPage {
	readonly user: Account;
	readonly brand: UserBrand;
	/** As their add-ons have just said. */
	readonly linked: readonly LinkedByAddOn[];
	/** The newest first. */
	readonly signIns: readonly { readonly entry: SignInEntry; readonly title: string }[];
	/** The connected helpdesks that the user has agreed to. */
	readonly helpdesks: readonly Agreement[];
	readonly csrf: string;
	readonly message: Markup;
}

/** A user: what is known about them, and what an operator can do. */
export function userPage(page: UserPage): Markup {
	const { user, brand, message } = page;
	return html`<h1>${calledBy(user)}</h1>${message}
<div class="card snug">${userFacts(user, brand)}</div>
<h2>Linked accounts</h2>${linkedList(page)}
<h2>Actions</h2>${actions(page)}
<h2 id="sign-ins">Last sign-ins</h2>${signInTable(page)}
<h2>Connected helpdesks</h2>${helpdeskList(page)}`;
}

/** What the account says about a user. */
export function userFacts(user: Account, brand: UserBrand): Markup {
	const { id, name, email, locale, hasPassword, passkeys, createdAt } = user;
	const added = createdAt === undefined ? "Not known" : moment(createdAt, brand);
	return html`<dl><dt>Name</dt><dd>${name}</dd><dt>E-mail address</dt><dd>${email ?? "None"}</dd><dt>State</dt><dd>${stateOf(user)}</dd><dt>Brand</dt><dd>${brand.name}</dd><dt>Password</dt><dd>${hasPassword ? "Set" : "None"}</dd><dt>Passkeys</dt><dd>${passkeys.length === 0 ? "None" : passkeys.length}</dd><dt>Language</dt><dd>${languageName(locale)}</dd><dt>Added</dt><dd>${added}</dd><dt>Id</dt><dd><code>${id}</code></dd></dl>`;
}

/** What is linked: `X @ada, since 2026-11-29`. */
export function linkedNames(linked: readonly LinkedByAddOn[], brand: UserBrand): readonly Markup[] {
	return linked.map(({ addOn, label, linkedAt }) => {
		const since = linkedAt > 0 ? html`, since ${sortableTime(linkedAt, "day", brand)}` : "";
		return html`${addOn.loaded.manifest.name} ${label}${since}`;
	});
}

function linkedList({ linked, brand }: UserPage): Markup {
	return linked.length === 0
		? html`<p>Nothing is linked.</p>`
		: html`<div class="card"><ul class="plain">${linkedNames(linked, brand).map((each) => html`<li>${each}</li>`)}</ul></div>`;
}

function actions({ user, brand, csrf }: UserPage): Markup {
	const { id, status } = user;
	const name = calledBy(user);
	const path = userPath(id);
	const form = (action: string, label: string): Markup =>
		html`<form method="post" action="${path}/${action}">${csrfField(csrf)}<button class="link" type="submit">${label}</button></form>`;
	const toggle =
		status === "awaiting-approval"
			? html`${form("active", "Approve")}${form("suspended", "Suspend")}`
			: status === "suspended"
				? form("active", "Reinstate")
				: form("suspended", "Suspend");
	return html`<div class="row-actions">${toggle}${form("log-out", "Log out everywhere")}<a href="${path}/export">Export</a><a href="${path}/merge">Merge into another user</a></div>
<details><summary>Delete</summary><p class="help">This permanently deletes ${name} at ${brand.name} and everything linked to them.</p><form method="post" action="${path}/delete">${csrfField(csrf)}<button class="secondary" type="submit">Delete ${name} at ${brand.name}</button></form></details>`;
}

function signInTable({ signIns, brand }: UserPage): Markup {
	if (signIns.length === 0) {
		return html`<p>None in the last 90 days. Log-ins with a password are not listed.</p>`;
	}
	const rows = signIns.map(
		({ entry, title }) =>
			html`<tr><td>${moment(entry.at, brand)}</td><td><strong>${title}</strong></td><td><span class="outcome ${entry.outcome}">${OUTCOME_NAMES[entry.outcome]}</span></td><td>${attemptLink(entry)}</td></tr>`,
	);
	return html`<table aria-labelledby="sign-ins"><thead><tr><th scope="col">When</th><th scope="col">What happened</th><th scope="col">Outcome</th><th scope="col">Trace code</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function helpdeskList({ helpdesks, brand }: UserPage): Markup {
	const items = helpdesks.map(
		({ name, address, at }) =>
			html`<li>${name} <span class="soft">${address}, agreed on ${sortableTime(at, "day", brand)}</span></li>`,
	);
	return items.length === 0
		? html`<p>The user has agreed to none.</p>`
		: html`<div class="card"><ul class="plain">${items}</ul></div>`;
}
