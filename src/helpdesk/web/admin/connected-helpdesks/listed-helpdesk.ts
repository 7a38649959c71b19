import { orUnreadable, UnreadableValueError } from "../../../../storage/stored-value.ts";
import type { ConnectedHelpdesk } from "../../../openid/connected-helpdesk.ts";
import type { ConnectedHelpdesks } from "../../../openid/connected-helpdesks.ts";
import type { ListedHelpdesk } from "./helpdesks-list-page.ts";

/** A connected helpdesk with what pages show about it. */
export async function listedHelpdesk(
	helpdesks: ConnectedHelpdesks,
	helpdesk: ConnectedHelpdesk,
): Promise<ListedHelpdesk> {
	const lastUsed = await orUnreadable(() => helpdesks.lastUsed(helpdesk.id));
	return {
		helpdesk,
		isConfigured: helpdesks.isConfigured(helpdesk.id),
		lastUsed: lastUsed instanceof UnreadableValueError ? "unreadable" : lastUsed,
	};
}
