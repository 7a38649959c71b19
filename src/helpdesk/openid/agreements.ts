import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { Consents } from "./consents.ts";

/** What a user is told about a helpdesk, whatever way leads there. */
type KnownHelpdesk = Pick<ConnectedHelpdesk, "id" | "name" | "address">;

/** Finds connected helpdesks of one kind by their id. */
export interface FindsHelpdesks {
	find(id: string): Promise<KnownHelpdesk | undefined>;
}

/** A connected helpdesk that a user has agreed to. */
export interface Agreement extends KnownHelpdesk {
	/** When the user last agreed. Milliseconds since the epoch. */
	readonly at: number;
}

/**
 * The connected helpdesks that a user has agreed to, but those that were removed and those that cannot be read, which the
 * administration shows. The oldest agreement comes first.
 *
 * @param most how many of the newest agreements are looked at. Left out: all.
 */
export async function agreementsOf(
	{
		helpdesks,
		consents,
	}: {
		/** Those of all kinds. */
		readonly helpdesks: readonly FindsHelpdesks[];
		readonly consents: Pick<Consents, "of">;
	},
	subject: string,
	most = Number.POSITIVE_INFINITY,
): Promise<readonly Agreement[]> {
	const agreements: Agreement[] = [];
	const newest = [...(await consents.of(subject))].sort((a, b) => b.at - a.at).slice(0, most);
	for (const { helpdeskId, at } of newest) {
		const found = await Promise.all(
			helpdesks.map((each) => orUnreadable(() => each.find(helpdeskId))),
		);
		const helpdesk = found.find((each) => each !== undefined);
		if (helpdesk !== undefined && !(helpdesk instanceof UnreadableValueError)) {
			const { id, name, address } = helpdesk;
			agreements.push({ id, name, address, at });
		}
	}
	return agreements.sort((a, b) => a.at - b.at);
}
