import type { Message } from "../locale/locale.ts";
import { type InZone, sortableTime } from "../locale/shown-time.ts";
import type { Untold } from "./log-out-messages.ts";

/**
 * Says how many messages wait for a connected helpdesk, and since when.
 *
 * @param helpdesk its name.
 */
export function untoldSentence(
	{ count, isMore, since }: Untold,
	helpdesk: string,
	zone: InZone,
): Message {
	return {
		key: isMore ? "helpdesk.untold-more" : "helpdesk.untold",
		values: { count, helpdesk, since: sortableTime(since, "minute", zone) },
	};
}
