import { addressAskedFor } from "../../canonical-host.ts";
import type { AdminContext } from "../admin-pages.ts";
import { withQuery } from "../list-pager.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { isOfAdministration, RETURN_TO } from "../prove/prove-path.ts";

/** The log-in, which leads on to the page that was asked for. What a form sent is lost, so a form leads to the first page. */
export function logInPath(c: AdminContext): string {
	const { pathname, search } = addressAskedFor(c);
	const asked = pathname + search;
	const isPage = c.req.method !== "POST" && pathname !== ADMIN_PATHS.overview;
	return isPage && isOfAdministration(asked)
		? withQuery(ADMIN_PATHS.logIn, { [RETURN_TO]: asked })
		: ADMIN_PATHS.logIn;
}

/** Where a log-in leads. @param asked by the browser: only a page of the administration counts. */
export function pageAfterLogIn(asked: string): string {
	return isOfAdministration(asked) ? asked : ADMIN_PATHS.overview;
}
