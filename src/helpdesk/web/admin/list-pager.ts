import { html } from "hono/html";
import type { Locale } from "../../locale/locale.ts";
import type { Markup } from "../layout.ts";

/** The most rows of a list on one page. */
export const ROWS_PER_PAGE = 25;

/** Some rows of a list. */
export interface RowsShown<Row> {
	readonly rows: readonly Row[];
	/** What the query of the next page names; undefined on the last page. */
	readonly next: string | undefined;
	readonly isFirst: boolean;
}

/**
 * The rows after one of a list that is short enough to be in memory.
 *
 * @param nameOf the name of a row in the address of a page, which no other row has.
 * @param after the name of the last row of the page before. One that no row has gives the first page.
 */
export function rowsAfter<Row>(
	all: readonly Row[],
	nameOf: (row: Row) => string,
	after: string | undefined,
): RowsShown<Row> {
	const start = all.findIndex((row) => nameOf(row) === after) + 1;
	const rows = all.slice(start, start + ROWS_PER_PAGE);
	const last = rows.at(-1);
	const isLast = last === undefined || start + rows.length >= all.length;
	return { rows, next: isLast ? undefined : nameOf(last), isFirst: start === 0 };
}

/**
 * Links to the first and to the next page of a list. Empty where all rows fit on one page.
 *
 * @param label what screen readers call it. Two on a page have different ones.
 */
export function pager(page: {
	readonly label: string;
	/** The address of the first page; undefined on that page. */
	readonly first: string | undefined;
	/** The address of the next page; undefined on the last one. */
	readonly next: string | undefined;
	readonly nextLabel?: string;
	readonly locale: Locale;
}): Markup {
	const { label, first, next, locale } = page;
	const { nextLabel = locale.text("frame.pager.next") } = page;
	if (first === undefined && next === undefined) {
		return html``;
	}
	const links = [
		first === undefined ? "" : html`<a href="${first}">${locale.text("frame.pager.first")}</a>`,
		next === undefined ? "" : html`<a href="${next}">${nextLabel}</a>`,
	];
	return html`<nav class="pager" aria-label="${label}">${links}</nav>`;
}

/**
 * A page of a list by cursor.
 *
 * @returns the first page for a text that is no cursor, as in an address that was cut off. `after` is then undefined.
 */
export async function pageOrFirst<Page>(
	after: string | undefined,
	pageAfter: (after?: string) => Promise<Page>,
): Promise<{ readonly after: string | undefined; readonly page: Page }> {
	try {
		return { after, page: await pageAfter(after) };
	} catch (error) {
		if (after === undefined || !(error instanceof TypeError)) {
			throw error;
		}
		return { after: undefined, page: await pageAfter() };
	}
}

/** A path with a query of the values that are there. */
export function withQuery(
	path: string,
	values: Readonly<Record<string, string | undefined>>,
): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(values)) {
		if (value !== undefined && value !== "") {
			query.set(name, value);
		}
	}
	return query.size === 0 ? path : `${path}?${query}`;
}
