import type { IncomingMessage } from "node:http";
import { OPENID_PATH } from "../../openid/make-provider.ts";
import { ENDPOINT_PATHS } from "../../openid/presets/paste-table.ts";

/** The endpoints that a person is sent to. A helpdesk asks the others itself. */
const PATHS = [ENDPOINT_PATHS.authorization, ENDPOINT_PATHS.endSession].map(
	(path) => OPENID_PATH + path,
);

/**
 * Whether a browser asks an endpoint that people are sent to without going there: for an image, by a script, or in advance
 * (Fetch Metadata; Sec-Purpose). Any page on the web can make any number of such requests. A helpdesk may look in a hidden
 * frame whether somebody is logged in, which is a navigation.
 *
 * A browser that says how it asks says from which site, too. Programs that are no browser may leave that out.
 */
export function isStray({ url = "", headers }: Pick<IncomingMessage, "url" | "headers">): boolean {
	const [path = ""] = url.split("?");
	if (!PATHS.some((each) => path === each || path.startsWith(`${each}/`))) {
		return false;
	}
	const isElse =
		headers["sec-fetch-site"] !== undefined && headers["sec-fetch-mode"] !== "navigate";
	return isElse || headers["sec-purpose"] !== undefined || headers["purpose"] !== undefined;
}

/** Whether a person goes to the authorization endpoint. */
export function isArrival({
	method,
	url = "",
	headers,
}: Pick<IncomingMessage, "method" | "url" | "headers">): boolean {
	const isPage =
		headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
	return method === "GET" && isPage && url.split("?")[0] === PATHS[0];
}
