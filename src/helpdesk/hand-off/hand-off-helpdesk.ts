import type { StorageValue } from "../../contract/storage.ts";
import {
	fieldsOf,
	isTextOrNull,
	isTime,
	readTexts,
	type StoredKind,
} from "../../storage/stored-value.ts";

/** A helpdesk that takes a signed token about a user of a brand. */
export type HandOffHelpdesk = {
	readonly id: string;
	/** The id of the preset that it was made from. */
	readonly preset: string;
	readonly name: string;
	/** Where it is: an absolute URL. The token goes there and nowhere else. */
	readonly address: string;
	/** The origins of its other sites, such as a help centre at a host name of its own. A visitor may go on to them. */
	readonly otherSites: readonly string[];
	/** The key that tokens are signed with, encrypted for this address. Null: nobody can be handed over. */
	readonly secret: string | null;
	/** The token of its REST API, encrypted for this address. Null: its users are neither looked up nor created. */
	readonly apiToken: string | null;
	/** The number of the brand there. Null: it finds the brand by its address. */
	readonly remoteBrandId: number | null;
	/** E-mail addresses and domains that it never hears of, such as those of its agents. */
	readonly neverAsserted: readonly string[];
	/** Whether its log-in button leads straight to X. */
	readonly straightToX: boolean;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
};

export const HAND_OFF_HELPDESK: StoredKind<HandOffHelpdesk> = {
	name: "hand-off/helpdesks",
	read: readHandOffHelpdesk,
};

/** Keeps fields that a later version added. */
function readHandOffHelpdesk(value: StorageValue): HandOffHelpdesk | undefined {
	const fields = fieldsOf(value);
	const { id, preset, name, address, straightToX, createdAt } = fields;
	const { secret = null, apiToken = null, remoteBrandId = null } = fields;
	const otherSites = readTexts(fields["otherSites"]);
	const neverAsserted = readTexts(fields["neverAsserted"]);
	if (
		typeof id !== "string" ||
		typeof preset !== "string" ||
		typeof name !== "string" ||
		typeof address !== "string" ||
		typeof straightToX !== "boolean" ||
		!isTime(createdAt) ||
		!isTextOrNull(secret) ||
		!isTextOrNull(apiToken) ||
		!(remoteBrandId === null || Number.isSafeInteger(remoteBrandId)) ||
		otherSites === undefined ||
		neverAsserted === undefined
	) {
		return undefined;
	}
	return {
		...fields,
		...{ id, preset, name, address, otherSites, secret, apiToken },
		...{ remoteBrandId: remoteBrandId as number | null, neverAsserted, straightToX, createdAt },
	};
}
