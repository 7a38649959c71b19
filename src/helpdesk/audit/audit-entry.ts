import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTextOrNull, isTime, type StoredKind } from "../../storage/stored-value.ts";
import { type DeedName, isDeedName, kindOf, type ObjectKind, type Shelf } from "./deeds.ts";

/**
 * Who did a deed. The id of an operator is their address, that of a command the name of the machine's user, and that of a
 * user is a random one.
 */
export type Actor =
	| { readonly kind: "operator" | "command" | "add-on" | "user"; readonly id: string }
	| { readonly kind: "helpdesk" | "nobody" };

export const NOBODY: Actor = { kind: "nobody" };
/** What the helpdesk does by itself. */
export const HELPDESK: Actor = { kind: "helpdesk" };

/** What a deed was done to. The id of an operator is their address. Any other names nobody. */
export interface DeedObject {
	readonly kind: ObjectKind;
	readonly id: string;
}

/** What is known of a deed before it is done. */
export interface NewDeed {
	readonly name: DeedName;
	readonly actor: Actor;
	/** Left out: the deed has none, or makes it. */
	readonly object?: DeedObject | undefined;
	/** The network that it came from, see `clientNetwork`. Left out: not from a network. */
	readonly network?: string | undefined;
	/** Why a failure is one; of another deed a detail, such as the new role of an operator. */
	readonly reason?: string | undefined;
}

/** How a deed that was begun ended. */
export type Outcome = "done" | "refused" | "failed" | "cancelled" | "broken-off" | "interrupted";

const OUTCOMES: readonly Outcome[] = [
	...(["done", "refused", "failed", "cancelled", "broken-off", "interrupted"] as const),
];
const ACTORS = ["operator", "command", "add-on", "user", "helpdesk", "nobody"] as const;
const STATES = ["done", "begun", "ended"] as const;

/** Times are milliseconds since the epoch. */
export type StoredEntry = {
	readonly at: number;
	readonly deed: string;
	readonly actor: (typeof ACTORS)[number];
	readonly actorId: string | null;
	readonly object: string | null;
	readonly objectId: string | null;
	readonly network: string | null;
	/** By which people name the entry. */
	readonly trace: string;
	/** `done`: in one commit. `begun`: its end is not known yet. */
	readonly state: (typeof STATES)[number];
	readonly endedAt: number | null;
	readonly outcome: Outcome | null;
	/** The job that does it; null for none. */
	readonly jobId: string | null;
	readonly reason: string | null;
	/** How many deeds the entry stands for. */
	readonly count: number;
};

/** An entry with the id that its key has. */
export interface AuditEntry extends StoredEntry {
	readonly id: string;
}

export const STORED_ENTRY: StoredKind<StoredEntry> = { name: "audit/entry", read: readStored };

export function storedEntry(
	{ name, actor, object, network, reason }: NewDeed,
	at: number,
	trace: string,
): StoredEntry {
	return {
		...{ at, deed: name, actor: actor.kind, actorId: "id" in actor ? actor.id : null },
		...{ object: object?.kind ?? null, objectId: object?.id ?? null, network: network ?? null },
		...{ trace, state: "done", endedAt: null, outcome: null, jobId: null },
		...{ reason: reason ?? null, count: 1 },
	};
}

/** A deed of a later version is one of operators. */
export function shelfOf({ deed }: Pick<StoredEntry, "deed">): Shelf {
	return isDeedName(deed) ? kindOf(deed).shelf : "operators";
}

/** Keeps fields that a later version added. */
function readStored(value: StorageValue): StoredEntry | undefined {
	const fields = fieldsOf(value);
	const { at, deed, trace, count = 1 } = fields;
	const { actorId = null, object = null, objectId = null, network = null } = fields;
	const { endedAt = null, jobId = null, reason = null } = fields;
	const actor = ACTORS.find((each) => each === fields["actor"]);
	const state = STATES.find((each) => each === fields["state"]);
	const outcome = OUTCOMES.find((each) => each === fields["outcome"]) ?? null;
	const texts = [actorId, object, objectId, network, jobId, reason];
	return isTime(at) &&
		typeof deed === "string" &&
		typeof trace === "string" &&
		typeof count === "number" &&
		actor !== undefined &&
		state !== undefined &&
		(endedAt === null || isTime(endedAt)) &&
		texts.every(isTextOrNull)
		? ({
				...{ ...fields, at, deed, trace, count, actor, state, outcome, endedAt },
				...{ actorId, object, objectId, network, jobId, reason },
			} as StoredEntry)
		: undefined;
}
