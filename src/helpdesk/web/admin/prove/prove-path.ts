import { parseUrl } from "../../../../contract/parse-url.ts";
import { addressAskedFor } from "../../canonical-host.ts";
import { accessTo } from "../access.ts";
import type { AdminContext } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { saysDone } from "../own-messages.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** The query field with the page to go on with. */
export const RETURN_TO = "returnTo";

/**
 * The page that asks operators to prove again who they are. It leads back to the page that was asked for; after a form, to
 * the page with the form, which has to be sent once more.
 *
 * @param pattern the path of the route, with the names of its parameters.
 */
export function provePath(c: AdminContext, pattern: string): string {
	const { pathname, search } = addressAskedFor(c);
	const page = c.req.method === "POST" ? pageAbove(pathname, pattern) : pathname;
	return withQuery(ADMIN_PATHS.prove, { [RETURN_TO]: page + search });
}

/** Whether a path leads to a page of the administration, and nowhere else. One that says what was done is no page to go on with. */
export function isOfAdministration(path: string): boolean {
	const isPage = path === ADMIN_PATHS.overview || /^\/admin[/?][\w\-/?=&%.:~+*]*$/.test(path);
	// Browsers go up at dots, also where they are escaped.
	const leadsTo = parseUrl(`http://localhost${path}`)?.pathname ?? "";
	return isPage && /^\/admin(?:\/|$)/.test(leadsTo) && !saysDone(path);
}

/** The nearest page that can be opened: the one of the form's own path, or one above it. */
function pageAbove(path: string, pattern: string): string {
	const above = (of: string): string => of.slice(0, of.lastIndexOf("/"));
	for (let at = { path, pattern }; at.pattern !== ""; ) {
		if (accessTo("GET", at.pattern) !== undefined) {
			return at.path;
		}
		at = { path: above(at.path), pattern: above(at.pattern) };
	}
	return ADMIN_PATHS.overview;
}
