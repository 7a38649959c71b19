import { createHash } from "node:crypto";
import type { AdapterPayload } from "oidc-provider";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, readText, type StoredKind } from "../../storage/stored-value.ts";

export type StoredRecord = {
	/** What the library stores, without the id, which is a bearer's secret. */
	readonly payload: Readonly<Record<string, unknown>>;
	/** Milliseconds since the epoch. */
	readonly expiresAt: number;
	/** Of a session: the portal session that it lives and dies with. */
	readonly portalSession?: string;
	/** Of a request: when it came. The library counts in seconds, and a proof of the same second may be older. */
	readonly beganAt?: number;
	/** Of a grant: since when its user has agreed to the helpdesk. A grant ends when that is withdrawn. */
	readonly agreedSince?: number;
	/** Of a grant and a session: the session epoch of the user's account when it was made. Another epoch ends it. */
	readonly epoch?: number;
};

export const RECORD: StoredKind<StoredRecord> = {
	name: "openid/records",
	read: (value) => {
		const { payload, expiresAt, portalSession, epoch, beganAt, agreedSince } = fieldsOf(value);
		const isReadable =
			typeof payload === "object" &&
			isTime(expiresAt) &&
			(portalSession === undefined || typeof portalSession === "string") &&
			(beganAt === undefined || isTime(beganAt)) &&
			(agreedSince === undefined || typeof agreedSince === "number") &&
			(epoch === undefined || typeof epoch === "number");
		return isReadable
			? {
					...{ payload: fieldsOf(payload), expiresAt },
					...(portalSession !== undefined && { portalSession }),
					...(epoch !== undefined && { epoch }),
					...(beganAt !== undefined && { beganAt }),
					...(agreedSince !== undefined && { agreedSince }),
				}
			: undefined;
	},
};

export const REFERENCE: StoredKind<string> = { name: "openid/references", read: readText };

/**
 * A payload without fields that are undefined, and without the id, which is a bearer's secret. A request goes without the
 * session that it began in, too. The library goes on in that one alone, but it ends when the visitor proves again who they
 * are, or proves an address. The user who goes on is the one who is logged in at the portal then.
 */
export function storable(
	model: string,
	{ jti, session, ...payload }: AdapterPayload,
): StorageValue {
	return JSON.parse(JSON.stringify(model === "Interaction" ? payload : { ...payload, session }));
}

/** Where a record lies. */
export function hashOf(id: string): string {
	return createHash("sha256").update(id).digest("base64url");
}
