import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { shownValue } from "../../../../contract/message-text.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import { languageName } from "../../../locale/language-name.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { type InZone, readableDay } from "../../../locale/shown-time.ts";
import type { Account } from "../../../people/stored-account.ts";
import { csrfField, type Markup } from "../../layout.ts";
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
	readonly locale: Locale;
	readonly csrf: string;
	readonly message: Markup;
}

/** A user: what is known about them, and what an operator can do. */
export function userPage(page: UserPage): Markup {
	const { user, brand, locale, message, sections } = page;
	const { name } = user;
	const lead =
		name === calledBy(user)
			? locale.text("user.lead", { brand: brand.name })
			: locale.text("user.lead.named", { name, brand: brand.name });
	return html`${pageHead(calledBy(user), lead)}${message}${actions(page)}
<div class="card snug">${userFacts(user, brand, locale)}</div>${sections}`;
}

/** What the account says about a user. */
export function userFacts(user: Account, brand: UserBrand, reader: Locale): Markup {
	const { text, language } = reader;
	const { id, name, email, locale, hasPassword, passkeys, createdAt } = user;
	const added =
		createdAt === undefined ? text("user.fact.added-unknown") : moment(createdAt, brand);
	const facts: readonly (readonly [label: TextKey, fact: Markup | string])[] = [
		["user.fact.name", name],
		["user.fact.email", email ?? text("user.fact.no-email")],
		["user.fact.status", stateOf(user, reader)],
		["user.fact.brand", brand.name],
		["user.fact.password", text(hasPassword ? "user.fact.password-set" : "user.fact.no-password")],
		[
			"user.fact.passkeys",
			passkeys.length === 0 ? text("user.fact.no-passkeys") : shownValue(passkeys.length, language),
		],
		["user.fact.language", languageName(locale, reader.tag)],
		["user.fact.added", added],
		["user.fact.id", html`<code>${id}</code>`],
	];
	return html`<dl>${facts.map(([label, fact]) => html`<dt>${text(label)}</dt><dd>${fact}</dd>`)}</dl>`;
}

/** What is linked: `X @ada, since Nov 29, 2026`. */
export function linkedNames(
	linked: readonly LinkedByAddOn[],
	brand: UserBrand,
	{ tag, text }: Locale,
): readonly string[] {
	return linked.map(({ addOn, label, linkedAt }) => {
		const account = `${addOn.loaded.manifest.name} ${label}`;
		return linkedAt > 0
			? text("user.linked.since", { account, day: readableDay(linkedAt, tag, brand) })
			: account;
	});
}

function actions({ user, csrf, locale: { text } }: UserPage): Markup {
	const { status } = user;
	const paths = userPaths(user.id);
	const form = (action: string, label: TextKey): Markup =>
		html`<form method="post" action="${action}">${csrfField(csrf)}<button class="link" type="submit">${text(label)}</button></form>`;
	const toggle =
		status === "awaiting-approval"
			? html`${form(paths.active, "user.approve")}${form(paths.suspended, "user.suspend")}`
			: status === "suspended"
				? form(paths.active, "user.reinstate")
				: form(paths.suspended, "user.suspend");
	return html`<div class="row-actions">${toggle}<a href="${paths.logOut}">${text("user.log-out")}</a><a href="${paths.export}">${text("user.export")}</a><a href="${paths.merge}">${text("user.merge")}</a><a class="danger" href="${paths.delete}">${text("user.delete")}</a></div>`;
}
