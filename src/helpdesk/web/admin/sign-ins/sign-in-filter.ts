import { OUTCOMES, type SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { PERIODS, type Period } from "../../../sign-ins/sign-in-figures.ts";
import type { StrayCount } from "../../../sign-ins/stray-hours.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** The part of the ledger that an operator wants to see. */
export interface SignInFilter {
	readonly period: Period;
	/** Empty for all brands. */
	readonly brandId: string;
	/**
	 * An outcome, or one end by plugin, code and problem, see {@link endedBy}: the reader of a shared address has titles in
	 * their own language. Versions before 0.3.0 wrote `reason:` and the title of an end. Empty for all ends.
	 */
	readonly ended: string;
	/** The id of the only user whose attempts are meant. Empty for everybody's. */
	readonly userId: string;
}

/** One end, of those that have the same title. */
export interface NamedEnd {
	readonly pluginId: string;
	readonly code: string;
	readonly problem: string | null;
}

const END = /^end:([a-z0-9-]+)\/([a-z0-9-]+)(?:\/([a-z0-9-]+))?$/;
const REASON = "reason:";
const MAX_REASON = 200;

export function readFilter(query: (name: string) => string | undefined): SignInFilter {
	const period = query("period") ?? "";
	const ended = (query("ended") ?? "").slice(0, MAX_REASON);
	const known =
		END.test(ended) || ended.startsWith(REASON) || OUTCOMES.some((each) => each === ended);
	return {
		period: isPeriod(period) ? period : "week",
		brandId: (query("brand") ?? "").slice(0, 128),
		ended: known ? ended : "",
		userId: /^[\w-]{1,64}$/.exec(query("user") ?? "")?.[0] ?? "",
	};
}

function isPeriod(name: string): name is Period {
	return Object.hasOwn(PERIODS, name);
}

/** The filter for the ends that have the same title as one. */
export function endedBy({ pluginId, code, problem }: NamedEnd): string {
	return `end:${[pluginId, code, ...(problem === null ? [] : [problem])].join("/")}`;
}

/** The end in the filter; undefined where it has none. */
export function endIn({ ended }: SignInFilter): NamedEnd | undefined {
	const [, pluginId, code, problem = null] = END.exec(ended) ?? [];
	return pluginId === undefined || code === undefined ? undefined : { pluginId, code, problem };
}

/** The title in a filter of versions before 0.3.0; undefined where it has none. */
export function titleIn({ ended }: SignInFilter): string | undefined {
	return ended.startsWith(REASON) ? ended.slice(REASON.length) : undefined;
}

/** @param reason the title of the ends that are meant, in the language of the titles; undefined where the filter names none. */
export function matches(
	{ brandId, ended }: SignInFilter,
	reason: string | undefined,
	entry: SignInEntry,
	titleOf: (entry: SignInEntry) => string,
): boolean {
	return (
		(brandId === "" || entry.brandId === brandId) &&
		(ended === "" || entry.outcome === ended || titleOf(entry) === reason)
	);
}

/** How many requests that belong to no log-in a filter shows. They have a brand and no user, and they were all refused. */
export function countIn(
	{ brandId, ended, userId }: SignInFilter,
	strays: readonly StrayCount[],
): number {
	if (userId !== "") {
		return 0;
	}
	const shown = strays.filter((each) => brandId === "" || each.brandId === brandId);
	const isShown = ended === "" || ended === ("refused" satisfies SignInEntry["outcome"]);
	return isShown ? shown.reduce((sum, { count }) => sum + count, 0) : 0;
}

/** The address of the file with the filtered list. */
export function exportPathOf(filter: SignInFilter): string {
	return `${ADMIN_PATHS.signInsExport}?${queryOf(filter)}`;
}

/** The address of the filtered list, or of the page of it that begins after a cursor. */
export function pathOf(filter: SignInFilter, after?: string): string {
	const query = queryOf(filter);
	if (after !== undefined) {
		query.set("after", after);
	}
	return `${ADMIN_PATHS.signIns}?${query}`;
}

function queryOf(filter: SignInFilter): URLSearchParams {
	const query = new URLSearchParams({ period: filter.period });
	if (filter.brandId !== "") {
		query.set("brand", filter.brandId);
	}
	if (filter.ended !== "") {
		query.set("ended", filter.ended);
	}
	if (filter.userId !== "") {
		query.set("user", filter.userId);
	}
	return query;
}
