import { html } from "hono/html";
import { exportUser } from "../../../add-ons/export-user.ts";
import { DELETE_USER } from "../../../add-ons/jobs/remove-users.ts";
import type { DeedName } from "../../../audit/deeds.ts";
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

const DONE: ReadonlyMap<string, string> = new Map([
	["suspended", "The user is suspended and logged out everywhere."],
	["active", "The user may log in."],
	["logged-out", "The user is logged out everywhere."],
	["session-ended", "The session has ended, with its log-ins at connected helpdesks."],
	["unlinked", "The account is disconnected, and the user is logged out everywhere."],
	[
		"merged",
		"The users are merged. Accounts linked to the user that is deleted now log in this one.",
	],
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
		const sentence = DONE.get(c.req.query("done") ?? "");
		return showUser(c, parts, user, sentence === undefined ? html`` : notice(sentence));
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
		const question = logOutQuestion(user);
		return show(c, headBelow(user, question.title), questionPage(question, c.var.visit.csrf));
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
		const question = deletionQuestion(user, brandOf(parts, user));
		return show(c, headBelow(user, question.title), questionPage(question, c.var.visit.csrf));
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
	return end === undefined
		? c.notFound()
		: show(c, "Deleted user", goneUserPage(id, end.deed), 404);
}
