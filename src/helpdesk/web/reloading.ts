import type { Context } from "hono";

/** In the query of a page that opened itself again. */
const BY_ITSELF = "by-itself";

/**
 * Makes a page open itself again. Nobody has to be there for it, so it is no use of a session, which ends in front of such a
 * page like in front of any other.
 *
 * @param path of the page, without a query.
 */
export function reloadHeader(
	path: string,
	seconds: number,
): readonly [name: string, value: string] {
	return ["Refresh", `${seconds}; url=${path}?${BY_ITSELF}`];
}

/** Whether a page has opened itself again. */
export function isByItself(c: Context): boolean {
	return c.req.query(BY_ITSELF) !== undefined;
}
