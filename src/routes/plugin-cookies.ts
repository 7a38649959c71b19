import { parse, serialize } from "hono/utils/cookie";
import type { Brand } from "../contract/brands.ts";
import type { PluginCookie } from "../contract/login-response.ts";

/** Where cookies belong. */
export interface CookiePlace {
	readonly brandId: string;
	/** The brand's base URL. */
	readonly baseUrl: string;
}

export function placeOf({ id, baseUrl }: Pick<Brand, "id" | "baseUrl">): CookiePlace {
	return { brandId: id, baseUrl };
}

/** The name of a plugin's cookie: the plugin, the brand, and the name that the plugin gave it. */
const PLUGIN_COOKIE = /^(?:__Host-)?[a-z][a-z0-9-]*\.([^.]+)\.[a-z-]+$/;

/** Cookies are Secure and bound to their host, except where a brand is on plain http on loopback. */
export function cookieTraits({ baseUrl }: Pick<CookiePlace, "baseUrl">): {
	readonly prefix: "__Host-" | "";
	readonly options: { httpOnly: true; sameSite: "Lax"; path: "/"; secure: boolean };
} {
	const secure = baseUrl.startsWith("https:");
	const options = { httpOnly: true, sameSite: "Lax", path: "/", secure } as const;
	return { prefix: secure ? "__Host-" : "", options };
}

/**
 * The cookies of one plugin in a request, by the names that the plugin gave them.
 *
 * @param header the `Cookie` header. Undefined: there is none.
 */
export function pluginCookiesIn(
	header: string | undefined,
	place: CookiePlace,
	pluginId: string,
): Readonly<Record<string, string>> {
	const prefix = prefixOf(place, pluginId);
	const own = Object.entries(parse(header ?? "")).flatMap(([name, value]) =>
		name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
	);
	return Object.fromEntries(own);
}

/** The `Set-Cookie` values for cookies of a plugin (RFC 6265 section 4.1). */
export function pluginCookieLines(
	cookies: readonly PluginCookie[],
	place: CookiePlace,
	pluginId: string,
): readonly string[] {
	const { options } = cookieTraits(place);
	const prefix = prefixOf(place, pluginId);
	return cookies.map(({ name, value, maxAgeSeconds }) =>
		serialize(`${prefix}${name}`, value, { ...options, maxAge: maxAgeSeconds }),
	);
}

/**
 * The `Set-Cookie` values that delete the cookies of every plugin at some brands, even of a plugin that was deleted and
 * whose id nobody remembers. A log-in that was begun in another tab then logs nobody in.
 *
 * @param header the `Cookie` header. Undefined: there is none.
 */
export function expiredPluginCookies(
	header: string | undefined,
	places: readonly CookiePlace[],
): readonly string[] {
	return Object.keys(parse(header ?? "")).flatMap((name) => {
		const [, brand] = PLUGIN_COOKIE.exec(name) ?? [];
		const place = places.find(({ brandId }) => encoded(brandId) === brand);
		return place === undefined
			? []
			: [serialize(name, "", { ...cookieTraits(place).options, maxAge: 0 })];
	});
}

/** It ends in a dot, which no plugin id contains, so that the cookies of two plugins cannot be mixed up. */
function prefixOf(place: CookiePlace, pluginId: string): string {
	return `${cookieTraits(place).prefix}${pluginId}.${encoded(place.brandId)}.`;
}

/** The id of a brand as a part of a cookie's name. It contains no dot, which ends it there. */
export function encoded(brandId: string): string {
	return encodeURIComponent(brandId).replace(
		/[.()]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
