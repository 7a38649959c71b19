import { html } from "hono/html";
import { disconnect } from "../../../add-ons/disconnect.ts";
import { type LinkedByAddOn, linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import type { TextKey } from "../../../locale/locale.ts";
import type { LogOuts } from "../../../openid/log-outs.ts";
import { MOST_LISTED } from "../../../people/sessions.ts";
import type { Account } from "../../../people/stored-account.ts";
import { notice } from "../../layout.ts";
import { SESSION_FIELD } from "../../session-list.ts";
import { field } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { isConfirmed, questionPage } from "../asking-first.ts";
import { withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { pageHead } from "../page-head.ts";
import { userPaths } from "../paths.ts";
import { unlinkQuestion } from "./user-questions.ts";
import { headBelow, type UserParts } from "./user-routes.ts";
import { helpdeskTable, isOnlyWayIn, sessionTable } from "./user-sections.ts";
import { brandOf, goodOf, helpdesksOf, showUser } from "./user-view.ts";
import { calledBy, userPath } from "./user-words.ts";

export interface UserListParts extends UserParts {
	readonly logOuts: Pick<LogOuts, "portalSessionEnds">;
}

/** The whole lists of which the page of a user shows the beginning, and what an operator ends in them. */
export function userListRoutes(app: OperatorApp, parts: UserListParts): void {
	const { accounts } = parts;
	const paths = userPaths(":id");
	const about =
		(answer: (c: AdminContext, user: Account) => Promise<Response>) => async (c: AdminContext) => {
			const user = await accounts.find(c.req.param("id") ?? "");
			return user === undefined ? c.notFound() : answer(c, user);
		};
	app.get(
		paths.sessions,
		about((c, user) => showSessions(c, parts, user)),
	);
	app.post(
		paths.endSession,
		about((c, user) => endSession(c, parts, user)),
	);
	app.get(
		paths.helpdesks,
		about((c, user) => showHelpdesks(c, parts, user)),
	);
	app.get(
		paths.unlink,
		about((c, user) => askToUnlink(c, parts, user)),
	);
	app.post(
		paths.unlink,
		about((c, user) => unlink(c, parts, user)),
	);
}

async function showSessions(
	c: AdminContext,
	parts: UserListParts,
	user: Account,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const { text } = locale;
	const brand = brandOf(parts, user);
	const sessions = goodOf(user, await parts.userSessions.of(user.brandId, user.id));
	const end = html`<a class="danger" href="${userPaths(user.id).logOut}">${text("user.sessions.end-all")}</a>`;
	const title = text("user.sessions.title");
	const lead = text("user.sessions.lead", {
		...{ user: calledBy(user), brand: brand.name, count: MOST_LISTED },
	});
	const table = sessionTable({ user, brand, locale, sessions, hasMore: false, csrf });
	const content = html`${pageHead(title, lead, end)}<section id="sessions" aria-label="${title}">${table}</section>`;
	return parts.show(c, headBelow(user, title), content);
}

async function endSession(
	c: AdminContext,
	{ brands, logOuts, userSessions }: UserListParts,
	user: Account,
): Promise<Response> {
	const id = field(c.var.visit.form, SESSION_FIELD) ?? "";
	if (await userSessions.isOf(user.brandId, user.id, id)) {
		const brand = brands.find((each) => each.id === user.brandId);
		// A brand that is not served tells no helpdesk anything.
		await (brand && logOuts.portalSessionEnds(brand, id));
		await userSessions.end(user.brandId, user.id, id);
	}
	return c.redirect(withQuery(userPath(user.id), { done: "session-ended" }), 303);
}

async function showHelpdesks(
	c: AdminContext,
	parts: UserListParts,
	user: Account,
): Promise<Response> {
	const { locale } = c.var.visit;
	const about = { user, brand: brandOf(parts, user), locale };
	const agreed = await helpdesksOf(parts, user, MOST_HELPDESKS);
	const title = locale.text("user.helpdesks.title");
	const lead = locale.text("user.helpdesks.lead", { user: calledBy(user), count: MOST_HELPDESKS });
	const content = html`${pageHead(title, lead)}<section id="helpdesks" aria-label="${title}">${helpdeskTable(about, agreed)}</section>`;
	return parts.show(c, headBelow(user, title), content);
}

/** Each is looked up when the page is opened. */
const MOST_HELPDESKS = 25;

async function askToUnlink(
	c: AdminContext,
	parts: UserListParts,
	user: Account,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const linked = await linkedAccountsOf(await parts.addOns.all(), user.id);
	const asked = namedIn(linked, (name) => c.req.query(name));
	if (asked === undefined) {
		return c.notFound();
	}
	if (isOnlyWayIn(user, linked, asked)) {
		return showUser(c, parts, user, notice(locale.text(LAST_WAY_IN), true), 409);
	}
	const question = unlinkQuestion(user, asked, locale);
	return parts.show(c, headBelow(user, question.title), questionPage(question, csrf, locale));
}

const LAST_WAY_IN: TextKey = "user.unlink.last-way-in";

async function unlink(c: AdminContext, parts: UserListParts, user: Account): Promise<Response> {
	const {
		form,
		locale: { text },
	} = c.var.visit;
	const linked = await linkedAccountsOf(await parts.addOns.all(), user.id);
	const asked = namedIn(linked, (name) => field(form, name));
	if (asked === undefined) {
		return showUser(c, parts, user, notice(text("user.unlink.gone"), true), 404);
	}
	const { id: addOnId, name: addOn } = asked.addOn.loaded.manifest;
	const { identityId } = asked;
	if (!isConfirmed(c)) {
		const query = { "add-on": addOnId, identity: identityId };
		return c.redirect(withQuery(userPaths(user.id).unlink, query), 303);
	}
	const { ends } = await disconnect(parts, user, [{ addOnId, identityId }]);
	switch (ends[0]) {
		case "last-way-in":
			return showUser(c, parts, user, notice(text(LAST_WAY_IN), true), 409);
		case "failed":
			return showUser(c, parts, user, notice(text("user.unlink.unknown", { addOn }), true), 502);
		default:
			return c.redirect(withQuery(userPath(user.id), { done: "unlinked" }), 303);
	}
}

function namedIn(
	linked: readonly LinkedByAddOn[],
	read: (name: string) => string | undefined,
): LinkedByAddOn | undefined {
	return linked.find(
		({ addOn, identityId }) =>
			addOn.loaded.manifest.id === read("add-on") && identityId === read("identity"),
	);
}
