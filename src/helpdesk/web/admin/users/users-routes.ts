import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { deleteUser } from "../../../add-ons/delete-user.ts";
import { exportUser } from "../../../add-ons/export-user.ts";
import { linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import { mergeUser } from "../../../add-ons/merge-user.ts";
import type { BrandHandOffs } from "../../../hand-off/open-hand-offs.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import type { LogOuts } from "../../../openid/log-outs.ts";
import type { OpenIdProviders } from "../../../openid/open-openid.ts";
import { pastedText } from "../../../pasted-text.ts";
import type { AccountPage } from "../../../people/account-reads.ts";
import type { Accounts } from "../../../people/accounts.ts";
import type { Account } from "../../../people/stored-account.ts";
import { type Markup, notice } from "../../layout.ts";
import { field, typedAddress } from "../../visit.ts";
import { type AdminContext, LeftOut, type ShowPage } from "../admin-pages.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { afterCursor, usersPage } from "./users-page.ts";

const { users: USERS } = ADMIN_PATHS;

export interface AdminUserParts {
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly outbox: Outbox;
	readonly logOuts: LogOuts;
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
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
			return backToList(c, status);
		});
	}
	app.post(`${USERS}/:id/delete`, async (c) =>
		(await deleteUser(parts, c.req.param("id"))) ? backToList(c, "deleted") : c.notFound(),
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
	const { after, page } = await shownPage(accounts, c.req.query("after"), leftOut.report);
	const users = await Promise.all(
		page.accounts.map(async (account) => ({
			...account,
			linked: await linkedAccountsOf(found, account.id),
		})),
	);
	const { csrf, form } = c.var.visit;
	const messages = html`${message}${leftOut.notice}`;
	const typed = { brandId: field(form, "brand"), email: field(form, "email") ?? "" };
	const shown = { brands, users, after, next: page.next, csrf, message: messages, typed };
	return show(c, "Users", usersPage(shown), status);
}

/** @returns the first page for a text that is no cursor, as in an address that was cut off. */
async function shownPage(
	accounts: Accounts,
	after: string | undefined,
	report: (what: string, error: unknown) => void,
): Promise<{ readonly after: string | undefined; readonly page: AccountPage }> {
	try {
		return { after, page: await accounts.page(after, report) };
	} catch (error) {
		if (after === undefined || !(error instanceof TypeError)) {
			throw error;
		}
		return { after: undefined, page: await accounts.page(undefined, report) };
	}
}

/** Shows the page of the list that the form was on, with what is done. */
function backToList(c: AdminContext, done: string): Response {
	return c.redirect(afterCursor(USERS, c.req.query("after"), done), 303);
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
		: backToList(c, "added");
}

async function merge(c: AdminContext, parts: AdminUserParts, userId: string): Promise<Response> {
	const user = await parts.accounts.find(userId);
	if (user === undefined) {
		return c.notFound();
	}
	const into = await userThatStays(c, parts, user);
	if ("problem" in into) {
		return listUsers(c, parts, notice(`Nobody was merged. ${into.problem}`, true), 400);
	}
	switch (await mergeUser(parts, userId, into.id)) {
		case "merged":
			return backToList(c, "merged");
		case "no-such-user":
			return c.notFound();
		case "not-mergeable": {
			const message = notice("Nobody was merged. The user that stays was just deleted.", true);
			return listUsers(c, parts, message, 409);
		}
	}
}

/** The user that the operator has typed, or a sentence that says why it is none. */
async function userThatStays(
	c: AdminContext,
	{ accounts, brands }: AdminUserParts,
	{ id, brandId }: Account,
): Promise<{ readonly id: string } | { readonly problem: string }> {
	const typed = pastedText(field(c.var.visit.form, "into") ?? "").slice(0, 254);
	if (typed === "") {
		return { problem: "Enter the e-mail address or the id of the user that stays." };
	}
	const found = await accounts.matching(brandId, typed);
	const [other, ...more] = found.filter((each) => each.id !== id);
	if (other !== undefined && more.length === 0) {
		return other;
	}
	if (other !== undefined) {
		const ids = [other, ...more].map((each) => each.id).join(", ");
		return { problem: `Several users have the address ${typed}. Enter one of their ids: ${ids}.` };
	}
	const brand = brands.find((each) => each.id === brandId)?.name ?? brandId;
	return {
		problem:
			found.length > 0
				? `${typed} is the user that would be deleted. Enter another user of ${brand}.`
				: `${brand} has no user with the e-mail address or id ${typed}.`,
	};
}
