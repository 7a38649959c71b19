import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Library } from "./make-provider.ts";

/** How long a browser in which nobody is logged in may take to log out. Seconds. */
const LOG_OUT_SECONDS = 10 * 60;

/**
 * Bounds what anybody on the internet can make a provider store by a request alone, without an account: requests of
 * connected helpdesks, and sessions in which nobody is logged in. All else that is stored follows a log-in. How long a request
 * may be follows from how long the headers of a request may be: the library takes none as a form.
 *
 * @param mayStore counts what the network of the browser stores, and says whether it may.
 */
export function boundedRecords(
	model: string,
	records: Adapter,
	{ errors }: Pick<Library, "errors">,
	mayStore: () => boolean,
): Adapter {
	const upsert: Adapter["upsert"] = async (id, payload, expiresIn = 0) => {
		if (model === "Session" && payload.accountId === undefined) {
			// The library stores one for every browser that sends a cookie, even where it has nothing to remember.
			if (payload.state === undefined || !mayStore()) {
				return;
			}
			return records.upsert(id, payload, Math.min(expiresIn, LOG_OUT_SECONDS));
		}
		if (model === "Interaction" && isNew(payload) && !mayStore()) {
			throw new errors.TemporarilyUnavailable("too many requests, try again in a minute");
		}
		return records.upsert(id, payload, expiresIn);
	};
	return { ...records, upsert };
}

/** A request that the visitor has not answered yet. */
function isNew({ result }: AdapterPayload): boolean {
	return result === undefined;
}
