import { html } from "hono/html";
import type { FormField } from "../../../../contract/login-request.ts";
import type { LinkedByAddOn } from "../../../add-ons/linked-accounts.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { Markup } from "../../layout.ts";
import type { Question } from "../asking-first.ts";
import { withQuery } from "../list-pager.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, userPaths } from "../paths.ts";
import type { UserBrand } from "./user-page.ts";
import { calledBy, countedUsers, userPath } from "./user-words.ts";

export function logOutQuestion(user: Account): Question {
	const name = calledBy(user);
	return {
		title: `Log out ${name} everywhere?`,
		consequence: `All sessions of ${name} end, with their log-ins at connected helpdesks. The user can log in again. To keep them out, suspend the user instead.`,
		action: userPaths(user.id).logOut,
		button: "Log out everywhere",
		back: userPath(user.id),
	};
}

export function deletionQuestion(user: Account, brand: UserBrand): Question {
	const name = calledBy(user);
	return {
		title: `Delete ${name}?`,
		consequence: `This permanently deletes ${name} at ${brand.name}, everything linked to them and what they agreed to. It cannot be undone. To keep them out for a while, suspend the user instead.`,
		action: userPaths(user.id).delete,
		button: `Delete ${name} at ${brand.name}`,
		back: userPath(user.id),
	};
}

export function unlinkQuestion(
	user: Account,
	{ addOn, identityId, label }: LinkedByAddOn,
): Question {
	const name = calledBy(user);
	const { id, name: provider } = addOn.loaded.manifest;
	return {
		title: `Disconnect ${provider} ${label} from ${name}?`,
		consequence: `${provider} ${label} no longer logs in ${name}, and all sessions of ${name} end. The user can connect it again.`,
		action: userPaths(user.id).unlink,
		fields: [
			["add-on", id],
			["identity", identityId],
		],
		button: "Disconnect",
		back: userPath(user.id),
	};
}

/** @param action with the filter of the list that the users were selected in. */
export function suspensionQuestion(
	users: readonly Account[],
	action: string,
	back: string,
): Question {
	const names = users.map((user) => html`<li>${calledBy(user)}</li>`);
	const count = countedUsers(users.length);
	return {
		title: `Suspend ${count}?`,
		consequence:
			"They are logged out everywhere and cannot log in until you reinstate them. Nothing of theirs is deleted.",
		details: html`<ul class="impact">${names}</ul>`,
		action,
		fields: users.map(({ id }): FormField => ["user", id]),
		button: `Suspend ${count}`,
		back,
	};
}

/** The page at the address of a user who was deleted. @param deed how the account ended. */
export function goneUserPage(id: string, deed: string): Markup {
	const how = deed === "user.merge" ? "was merged into another user and deleted" : "was deleted";
	const trail = withQuery(ADMIN_PATHS.audit, { object: id });
	return html`${pageHead("Deleted user", html`<span class="outcome refused">Deleted</span>`)}<div class="card"><p>An operator started this: the user with the id <code>${id}</code> ${how}. Nothing is left of the account.</p><ul class="plain"><li><a href="${trail}">What the audit trail says</a></li><li><a href="${ADMIN_PATHS.users}">Users</a></li></ul></div>`;
}
