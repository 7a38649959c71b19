import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { exportUser } from "../../../add-ons/export-user.ts";
import { DELETE_USER } from "../../../add-ons/jobs/remove-users.ts";
import { linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import type { Audit } from "../../../audit/open-audit.ts";
import type { BrandHandOffs } from "../../../hand-off/open-hand-offs.ts";
import { agreementsOf } from "../../../openid/agreements.ts";
import type { OpenIdProviders } from "../../../openid/open-openid.ts";
import { subjectOf } from "../../../openid/subject.ts";
import type { Accounts } from "../../../people/accounts.ts";
import type { Account } from "../../../people/stored-account.ts";
import type { UserSessions } from "../../../people/user-sessions.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { notice } from "../../layout.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { type JobStarters, startJob } from "../jobs/start-job.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { titlesOf } from "../sign-ins/sign-ins-of-plugins.ts";
import { type UserPage, userPage } from "./user-page.ts";
import { calledBy, userPath } from "./user-words.ts";

/** How many sign-ins the page of a user lists. */
const MOST_SIGN_INS = 20;

export interface UserParts extends JobStarters {
	readonly brands: readonly Brand[];
	readonly accounts: Accounts;
	readonly addOns: AddOns;
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
	readonly userSessions: UserSessions;
	readonly audit: Audit;
	readonly show: ShowPage;
}

const DONE: ReadonlyMap<string, string> = new Map([
	["suspended", "The user is suspended and logged out everywhere."],
	["active", "The user may log in."],
	["logged-out", "The user is logged out everywhere."],
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
		const user = await accounts.find(c.req.param("id"));
		return user === undefined ? c.notFound() : showUser(c, parts, user);
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
	app.post(`${path}/log-out`, async (c) => {
		const user = await accounts.endSessions(c.req.param("id"));
		return user === undefined
			? c.notFound()
			: c.redirect(withQuery(userPath(user.id), { done: "logged-out" }), 303);
	});
	app.post(`${path}/delete`, async (c) => {
		const user = await accounts.find(c.req.param("id"));
		if (user === undefined) {
			return c.notFound();
		}
		const done = await startJob(c, parts, DELETE_USER, { userId: user.id });
		return done instanceof Response
			? done
			: c.redirect(withQuery(ADMIN_PATHS.users, { done: "deleted" }), 303);
	});
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

/** What pages show of a user's brand, also of one that is no longer served. */
export function brandOf(
	{ brands }: Pick<UserParts, "brands">,
	{ brandId }: Account,
): UserPage["brand"] {
	return brands.find(({ id }) => id === brandId) ?? { name: brandId };
}

async function showUser(c: AdminContext, parts: UserParts, user: Account): Promise<Response> {
	const addOns = await parts.addOns.all();
	const { helpdesks, consents } = parts.openid.storedAt(user.brandId);
	const signed = parts.handOffs.of(user.brandId).helpdesks;
	const sentence = DONE.get(c.req.query("done") ?? "");
	const page = userPage({
		user,
		brand: brandOf(parts, user),
		linked: await linkedAccountsOf(addOns, user.id),
		signIns: await lastSignIns(addOns, user.id),
		helpdesks: await agreementsOf({ helpdesks: [helpdesks, signed], consents }, subjectOf(user)),
		csrf: c.var.visit.csrf,
		message: sentence === undefined ? html`` : notice(sentence),
	});
	return parts.show(c, calledBy(user), page);
}

async function lastSignIns(
	addOns: Awaited<ReturnType<AddOns["all"]>>,
	userId: string,
): Promise<UserPage["signIns"]> {
	const plugins = new Map<SignInEntry, (typeof addOns)[number]["plugin"]>();
	for (const { ledger, plugin } of addOns) {
		for (const entry of await ledger.entriesOfUser(userId, MOST_SIGN_INS)) {
			plugins.set(entry, plugin);
		}
	}
	const newest = [...plugins.keys()].sort((a, b) => b.at - a.at).slice(0, MOST_SIGN_INS);
	const titleOf = await titlesOf((entry) => plugins.get(entry), newest);
	return newest.map((entry) => ({ entry, title: titleOf(entry) }));
}
