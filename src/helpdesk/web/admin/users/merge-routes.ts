import { html } from "hono/html";
import { MERGE_USERS } from "../../../add-ons/jobs/remove-users.ts";
import { linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import type { Locale, Message } from "../../../locale/locale.ts";
import { pastedText } from "../../../pasted-text.ts";
import type { FoundPeople, PeopleSearch } from "../../../people/people-search.ts";
import type { Account } from "../../../people/stored-account.ts";
import { type Markup, notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import type { AdminContext, PageHead } from "../admin-pages.ts";
import { startJob } from "../jobs/start-job.ts";
import { pageOrFirst, withQuery } from "../list-pager.ts";
import type { OperatorApp } from "../operator-area.ts";
import { mergeQuestionPage, mergeSearchPage } from "./merge-page.ts";
import { headBelow, type UserParts } from "./user-routes.ts";
import { brandOf } from "./user-view.ts";
import { calledBy, userPath } from "./user-words.ts";

export interface MergeParts extends UserParts {
	readonly search: Pick<PeopleSearch, "page" | "state">;
}

const NOBODY: FoundPeople = { accounts: [], next: undefined, isPartial: false };

/** Finds the user that another one is merged into, shows both, and merges them. */
export function mergeRoutes(app: OperatorApp, parts: MergeParts): void {
	const path = `${userPath(":id")}/merge` as const;
	app.get(path, async (c) => {
		const user = await parts.accounts.find(c.req.param("id"));
		if (user === undefined) {
			return c.notFound();
		}
		const typed = typedIn(c.req.query("into"));
		if (typed === "") {
			return showSearch(c, parts, user, html``);
		}
		const into = await userThatStays(parts, user, typed);
		return "problem" in into
			? showSearch(c, parts, user, notice(c.var.visit.locale.say(into.problem), true), 404)
			: showQuestion(c, parts, user, into);
	});
	app.post(path, async (c) => merge(c, parts, c.req.param("id")));
}

async function showSearch(
	c: AdminContext,
	parts: MergeParts,
	user: Account,
	message: Markup,
	status = 200,
): Promise<Response> {
	const brand = brandOf(parts, user);
	const typed = typedIn(c.req.query("q"));
	const { after, page } = await foundFor(parts, user, typed, c.req.query("after"));
	const found = page?.accounts.filter(({ id }) => id !== user.id);
	const { next, isPartial } = page ?? NOBODY;
	const { locale } = c.var.visit;
	const building = (await parts.search.state()).isReady ? "" : notice(locale.text("merge.index"));
	const messages = html`${message}${building}`;
	const shown = { user, brand, typed, found, after, next, isPartial, locale };
	const content = mergeSearchPage({ ...shown, message: messages });
	return parts.show(c, headOf(user, locale), content, status);
}

function headOf(user: Account, { text }: Locale): PageHead {
	return headBelow(user, text("merge.title", { user: calledBy(user) }));
}

/** @returns no page before a search, and the first one for a text that is no cursor. */
async function foundFor(
	{ search }: MergeParts,
	{ brandId }: Account,
	words: string,
	after: string | undefined,
): Promise<{ readonly after: string | undefined; readonly page: FoundPeople | undefined }> {
	if (words === "") {
		return { after: undefined, page: undefined };
	}
	const anybody = { status: undefined, linked: undefined, withoutOtherWayIn: false };
	return pageOrFirst(after, (cursor) =>
		search.page({ ...anybody, words, brandId }, [brandId], cursor),
	);
}

async function showQuestion(
	c: AdminContext,
	parts: MergeParts,
	user: Account,
	into: Account,
): Promise<Response> {
	const { csrf, locale } = c.var.visit;
	const addOns = await parts.addOns.all();
	const page = mergeQuestionPage({
		gone: { user, linked: await linkedAccountsOf(addOns, user.id) },
		stays: { user: into, linked: await linkedAccountsOf(addOns, into.id) },
		brand: brandOf(parts, user),
		locale,
		csrf,
	});
	return parts.show(c, headOf(user, locale), page);
}

async function merge(c: AdminContext, parts: MergeParts, userId: string): Promise<Response> {
	const user = await parts.accounts.find(userId);
	if (user === undefined) {
		return c.notFound();
	}
	const into = await userThatStays(parts, user, typedIn(field(c.var.visit.form, "into")));
	if ("problem" in into) {
		const { text, say } = c.var.visit.locale;
		const sentences = `${text("merge.nothing-done")} ${say(into.problem)}`;
		return showSearch(c, parts, user, notice(sentences, true), 400);
	}
	const done = await startJob(c, parts, MERGE_USERS, { userId, intoUserId: into.id });
	return done instanceof Response
		? done
		: c.redirect(withQuery(userPath(into.id), { done: "merged" }), 303);
}

/** The user that the operator has named, or what says why it is none. */
async function userThatStays(
	{ accounts, brands }: Pick<MergeParts, "accounts" | "brands">,
	{ id, brandId }: Account,
	typed: string,
): Promise<Account | { readonly problem: Message }> {
	if (typed === "") {
		return { problem: { key: "merge.missing" } };
	}
	const found = await accounts.matching(brandId, typed);
	const [other, ...more] = found.filter((each) => each.id !== id);
	if (other !== undefined && more.length === 0) {
		return other;
	}
	if (other !== undefined) {
		const either = [other, ...more].map((each) => each.id);
		return { problem: { key: "merge.several", values: { typed, ids: { either } } } };
	}
	const brand = brands.find((each) => each.id === brandId)?.name ?? brandId;
	const key = found.length > 0 ? "merge.same" : "merge.unknown";
	return { problem: { key, values: { typed, brand } } };
}

function typedIn(value: string | undefined): string {
	return pastedText(value ?? "").slice(0, 254);
}
