import { html } from "hono/html";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import { notice } from "../../layout.ts";
import { field, typedAddress } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { problemWith } from "../form-fields.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type MergeParts, mergeRoutes } from "./merge-routes.ts";
import { type SelectedParts, selectedRoutes } from "./selected-routes.ts";
import { sentenceIn } from "./selected-words.ts";
import { type UserListParts, userListRoutes } from "./user-list-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { listUsers } from "./users-list.ts";

const { users: USERS } = ADMIN_PATHS;

export interface AdminUserParts extends SelectedParts, UserListParts, MergeParts {}

const DONE: ReadonlyMap<string, string> = new Map([
	["added", "The account is added, as after an e-mailed ticket."],
	["deleted", "The user is deleted, with everything linked to them."],
]);

/** Finds, adds, approves, suspends, merges, exports and deletes users. */
export function adminUserRoutes(app: OperatorApp, parts: AdminUserParts): void {
	app.get(USERS, async (c) => {
		const query = (name: string) => c.req.query(name);
		const sentence = sentenceIn(query) ?? DONE.get(query("done") ?? "");
		return listUsers(c, parts, sentence === undefined ? html`` : notice(sentence));
	});
	app.post(`${USERS}/add`, async (c) => add(c, parts));
	selectedRoutes(app, parts);
	userRoutes(app, parts);
	userListRoutes(app, parts);
	mergeRoutes(app, parts);
}

async function add(c: AdminContext, parts: AdminUserParts): Promise<Response> {
	const { form } = c.var.visit;
	const brand = parts.brands.find(({ id }) => id === field(form, "brand"));
	const email = canonicalEmail(typedAddress(form));
	if (brand === undefined || email === undefined) {
		const problems = problemWith("email", "Choose a brand and enter an e-mail address.");
		return listUsers(c, parts, html``, 400, problems);
	}
	const name = email.split("@")[0] ?? email;
	const { id: brandId, locale } = brand;
	const added = await parts.accounts.addFromTicket({ brandId, name, email, locale });
	return added === undefined
		? listUsers(
				c,
				parts,
				html``,
				409,
				problemWith("email", `${email} already belongs to an account.`),
			)
		: c.redirect(withQuery(USERS, { done: "added" }), 303);
}
