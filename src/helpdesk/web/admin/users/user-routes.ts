import { html } from "hono/html";
import { exportUser } from "../../../add-ons/export-user.ts";
import { DELETE_USER } from "../../../add-ons/jobs/remove-users.ts";
import type { DeedName } from "../../../audit/deeds.ts";
import type { TextKey } from "../../../locale/locale.ts";
import type { Accounts } from "../../../people/accounts.ts";
import type { Account } from "../../../people/stored-account.ts";
import { notice } from "../../layout.ts";
import type { AdminContext, PageHead } from "../admin-pages.ts";
import { isConfirmed, questionPage } from "../asking-first.ts";
import { type JobStarters, startJob } from "../jobs/start-job.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, userPaths } from "../paths.ts";
import { deletionQuestion, goneUserPage, logOutQuestion } from "./user-questions.ts";
import { brandOf, showUser, type UserViewParts } from "./user-view.ts";
import { calledBy, userPath } from "./user-words.ts";

export interface UserParts extends JobStarters, UserViewParts {
	readonly accounts: Accounts;
}

const DONE: ReadonlyMap<string, TextKey> = new Map<string, TextKey>([
	["suspended", "user.done.suspended"],
	["active", "user.done.active"],
	["logged-out", "user.done.logged-out"],
	["session-ended", "user.done.session-ended"],
	["unlinked", "user.done.unlinked"],
	["merged", "user.done.merged"],
]);

/** The page of a user, and what an operator does there. */
export function userRoutes(app: OperatorApp, parts: UserParts): void {
	const { accounts } = parts;
	const path = userPath(":id");
	app.get(path, async (c) => {
		const id = c.req.param("id");
		const user = await accounts.find(id);
		if (user === undefined) {
			return showGone(c, parts, id);
		}
		const done = DONE.get(c.req.query("done") ?? "");
		const message = done === undefined ? html`` : notice(c.var.visit.locale.text(done));
		return showUser(c, parts, user, message);
	});
	for (const status of ["active", "suspended"] as const) {
		app.post(`${path}/${status}`, async (c) => {
			const user = await accounts.find(c.req.param("id"));
			if (user === undefined) {
				return c.notFound();
			}
			await accounts.setStatus(user.id, status);
			return c.redirect(withQuery(userPath(user.id), { done: status }), 303);
		});
	}
	logOutRoutes(app, parts);
	deletionRoutes(app, parts);
	app.get(`${path}/export`, async (c) => {
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

function logOutRoutes(app: OperatorApp, { accounts, show }: UserParts): void {
	const { logOut } = userPaths(":id");
	app.get(logOut, async (c) => {
		const user = await accounts.find(c.req.param("id"));
		if (user === undefined) {
			return c.notFound();
		}
		const { csrf, locale } = c.var.visit;
		const question = logOutQuestion(user, locale);
		return show(c, headBelow(user, question.title), questionPage(question, csrf, locale));
	});
	app.post(logOut, async (c) => {
		const id = c.req.param("id");
		if (!isConfirmed(c)) {
			return c.redirect(userPaths(id).logOut, 303);
		}
		const user = await accounts.endSessions(id);
		return user === undefined
			? c.notFound()
			: c.redirect(withQuery(userPath(user.id), { done: "logged-out" }), 303);
	});
}

function deletionRoutes(app: OperatorApp, parts: UserParts): void {
	const { accounts, show } = parts;
	const { delete: path } = userPaths(":id");
	app.get(path, async (c) => {
		const user = await accounts.find(c.req.param("id"));
		if (user === undefined) {
			return c.notFound();
		}
		const { csrf, locale } = c.var.visit;
		const question = deletionQuestion(user, brandOf(parts, user), locale);
		return show(c, headBelow(user, question.title), questionPage(question, csrf, locale));
	});
	app.post(path, async (c) => {
		const user = await accounts.find(c.req.param("id"));
		if (user === undefined) {
			return c.notFound();
		}
		if (!isConfirmed(c)) {
			return c.redirect(userPaths(user.id).delete, 303);
		}
		const done = await startJob(c, parts, DELETE_USER, { userId: user.id });
		return done instanceof Response
			? done
			: c.redirect(withQuery(ADMIN_PATHS.users, { done: "deleted" }), 303);
	});
}

/** A page below that of a user. */
export function headBelow(user: Account, title: string): PageHead {
	return { title, trail: [{ label: calledBy(user), path: userPath(user.id) }] };
}

/** How an account ends, by what the audit trail calls it. */
const ENDS: readonly string[] = ["user.delete", "user.merge"] satisfies readonly DeedName[];
/** Hardly anything is noted about a user after the end. */
const LAST_ENTRIES = 10;

/** The audit trail leads here for users who are gone. */
async function showGone(
	c: AdminContext,
	{ audit, show }: Pick<UserParts, "audit" | "show">,
	id: string,
): Promise<Response> {
	const { entries } = await audit.log.page({ object: id.slice(0, 64) }, undefined, LAST_ENTRIES);
	const end = entries.find(({ deed }) => ENDS.includes(deed));
	const { locale } = c.var.visit;
	return end === undefined
		? c.notFound()
		: show(c, locale.text("user.gone.title"), goneUserPage(id, end.deed, locale), 404);
}
