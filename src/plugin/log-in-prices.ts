import type { LogInPrices } from "../contract/log-in-prices.ts";
import costs from "./log-in-costs.json" with { type: "json" };

const { currency, source, readOn, protocols } = costs;

/**
 * What X charges for log-ins. `GET /2/users/me` is a `User: Read`, for which X charges once for each user and UTC day. X
 * publishes no price for the calls of OAuth 1.0a (`access_token`, `verify_credentials`).
 *
 * `log-in-costs.json` is the one place with the prices, and the calls that tests count. The README's table is made from it.
 */
export const LOG_IN_PRICES: LogInPrices = {
	currency,
	source,
	readOn,
	protocols: protocols.map(({ protocol, name, perPersonAndDay }) => ({
		protocol,
		name,
		perPersonAndDay,
	})),
};
