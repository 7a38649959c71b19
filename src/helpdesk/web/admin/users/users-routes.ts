import { html } from "hono/html";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { Accounts } from "../../../people/accounts.ts";
import { notice } from "../../layout.ts";
import { field, typedAddress } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type MergeParts, mergeRoutes } from "./merge-routes.ts";
import { type UserParts, userRoutes } from "./user-routes.ts";
import { listUsers, type UsersListParts } from "./users-list.ts";

const { users: USERS } = ADMIN_PATHS;

export interface AdminUserParts extends UsersListParts, UserParts, MergeParts {
	readonly accounts: Accounts;
}

const DONE: ReadonlyMap<string, string> = new Map([
	["added", "The account is added, as after an e-mailed ticket."],
	["deleted", "The user is deleted, with everything linked to them."],
]);

/** Finds, adds, approves, suspends, merges, exports and deletes users. */
export function adminUserRoutes(app: OperatorApp, parts: AdminUserParts): void {
	app.get(USERS, async (c) => {
		const sentence = DONE.get(c.req.query("done") ?? "");
		return listUsers(c, parts, sentence === undefined ? html`` : notice(sentence));
	});
	app.post(`${USERS}/add`, async (c) => add(c, parts));
	userRoutes(app, parts);
	mergeRoutes(app, parts);
}

async function add(c: AdminContext, parts: AdminUserParts): Promise<Response> {
	const { form } = c.var.visit;
	const brand = parts.brands.find(({ id }) => id === field(form, "brand"));
	const email = canonicalEmail(typedAddress(form));
	if (brand === undefined || email === undefined) {
		const message = notice("Choose a brand and enter an e-mail address.", true);
		return listUsers(c, parts, message, 400);
	}
	const name = email.split("@")[0] ?? email;
	const { id: brandId, locale } = brand;
	const added = await parts.accounts.addFromTicket({ brandId, name, email, locale });
	return added === undefined
		? listUsers(c, parts, notice(`${email} already belongs to an account.`, true), 409)
		: c.redirect(withQuery(USERS, { done: "added" }), 303);
}
