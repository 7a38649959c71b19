import type { LoginEndedFields } from "./login-ended.ts";

/**
 * What log-ins cost at the provider, as its published prices say. For an estimate on the administrator's pages, not for a
 * bill. Plain data: a host copies and checks it when it loads the plugin.
 */
export interface LogInPrices {
	/** ISO 4217: `USD`. */
	readonly currency: string;
	/**
	 * The key of a text of the plugin that says where the provider publishes these prices. An https address in it can be
	 * shown as a link.
	 */
	readonly source: string;
	/** The day on which these prices were read there: `2026-08-22`. */
	readonly readOn: string;
	/** One for each protocol that the plugin speaks, even those without a price. */
	readonly protocols: readonly ProtocolPrice[];
}

interface ProtocolPrice {
	/** As in {@link LoginEndedFields.protocol}: `oauth2`. */
	readonly protocol: string;
	/** As administrators know it: `OAuth 2.0`. */
	readonly name: string;
	/**
	 * The price for each person and each UTC day on which the provider said at least once who they are, in units of the
	 * currency. Null where the provider publishes no price.
	 */
	readonly perPersonAndDay: number | null;
}
