import { OUTCOMES, type SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { PERIODS, type Period } from "../../../sign-ins/sign-in-figures.ts";
import { ADMIN_PATHS } from "../admin-pages.ts";

/** What an operator wants to see of the ledger. */
export interface SignInFilter {
	readonly period: Period;
	/** Empty: all. */
	readonly brandId: string;
	/** An outcome; or `reason:` and what the end is called; empty: all. */
	readonly ended: string;
}

const REASON = "reason:";
const MAX_REASON = 200;

export function readFilter(query: (name: string) => string | undefined): SignInFilter {
	const period = query("period") ?? "";
	const ended = query("ended") ?? "";
	const known = ended.startsWith(REASON) || OUTCOMES.some((each) => each === ended);
	return {
		period: Object.hasOwn(PERIODS, period) ? (period as Period) : "week",
		brandId: (query("brand") ?? "").slice(0, 128),
		ended: known ? ended.slice(0, MAX_REASON) : "",
	};
}

export function endedBy(title: string): string {
	return `${REASON}${title}`.slice(0, MAX_REASON);
}

/** What the end is called that the filter asks for, if it asks for one. */
export function reasonIn({ ended }: SignInFilter): string | undefined {
	return ended.startsWith(REASON) ? ended.slice(REASON.length) : undefined;
}

export function matches(
	{ brandId, ended }: SignInFilter,
	entry: SignInEntry,
	titleOf: (entry: SignInEntry) => string,
): boolean {
	return (
		(brandId === "" || entry.brandId === brandId) &&
		(ended === "" || entry.outcome === ended || endedBy(titleOf(entry)) === ended)
	);
}

/** Where the page, or what it exports, is shown by a filter. */
export function pathOf(filter: SignInFilter, page?: number | "export"): string {
	const query = new URLSearchParams({ period: filter.period });
	if (filter.brandId !== "") {
		query.set("brand", filter.brandId);
	}
	if (filter.ended !== "") {
		query.set("ended", filter.ended);
	}
	if (typeof page === "number") {
		query.set("page", String(page));
	}
	return `${ADMIN_PATHS.signIns}${page === "export" ? "/export" : ""}?${query}`;
}
