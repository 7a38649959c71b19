import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { parse, serialize } from "hono/utils/cookie";
import { type CookiePlace, cookieTraits } from "../../routes/plugin-cookies.ts";

const HELPDESK_ID = /^[a-z0-9-]{1,64}$/;

/** As long as a visitor may take to log in, and as a request waits. Seconds. */
const REMEMBERED_SECONDS = 60 * 60;

/** How many helpdesks are remembered until a log-out. */
const MOST_HANDED = 10;

/**
 * Remembers on the way through log-in pages which page leads the visitor on to a helpdesk. One cookie stands for all kinds
 * of helpdesks, so that the last one counts that the visitor went to.
 */
export function rememberWay(c: Context, place: CookiePlace, path: string): void {
	const { options } = cookieTraits(place);
	setCookie(c, wayCookie(place), path, { ...options, maxAge: REMEMBERED_SECONDS });
}

/** The path that the request's cookie remembers; undefined for none. It comes from the browser. */
export function rememberedWay(c: Context, place: CookiePlace): string | undefined {
	return getCookie(c, wayCookie(place));
}

export function forgetWay(c: Context, place: CookiePlace): void {
	setCookie(c, wayCookie(place), "", { ...cookieTraits(place).options, maxAge: 0 });
}

/** Remembers until the log-out that the browser was handed over. */
export function noteHanded(c: Context, place: CookiePlace, helpdeskId: string): void {
	const others = handedTo(c, place).filter((id) => id !== helpdeskId);
	const ids = [...others, helpdeskId].slice(-MOST_HANDED);
	setCookie(c, handedCookie(place), ids.join("."), cookieTraits(place).options);
}

/** The ids of the helpdesks that this browser was handed over to since the log-in. */
export function handedTo(c: Context, place: CookiePlace): readonly string[] {
	const ids = (getCookie(c, handedCookie(place)) ?? "").split(".");
	return [...new Set(ids.filter((id) => HELPDESK_ID.test(id)))].slice(-MOST_HANDED);
}

/** Forgets where the browser was handed over, because that may have been somebody else. */
export function forgetHanded(c: Context, place: CookiePlace): void {
	if (getCookie(c, handedCookie(place)) !== undefined) {
		setCookie(c, handedCookie(place), "", { ...cookieTraits(place).options, maxAge: 0 });
	}
}

/**
 * The `Set-Cookie` values that forget the way and where the browser was handed over.
 *
 * @param header the `Cookie` header. Undefined: there is none.
 */
export function expiredHelpdeskCookies(
	header: string | undefined,
	place: CookiePlace,
): readonly string[] {
	const sent = parse(header ?? "");
	return [wayCookie(place), handedCookie(place)]
		.filter((name) => sent[name] !== undefined)
		.map((name) => serialize(name, "", { ...cookieTraits(place).options, maxAge: 0 }));
}

function wayCookie(place: CookiePlace): string {
	return `${cookieTraits(place).prefix}way-${place.brandId}`;
}

function handedCookie(place: CookiePlace): string {
	return `${cookieTraits(place).prefix}handed-${place.brandId}`;
}
