import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Markup } from "../../layout.ts";
import type { Question } from "../asking-first.ts";
import { withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, userPaths } from "../paths.ts";
import type { UserBrand } from "./user-page.ts";
import { calledBy, userPath } from "./user-words.ts";

export function logOutQuestion(user: Account, { text }: Locale): Question {
	const named = { user: calledBy(user) };
	return {
		title: text("user.log-out.title", named),
		consequence: text("user.log-out.consequence", named),
		action: userPaths(user.id).logOut,
		button: text("user.log-out.submit"),
		back: userPath(user.id),
	};
}

export function deletionQuestion(user: Account, brand: UserBrand, { text }: Locale): Question {
	const named = { user: calledBy(user), brand: brand.name };
	return {
		title: text("user.delete.title", named),
		consequence: text("user.delete.consequence", named),
		action: userPaths(user.id).delete,
		button: text("user.delete.submit", named),
		back: userPath(user.id),
	};
}

export function unlinkQuestion(
	user: Account,
	{ addOn, identityId, label }: LinkedByAddOn,
	{ text }: Locale,
): Question {
	const { id, name } = addOn.loaded.manifest;
	const named = { account: `${name} ${label}`, user: calledBy(user) };
	return {
		title: text("user.unlink.title", named),
		consequence: text("user.unlink.consequence", named),
		action: userPaths(user.id).unlink,
		fields: [
			["add-on", id],
			["identity", identityId],
		],
		button: text("user.unlink.submit"),
		back: userPath(user.id),
	};
}

/** @param action with the filter of the list that the users were selected in. */
export function suspensionQuestion(
	users: readonly Account[],
	action: string,
	back: string,
	{ text }: Locale,
): Question {
	const names = users.map((user) => html`<li>${calledBy(user)}</li>`);
	const { length: count } = users;
	return {
		title: text("users.suspend.title", { count }),
		consequence: text("users.suspend.consequence"),
		details: html`<ul class="impact">${names}</ul>`,
		action,
		fields: users.map(({ id }): FormField => ["user", id]),
		button: text("users.suspend.submit", { count }),
		back,
	};
}

/** The page at the address of a user who was deleted. @param deed how the account ended. */
export function goneUserPage(id: string, deed: string, { text, markup }: Locale): Markup {
	const key = deed === "user.merge" ? "user.gone.merged" : "user.gone.deleted";
	const how = markup(key, { id: html`<code>${id}</code>` });
	const state = html`<span class="outcome refused">${text("user.gone.state")}</span>`;
	const trail = withQuery(ADMIN_PATHS.audit, { object: id });
	return html`${pageHead(text("user.gone.title"), state)}<div class="card"><p>${how}</p><ul class="plain"><li><a href="${trail}">${text("user.gone.audit")}</a></li><li><a href="${ADMIN_PATHS.users}">${text("user.gone.users")}</a></li></ul></div>`;
}
