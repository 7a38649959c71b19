import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";

const PER_PAGE = 50;
const CURSOR = /^(\d{1,16})\.(\d{1,6})$/;

/** One page of a list of attempts. */
export interface SignInPage {
	readonly shown: readonly SignInEntry[];
	/** How many newer attempts there are. */
	readonly start: number;
	/** The cursor of the page with newer attempts; null for the first page; undefined where there is none. */
	readonly newer: string | null | undefined;
	/** The cursor of the page with older attempts; undefined where there is none. */
	readonly older: string | undefined;
}

/**
 * A page of a list, newest first. It begins where it is told to, whatever newer attempts have come in meanwhile.
 *
 * @param after a cursor of another page; undefined for the first page, which is also the answer to a text that is no cursor.
 * After the last attempt comes the last page.
 */
export function signInPage(entries: readonly SignInEntry[], after: string | undefined): SignInPage {
	const start = startAfter(entries, after);
	const end = start + PER_PAGE;
	const newer = start - PER_PAGE;
	return {
		shown: entries.slice(start, end),
		start,
		newer: start === 0 ? undefined : newer <= 0 ? null : cursorAfter(entries, newer),
		older: end < entries.length ? cursorAfter(entries, end) : undefined,
	};
}

/** A time, and how many attempts of exactly that time come before. */
function cursorAfter(entries: readonly SignInEntry[], count: number): string {
	const before = entries.slice(0, count);
	const at = before.at(-1)?.at ?? 0;
	return `${at}.${before.filter((entry) => entry.at === at).length}`;
}

function startAfter(entries: readonly SignInEntry[], cursor: string | undefined): number {
	const [, time, count] = CURSOR.exec(cursor ?? "") ?? [];
	if (time === undefined) {
		return 0;
	}
	const newer = entries.filter(({ at }) => at > Number(time)).length;
	const same = entries.filter(({ at }) => at === Number(time)).length;
	const start = newer + Math.min(same, Number(count));
	return start < entries.length ? start : Math.max(0, entries.length - PER_PAGE);
}
