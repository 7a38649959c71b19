import { type InZone, sortableTime } from "../locale/shown-time.ts";
import type { Untold } from "./log-out-messages.ts";

/**
 * Says how many messages wait for a connected helpdesk, and since when.
 *
 * @param who the helpdesk.
 */
export function untoldSentence(
	{ count, isMore, since }: Untold,
	who: string,
	zone: InZone,
): string {
	const at = sortableTime(since, "minute", zone);
	const why = "The log of the helpdesk says why (openid.log-out-waits).";
	return count === 1 && !isMore
		? `1 message about a log-out has been waiting for ${who} since ${at}. It is given up after a day. ${why}`
		: `${isMore ? "More than " : ""}${count} messages about log-outs have been waiting for ${who} since ${at}. Each is given up after a day. ${why}`;
}
