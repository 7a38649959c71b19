import { createHash } from "node:crypto";
import type { StorageCommit, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readText, type StoredKind } from "../../storage/stored-value.ts";

/** What a browser says of itself, and where it is. Null: not known. */
export type Device = {
	readonly browser: string | null;
	readonly system: string | null;
	/** See `shownNetwork`. */
	readonly network: string | null;
};

export const UNKNOWN_DEVICE: Device = { browser: null, system: null, network: null };

/** The user or operator who is logged in, and since when. */
export type Session = {
	/** The id of a user, or the address of an operator. */
	readonly subjectId: string;
	/** When they last proved who they are. Milliseconds since the epoch. */
	readonly provenAt: number;
	/** The session epoch of the account when the session began. Another epoch ends the session. */
	readonly epoch: number;
	/** Names the session in storage, and opens nothing. It stays when the user proves again who they are. */
	readonly id: string;
	/** When it began. Stays like the id. Milliseconds since the epoch. */
	readonly openedAt: number;
	/** When it was last used, as far as that is noted. Milliseconds since the epoch. */
	readonly seenAt: number;
	/** The device that it was last noted with. */
	readonly device: Device;
};

/** A session as those see it who end it. */
export type EndingSession = Pick<Session, "id" | "subjectId" | "openedAt">;

/**
 * Sessions that were not continued, and those of earlier versions, have the hash of their token as their id. Versions
 * before 0.3.0 do not store the last three fields: such a session began when its user last proved who they are.
 */
type StoredSession = Omit<Session, "id"> & Partial<Pick<Session, "id">>;

export const SESSION: StoredKind<StoredSession> = { name: "sessions", read: readSession };
/** The hash of a session's token, by the session's id. */
export const CONTINUED: StoredKind<string> = { name: "sessions/continued", read: readText };
/** The same, by the person and the id. */
export const LISTED: StoredKind<string> = { name: "sessions/of", read: readText };

const DIGITS = String(Number.MAX_SAFE_INTEGER).length;

export function continuedKey(id: string): StorageKey {
	return ["continued", id];
}

/** Below it are the sessions of one person, the newest first. All people's keys have the same length. */
export function sessionsKeyOf(subjectId: string): StorageKey {
	return ["of", createHash("sha256").update(subjectId).digest("base64url")];
}

/** The key by which a session is found among those of the same person. */
function listedKey({
	subjectId,
	openedAt,
	id,
}: Pick<Session, "subjectId" | "openedAt" | "id">): StorageKey {
	const age = String(Number.MAX_SAFE_INTEGER - Math.trunc(openedAt)).padStart(DIGITS, "0");
	return [...sessionsKeyOf(subjectId), age, id];
}

/** Part of a commit: a session, and what leads to it. @param at the hash of its token. */
export function sessionSets(
	at: string,
	session: Session,
	expiresAt: number,
): NonNullable<StorageCommit["sets"]> {
	const { id, ...unnamed } = session;
	const value: StoredSession = id === at ? unnamed : session;
	return [
		{ key: [at], value, expiresAt },
		{ key: listedKey(session), value: at, expiresAt },
		...(id === at ? [] : [{ key: continuedKey(id), value: at, expiresAt }]),
	];
}

/** Part of a commit: the end of a session. @param session undefined: it is not known what leads to it. */
export function sessionDeletes(
	at: string,
	session: EndingSession | undefined,
): NonNullable<StorageCommit["deletes"]> {
	return session === undefined
		? [[at]]
		: [[at], listedKey(session), ...(session.id === at ? [] : [continuedKey(session.id)])];
}

function readSession(value: StorageValue): StoredSession | undefined {
	const { subjectId, provenAt, epoch = 0, id, device, ...fields } = fieldsOf(value);
	const { openedAt = provenAt, seenAt = openedAt } = fields;
	const isReadable =
		typeof subjectId === "string" &&
		typeof provenAt === "number" &&
		typeof epoch === "number" &&
		typeof openedAt === "number" &&
		typeof seenAt === "number" &&
		(id === undefined || typeof id === "string");
	return isReadable
		? {
				...{ subjectId, provenAt, epoch, openedAt, seenAt },
				device: readDevice(device),
				...(id !== undefined && { id }),
			}
		: undefined;
}

/** It is only shown, so a device that cannot be read is no reason to log anybody out. */
function readDevice(value: StorageValue | undefined): Device {
	const { browser, system, network } = fieldsOf(value);
	const text = (field: StorageValue | undefined) => (typeof field === "string" ? field : null);
	return { browser: text(browser), system: text(system), network: text(network) };
}
