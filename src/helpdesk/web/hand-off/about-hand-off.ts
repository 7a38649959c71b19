import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Brand } from "../../../contract/brands.ts";
import { returnPath } from "../../../contract/return-path.ts";
import { cookieTraits } from "../../../routes/plugin-cookies.ts";
import { orUnreadable, UnreadableValueError } from "../../../storage/stored-value.ts";
import { HAND_OFF_PATH } from "../../hand-off/hand-off-paths.ts";
import type { HandOffs } from "../../hand-off/hand-offs.ts";
import { originsOf } from "../../hand-off/return-address.ts";
import { LATER_PAGE } from "../openid/connect-routes.ts";
import { field, type Place, type VisitEnv } from "../visit.ts";

const HELPDESK_ID = /^[a-z0-9-]{1,64}$/;

/** As long as a visitor may take to log in. Seconds. */
const REMEMBERED_SECONDS = 60 * 60;

/** How many helpdesks are remembered until a log-out. */
const MOST_HANDED = 10;

/**
 * Finds the helpdesk that a visit is about: the one in the path that it leads on to, else, on a page that comes after others,
 * the last one of this browser. Pages name it, and their forms may lead to it.
 */
export function aboutHandOff({
	brand,
	place,
	handOffs: { helpdesks },
}: {
	readonly brand: Brand;
	readonly place: Place;
	readonly handOffs: Pick<HandOffs, "helpdesks">;
}): MiddlewareHandler<VisitEnv> {
	return async (c, next) => {
		const { pathname } = new URL(c.req.url);
		const wanted = c.req.query("returnTo") ?? field(c.var.visit.form, "return_to");
		const path = returnPath(wanted, brand.baseUrl);
		const named = idIn(pathname) ?? idIn(path);
		const isLater = wanted === undefined && LATER_PAGE.test(pathname);
		const id = named ?? (isLater ? getCookie(c, wayCookie(place)) : undefined);
		const helpdesk = id === undefined ? undefined : await orUnreadable(() => helpdesks.find(id));
		if (helpdesk !== undefined && !(helpdesk instanceof UnreadableValueError)) {
			c.set("handOff", helpdesk);
			c.set("leadsTo", originsOf(helpdesk));
			// The last one counts that the visitor went to.
			c.set("waiting", undefined);
		}
		return next();
	};
}

/** The origins that a form of this visit may lead to. */
export function handOffTargetsOf(c: Context): readonly string[] {
	return (c as Context<Partial<VisitEnv>>).var.leadsTo ?? [];
}

/** Remembers on the way through log-in pages which helpdesk a visitor comes from. */
export function rememberWay(c: Context<VisitEnv>, place: Place, helpdeskId: string): void {
	const { options } = cookieTraits(place);
	setCookie(c, wayCookie(place), helpdeskId, { ...options, maxAge: REMEMBERED_SECONDS });
}

/** Forgets the way, and remembers until the log-out that the browser was handed over. */
export function noteHanded(c: Context<VisitEnv>, place: Place, helpdeskId: string): void {
	const { options } = cookieTraits(place);
	setCookie(c, wayCookie(place), "", { ...options, maxAge: 0 });
	const others = handedTo(c, place).filter((id) => id !== helpdeskId);
	const ids = [...others, helpdeskId].slice(-MOST_HANDED);
	setCookie(c, handedCookie(place), ids.join("."), options);
}

/** The ids of the helpdesks that this browser was handed over to since the last log-out. */
export function handedTo(c: Context, place: Place): readonly string[] {
	const ids = (getCookie(c, handedCookie(place)) ?? "").split(".");
	return [...new Set(ids.filter((id) => HELPDESK_ID.test(id)))].slice(-MOST_HANDED);
}

export function forgetHanded(c: Context, place: Place): void {
	const { options } = cookieTraits(place);
	for (const name of [wayCookie(place), handedCookie(place)]) {
		if (getCookie(c, name) !== undefined) {
			setCookie(c, name, "", { ...options, maxAge: 0 });
		}
	}
}

function idIn(path: string): string | undefined {
	const [, , id = ""] = path.split(/[/?]/);
	return path.startsWith(`${HAND_OFF_PATH}/`) && HELPDESK_ID.test(id) ? id : undefined;
}

function wayCookie(place: Place): string {
	return `${cookieTraits(place).prefix}hand-off-${place.brandId}`;
}

function handedCookie(place: Place): string {
	return `${cookieTraits(place).prefix}handed-${place.brandId}`;
}
