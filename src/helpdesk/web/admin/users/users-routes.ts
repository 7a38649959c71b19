import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { deleteUser } from "../../../add-ons/delete-user.ts";
import { exportUser } from "../../../add-ons/export-user.ts";
import { linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import { mergeUser } from "../../../add-ons/merge-user.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import type { Accounts } from "../../../people/accounts.ts";
import { type Markup, notice } from "../../layout.ts";
import { field, typedAddress } from "../../visit.ts";
import { type AdminContext, LeftOut, type ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { usersPage } from "./users-page.ts";

const { users: USERS } = ADMIN_PATHS;

export interface AdminUserParts {
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly outbox: Outbox;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

const DONE: ReadonlyMap<string, string> = new Map([
	["added", "The account is added, as after an e-mailed ticket."],
	["suspended", "The user is suspended and logged out everywhere."],
	["active", "The user may log in."],
	["deleted", "The user is deleted, with everything linked to them."],
	["merged", "The users are merged. Accounts linked to the first user now log in the second."],
]);

/** Adds, approves, suspends, merges, exports and deletes users. */
export function adminUserRoutes(app: OperatorApp, parts: AdminUserParts): void {
	app.get(USERS, async (c) => {
		const sentence = DONE.get(c.req.query("done") ?? "");
		return listUsers(c, parts, sentence === undefined ? html`` : notice(sentence));
	});
	app.post(`${USERS}/add`, async (c) => add(c, parts));
	for (const status of ["active", "suspended"] as const) {
		app.post(`${USERS}/:id/${status}`, async (c) => {
			const user = await parts.accounts.find(c.req.param("id"));
			if (user === undefined) {
				return c.notFound();
			}
			await parts.accounts.setStatus(user.id, status);
			return c.redirect(`${USERS}?done=${status}`, 303);
		});
	}
	app.post(`${USERS}/:id/delete`, async (c) =>
		(await deleteUser(parts, c.req.param("id")))
			? c.redirect(`${USERS}?done=deleted`, 303)
			: c.notFound(),
	);
	app.post(`${USERS}/:id/merge`, async (c) => merge(c, parts, c.req.param("id")));
	app.get(`${USERS}/:id/export`, async (c) => {
		const exported = await exportUser(parts, c.req.param("id"));
		return exported === undefined
			? c.notFound()
			: c.body(`${JSON.stringify(exported, null, "\t")}\n`, 200, {
					"content-type": "application/json; charset=utf-8",
					"content-disposition": `attachment; filename="user-${exported.id}.json"`,
					"cache-control": "no-store",
				});
	});
}

async function listUsers(
	c: AdminContext,
	{ brands, accounts, addOns, logError, show }: AdminUserParts,
	message: Markup,
	status = 200,
): Promise<Response> {
	const leftOut = new LeftOut(logError);
	const found = await addOns.all();
	const users = await Promise.all(
		(await accounts.all(leftOut.report)).map(async (account) => ({
			...account,
			linked: await linkedAccountsOf(found, account.id),
		})),
	);
	const { csrf, form } = c.var.visit;
	const messages = html`${message}${leftOut.notice}`;
	const typed = { brandId: field(form, "brand"), email: field(form, "email") ?? "" };
	return show(c, "Users", usersPage({ brands, users, csrf, message: messages, typed }), status);
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
		: c.redirect(`${USERS}?done=added`, 303);
}

async function merge(c: AdminContext, parts: AdminUserParts, userId: string): Promise<Response> {
	switch (await mergeUser(parts, userId, field(c.var.visit.form, "into") ?? "")) {
		case "merged":
			return c.redirect(`${USERS}?done=merged`, 303);
		case "no-such-user":
			return c.notFound();
		case "not-mergeable": {
			const message = notice("Choose another user of the same brand to merge into.", true);
			return listUsers(c, parts, message, 400);
		}
	}
}
