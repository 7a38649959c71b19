import type { Context } from "hono";
import type { Brand } from "../../contract/brands.ts";
import { returnPath } from "../../contract/return-path.ts";
import { HAND_OFF_PATH } from "../hand-off/hand-off-paths.ts";
import { CONNECT_PATH } from "../openid/make-provider.ts";
import { rememberedWay } from "./helpdesk-cookies.ts";
import { field, type Place, type VisitEnv } from "./visit.ts";

/** The pages that lead on to a helpdesk. Below each, the path has the id of a request or of a helpdesk. */
const PAGES = [CONNECT_PATH, HAND_OFF_PATH] as const;
type HelpdeskPage = (typeof PAGES)[number];

const ID = /^[\w-]{1,64}$/;

/** Pages that a visitor gets to from another page, and that may not name where they lead on to. */
const LATER_PAGE = /^\/(?:login\/|register|reset|account\/email)/;

/**
 * The id of the request or helpdesk that a visit is about: the one in its path or in the path that it leads on to, else, on
 * a page that comes after others, the last one of this browser. A visit is about one, of one kind.
 *
 * @param page the kind that is asked for.
 * @returns undefined when the visit is about another kind, or about none.
 */
export function idOnTheWay(
	c: Context<VisitEnv>,
	{ brand, place }: { readonly brand: Pick<Brand, "baseUrl">; readonly place: Place },
	page: HelpdeskPage,
): string | undefined {
	const { pathname } = new URL(c.req.url);
	const wanted = c.req.query("returnTo") ?? field(c.var.visit.form, "return_to");
	const isLater = wanted === undefined && LATER_PAGE.test(pathname);
	const found =
		partsOf(pathname) ??
		partsBehind(returnPath(wanted, brand.baseUrl)) ??
		(isLater ? partsOf(rememberedWay(c, place) ?? "") : undefined);
	return found?.page === page ? found.id : undefined;
}

/** In a path, or in the one that it leads on to: the page for an address asks for a proof first. */
function partsBehind(path: string) {
	const [, query = ""] = path.split("?");
	return partsOf(path) ?? partsOf(new URLSearchParams(query).get("returnTo") ?? "");
}

function partsOf(path: string) {
	const [, first = "", id = ""] = path.split(/[/?]/);
	const page = PAGES.find((each) => each === `/${first}`);
	return page !== undefined && ID.test(id) ? { page, id } : undefined;
}
