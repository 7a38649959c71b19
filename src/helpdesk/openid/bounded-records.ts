import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Library } from "./make-provider.ts";

/**
 * Bounds what anybody on the internet can make a provider store by a request alone, without an account: requests of
 * connected helpdesks. All else that is stored follows a log-in. How long a request may be follows from how long the headers
 * of a request may be: the library takes none as a form, and a form becomes an address before it gets here.
 *
 * @param mayStore counts what the network of the browser stores, and says whether it may.
 */
export function boundedRecords(
	model: string,
	records: Adapter,
	{ errors }: Pick<Library, "errors">,
	mayStore: () => boolean,
): Adapter {
	const upsert: Adapter["upsert"] = async (id, payload, expiresIn) => {
		// The library stores one for every browser that sends a cookie or logs out. There is nothing to remember in it.
		if (model === "Session" && payload.accountId === undefined) {
			return;
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
