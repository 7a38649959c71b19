import type { MiddlewareHandler } from "hono";
import { parseUrl } from "../../../contract/parse-url.ts";
import { addressAskedFor } from "../canonical-host.ts";
import type { VisitEnv } from "../visit.ts";

/** The query field by which a page says what was done. */
const DONE = "done";
/** The query field by which a page of a job says why another one was not started. */
const NOTICE = "notice";

/**
 * A page says what was done because its address does, to which our own redirect leads. A link in an e-mail or on another site
 * would make it say so although nothing was done, so such a link leads to the page without the message. Browsers say where
 * a request comes from; programs do not, and read no messages.
 */
export const ownMessagesAlone: MiddlewareHandler<VisitEnv> = async (c, next) => {
	const from = c.req.header("sec-fetch-site") ?? "same-origin";
	const address = addressAskedFor(c);
	if (from === "same-origin" || c.req.method !== "GET" || !address.searchParams.has(DONE)) {
		return next();
	}
	return c.redirect(withoutDone(address), 303);
};

/** The path and the query of a page that does not say what was done. */
export function withoutDone({ pathname, searchParams }: URL): string {
	const query = new URLSearchParams(searchParams);
	query.delete(DONE);
	query.delete(NOTICE);
	return query.size === 0 ? pathname : `${pathname}?${query}`;
}

/** Whether an address makes a page say what was done. No log-in leads to one. @param path of this site. */
export function saysDone(path: string): boolean {
	return parseUrl(`http://localhost${path}`)?.searchParams.has(DONE) === true;
}
