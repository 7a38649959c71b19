import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { cookieTraits } from "../../routes/plugin-cookies.ts";
import { LANGUAGES, type Locale, localeFor } from "../locale/locale.ts";
import type { Place } from "./visit.ts";

/** A year, in seconds. */
const REMEMBERED_SECONDS = 365 * 24 * 60 * 60;

/** The place whose pages are read. */
export type ReadPlace = Pick<Place, "role" | "brandId" | "baseUrl" | "locale">;

/**
 * The language of a page: the one that the reader chose in this browser, else the one that the browser asks for. It is in a
 * cookie, so that choosing stores nothing.
 */
export function readerLocale(c: Context, place: ReadPlace): Locale {
	return chosenLocale(getCookie(c, languageCookie(place)), c.req.header("accept-language"), place);
}

/** @param chosen the value of the cookie. */
export function chosenLocale(
	chosen: string | undefined,
	acceptLanguage: string | undefined,
	{ locale: fallback }: Pick<ReadPlace, "locale">,
): Locale {
	const asked = localeFor(acceptLanguage, fallback);
	// What the browser asks for may name the reader's region as well.
	return chosen === undefined || chosen === asked.language || !LANGUAGES.has(chosen)
		? asked
		: localeFor(chosen, fallback);
}

/** Remembers the choice of a language in this browser. A language that no page has is left out. */
export function rememberLanguage(c: Context, place: ReadPlace, language: string): void {
	if (LANGUAGES.has(language)) {
		const { options } = cookieTraits(place);
		setCookie(c, languageCookie(place), language, { ...options, maxAge: REMEMBERED_SECONDS });
	}
}

/** Its name has the brand and the role, because cookies ignore ports. */
export function languageCookie(place: Omit<ReadPlace, "locale">): string {
	return `${cookieTraits(place).prefix}language-${place.role}-${place.brandId}`;
}
