import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { linkedAccountsOf } from "../../../add-ons/linked-accounts.ts";
import { inParallel } from "../../../in-parallel.ts";
import type { Jobs } from "../../../jobs/jobs.ts";
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { indexJobOf } from "../../../people/jobs/index-job.ts";
import type { PeopleCounts } from "../../../people/people-counts.ts";
import type { FoundPeople, PeopleSearch } from "../../../people/people-search.ts";
import type { Account } from "../../../people/stored-account.ts";
import { type Markup, notice } from "../../layout.ts";
import { field } from "../../visit.ts";
import { type AdminContext, LeftOut, type ShowPage } from "../admin-pages.ts";
import { NO_PROBLEMS } from "../form-fields.ts";
import { pageOrFirst } from "../list-pager.ts";
import { jobPaths } from "../paths.ts";
import { isEverybody, peopleFilter, readFilter, type UsersFilter } from "./users-filter.ts";
import { usersNumbers } from "./users-numbers.ts";
import { type ListedUser, usersPage } from "./users-page.ts";

/** The most add-ons and people that are asked about at once. */
const AT_ONCE = 10;

export interface UsersListParts {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	readonly search: Pick<PeopleSearch, "page" | "state">;
	readonly counts: Pick<PeopleCounts, "at">;
	readonly jobs: Jobs;
	readonly logError: (what: string, error: unknown) => void;
	readonly show: ShowPage;
}

/** Shows the users that the query of the page asks for. */
export async function listUsers(
	c: AdminContext,
	parts: UsersListParts,
	message: Markup,
	status = 200,
	problems = NO_PROBLEMS,
): Promise<Response> {
	const { brands, counts, show } = parts;
	const index = await parts.search.state();
	const asked = readFilter((name) => c.req.query(name), brands);
	const filter: UsersFilter = index.isReady
		? asked
		: { ...asked, brand: "", status: "", linked: "" };
	const { csrf, form, locale } = c.var.visit;
	const leftOut = new LeftOut(parts.logError, locale);
	const { after, page } = await shownPage(parts, filter, c.req.query("after"), leftOut.report);
	const isFirst = after === undefined && isEverybody(filter);
	const building = index.isReady ? html`` : await buildingNotice(parts, locale);
	const shown = usersPage({
		...{ brands, filter, after, csrf, problems, locale },
		...{ next: page.next, isPartial: page.isPartial },
		users: await listed(page.accounts, await parts.addOns.all()),
		canFilter: index.isReady,
		numbers: isFirst ? await usersNumbers(counts, brands, locale) : html``,
		message: html`${message}${building}${leftOut.notice}`,
		typed: { brandId: field(form, "brand"), email: field(form, "email") ?? "" },
	});
	return show(c, locale.text("users.title"), shown, status);
}

/** What is linked to each, as it is known. Add-ons are asked about those of whom it is not known yet. */
async function listed(
	accounts: readonly Account[],
	addOns: readonly AddOn[],
): Promise<readonly ListedUser[]> {
	const names = new Map(addOns.map(({ loaded: { manifest } }) => [manifest.id, manifest.name]));
	return inParallel(accounts, AT_ONCE, async (account) => {
		const handles =
			account.links?.map(({ addOn, label }) => `${names.get(addOn) ?? addOn} ${label}`) ??
			(await linkedAccountsOf(addOns, account.id)).map(
				({ addOn, label }) => `${addOn.loaded.manifest.name} ${label}`,
			);
		return { account, handles };
	});
}

function shownPage(
	{ search, brands }: UsersListParts,
	filter: UsersFilter,
	after: string | undefined,
	report: LeftOut["report"],
): Promise<{ readonly after: string | undefined; readonly page: FoundPeople }> {
	const brandIds = brands.map(({ id }) => id);
	return pageOrFirst(after, (cursor) =>
		search.page(peopleFilter(filter), brandIds, cursor, report),
	);
}

/** Says how much of the index is there, and which job builds it. */
async function buildingNotice({ jobs }: UsersListParts, { text, markup }: Locale): Promise<Markup> {
	const job = await indexJobOf(jobs);
	if (job === undefined || job.state === "cancelled" || job.state === "done") {
		return notice(text("users.index.soon"));
	}
	const { done, total, state } = job;
	const isCounted = total !== null && total > 0;
	const percent = isCounted ? Math.floor((100 * done) / total) : 0;
	const { job: path } = jobPaths(job.id);
	const sentences = (key: TextKey): Markup =>
		markup(key, { percent }, { link: (content) => html`<a href="${path}">${content}</a>` });
	return state === "failed"
		? html`<p class="notice bad" role="alert">${sentences(isCounted ? "users.index.failed-share" : "users.index.failed")}</p>`
		: html`<p class="notice" role="status">${sentences(isCounted ? "users.index.builds-share" : "users.index.builds")}</p>`;
}
