import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { ConnectedHelpdesks } from "./connected-helpdesks.ts";
import type { Consents } from "./consents.ts";

/** A connected helpdesk that a user has agreed to. */
export interface Agreement extends Pick<ConnectedHelpdesk, "id" | "name" | "address"> {
	/** When the user agreed. Milliseconds since the epoch. */
	readonly at: number;
}

/** The connected helpdesks that a user has agreed to, but those that were removed. The oldest agreement comes first. */
export async function agreementsOf(
	{
		helpdesks,
		consents,
	}: {
		readonly helpdesks: Pick<ConnectedHelpdesks, "find">;
		readonly consents: Pick<Consents, "of">;
	},
	userId: string,
): Promise<readonly Agreement[]> {
	const agreements: Agreement[] = [];
	for (const { helpdeskId, at } of await consents.of(userId)) {
		const helpdesk = await helpdesks.find(helpdeskId);
		if (helpdesk !== undefined) {
			const { id, name, address } = helpdesk;
			agreements.push({ id, name, address, at });
		}
	}
	return agreements.sort((a, b) => a.at - b.at);
}
