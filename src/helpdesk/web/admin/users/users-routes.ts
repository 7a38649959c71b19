import { html } from "hono/html";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { TextKey } from "../../../locale/locale.ts";
import { notice } from "../../layout.ts";
import { field, typedAddress } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { problemWith } from "../form-fields.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { type MergeParts, mergeRoutes } from "./merge-routes.ts";
import { type SelectedParts, selectedRoutes } from "./selected-routes.ts";
import { sentencesIn } from "./selected-words.ts";
import { type UserListParts, userListRoutes } from "./user-list-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { listUsers } from "./users-list.ts";

const { users: USERS } = ADMIN_PATHS;

export interface AdminUserParts extends SelectedParts, UserListParts, MergeParts {}

const DONE: ReadonlyMap<string, TextKey> = new Map<string, TextKey>([
	["added", "users.done.added"],
	["deleted", "users.done.deleted"],
]);

/** Finds, adds, approves, suspends, merges, exports and deletes users. */
export function adminUserRoutes(app: OperatorApp, parts: AdminUserParts): void {
	app.get(USERS, async (c) => {
		const query = (name: string) => c.req.query(name);
		const { locale } = c.var.visit;
		const done = DONE.get(query("done") ?? "");
		const sentences = sentencesIn(query, locale) ?? (done && locale.text(done));
		return listUsers(c, parts, sentences === undefined ? html`` : notice(sentences));
	});
	app.post(`${USERS}/add`, async (c) => add(c, parts));
	selectedRoutes(app, parts);
	userRoutes(app, parts);
	userListRoutes(app, parts);
	mergeRoutes(app, parts);
}

async function add(c: AdminContext, parts: AdminUserParts): Promise<Response> {
	const {
		form,
		locale: { text },
	} = c.var.visit;
	const brand = parts.brands.find(({ id }) => id === field(form, "brand"));
	const email = canonicalEmail(typedAddress(form));
	if (brand === undefined || email === undefined) {
		const problems = problemWith("email", text("users.add.invalid"));
		return listUsers(c, parts, html``, 400, problems);
	}
	const name = email.split("@")[0] ?? email;
	const { id: brandId, locale } = brand;
	const added = await parts.accounts.addFromTicket({ brandId, name, email, locale });
	return added === undefined
		? listUsers(c, parts, html``, 409, problemWith("email", text("users.add.taken", { email })))
		: c.redirect(withQuery(USERS, { done: "added" }), 303);
}
