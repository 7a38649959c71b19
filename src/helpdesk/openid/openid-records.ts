import { createHash } from "node:crypto";
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	isTime,
	readEntry,
	readText,
	type StoredKind,
} from "../../storage/stored-value.ts";
import type { PortalSessions } from "./portal-sessions.ts";
import { userIdIn } from "./subject.ts";

/** The form of all ids that the library makes. Visitors may send any text, even text that no storage key can hold. */
const ID = /^[\w-]{1,64}$/;

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

/** What a record counts by. */
type Bound = {
	-readonly [Field in Exclude<keyof StoredRecord, "payload" | "expiresAt">]?: StoredRecord[Field];
};

/** A request of a connected helpdesk, as it came. */
interface StoredRequest {
	/** OpenID Connect Core, section 3.1.2.1. Checked by the library. */
	readonly params: Readonly<Record<string, unknown>>;
	/** Milliseconds since the epoch. */
	readonly beganAt: number;
}

export interface OpenIdRecordsParts {
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly portal: PortalSessions;
	/** The session epoch of the user with a subject who may log in; undefined for anybody else. */
	readonly epochOf: (subject: string) => Promise<number | undefined>;
	/** Since when the user with a subject has agreed to a connected helpdesk; undefined: they have not. */
	readonly agreedSince: (subject: string, helpdeskId: string) => Promise<number | undefined>;
	/** Called when a code is redeemed that was redeemed before. @throws the error that the answer reports. */
	readonly refuseReplay: () => never;
}

/**
 * What one brand's provider stores, in the form that the library's adapters have. Records lie under the hash of their ids,
 * because a copy of the storage must not hold codes and tokens that can be used.
 *
 * A grant counts as long as its user's sessions do, so that everything that ends those ends codes and tokens in the same
 * step, and as long as the user agrees to the helpdesk. A session counts as long as the portal session of the same browser.
 */
export class OpenIdRecords {
	constructor(private readonly parts: OpenIdRecordsParts) {}

	/** @param model the library's name of a kind of records, such as `AuthorizationCode`. */
	of(model: string): Adapter {
		const session = model === "Session";
		return {
			upsert: (id, payload, expiresIn = 0) => this.store(model, id, payload, expiresIn),
			find: (id) => this.find(model, id),
			findByUid: async (uid) => (session ? this.findSession(uid) : undefined),
			findByUserCode: async () => undefined,
			consume: (id) => this.consume(model, id),
			destroy: (id) => this.destroy(model, id),
			// Codes and tokens without their grant are worth nothing, and expire soon.
			revokeByGrantId: (grantId) => this.destroy("Grant", grantId),
		};
	}

	/** A request that the visitor has not answered yet; undefined for none. */
	async request(requestId: string): Promise<StoredRequest | undefined> {
		const record = ID.test(requestId)
			? await this.record(["Interaction", hashOf(requestId)])
			: undefined;
		const { params = {} } = (record?.payload ?? {}) as AdapterPayload;
		return record && { params, beganAt: record.beganAt ?? 0 };
	}

	private async store(
		model: string,
		id: string,
		payload: AdapterPayload,
		expiresIn: number,
	): Promise<void> {
		const { storage, clock, portal } = this.parts;
		const expiresAt = clock.now() + expiresIn * 1000;
		const { accountId, uid } = payload;
		const bound: Bound = {};
		if (model === "Interaction") {
			bound.beganAt = clock.now();
		}
		if (model === "Grant") {
			bound.epoch = (await this.parts.epochOf(accountId ?? "")) ?? -1;
			bound.agreedSince = (await this.agreedSince(payload)) ?? -1;
		}
		const sets: { key: StorageKey; value: string; expiresAt: number }[] = [];
		if (model === "Session") {
			const current = portal.current();
			const portalSession = current?.id ?? "";
			Object.assign(bound, { portalSession, ...(current && { epoch: current.epoch }) });
			const leading = indexKeysOf({ uid: uid ?? "", accountId, portalSession });
			sets.push(...leading.map((key) => ({ key, value: hashOf(id), expiresAt })));
		}
		const value = { payload: storable(model, payload), expiresAt, ...bound };
		await storage.commit({ sets: [{ key: [model, hashOf(id)], value, expiresAt }, ...sets] });
	}

	private async find(model: string, id: string): Promise<AdapterPayload | undefined> {
		if (!ID.test(id)) {
			return undefined;
		}
		const record = await this.record([model, hashOf(id)]);
		if (record === undefined || !(await this.isGood(model, record))) {
			return undefined;
		}
		return { ...record.payload, jti: id };
	}

	/** For tokens that end with their session. The id of the session is not known here and not needed. */
	private async findSession(uid: string): Promise<AdapterPayload | undefined> {
		const record = ID.test(uid) ? await this.record(["Session", await this.idAt(uid)]) : undefined;
		return record !== undefined && (await isLive(record, this.parts.portal))
			? record.payload
			: undefined;
	}

	private async isGood(model: string, record: StoredRecord): Promise<boolean> {
		const { portal, epochOf } = this.parts;
		const { accountId } = record.payload as AdapterPayload;
		switch (model) {
			case "Grant":
				return (
					record.epoch === (await epochOf(accountId ?? "")) &&
					record.agreedSince === ((await this.agreedSince(record.payload)) ?? "never")
				);
			case "Session":
				return (
					accountId === undefined ||
					(record.portalSession === portal.current()?.id &&
						(await isLive(record, this.parts.portal)))
				);
			default:
				return true;
		}
	}

	private agreedSince({ accountId = "", clientId = "" }: AdapterPayload) {
		return this.parts.agreedSince(accountId, clientId);
	}

	/** Of any number of simultaneous callers one goes on. The others are a replay, which ends the grant (RFC 6749, 4.1.2). */
	private async consume(model: string, id: string): Promise<void> {
		const { storage, clock } = this.parts;
		const key = [model, hashOf(id)];
		const replayed = await updateEntry<AdapterPayload | undefined>(storage, async () => {
			const entry = await storage.get(key);
			const record = entry && readEntry(entry, RECORD);
			if (entry === undefined || record === undefined || record.payload["consumed"] !== undefined) {
				return { result: { ...record?.payload } };
			}
			return { commit: consumed(entry, record, clock.now()), result: undefined };
		});
		if (replayed !== undefined) {
			if (replayed.grantId !== undefined) {
				await this.destroy("Grant", replayed.grantId);
			}
			this.parts.refuseReplay();
		}
	}

	private async destroy(model: string, id: string): Promise<void> {
		if (!ID.test(id)) {
			return;
		}
		const key = [model, hashOf(id)];
		const record = model === "Session" ? await this.record(key) : undefined;
		await this.parts.storage.commit({
			deletes: [key, ...(record === undefined ? [] : await this.keysLeadingTo(id, record))],
		});
	}

	/** Where the id of a session has changed, they lead to the record under the new one, and none is to be deleted. */
	private async keysLeadingTo(id: string, record: StoredRecord): Promise<readonly StorageKey[]> {
		const { uid = "", accountId } = record.payload as AdapterPayload;
		const { portalSession = "" } = record;
		return (await this.idAt(uid)) === hashOf(id)
			? indexKeysOf({ uid, accountId, portalSession })
			: [];
	}

	private async record(key: StorageKey): Promise<StoredRecord | undefined> {
		const entry = await this.parts.storage.get(key);
		return entry && readEntry(entry, RECORD);
	}

	/** The hash of the id of a session. Its uid stays the same when the id changes. */
	private async idAt(uid: string): Promise<string> {
		const entry = await this.parts.storage.get(["uid", uid]);
		return entry === undefined ? "none" : readEntry(entry, REFERENCE);
	}
}

/** Whether the portal session of a session is still that of its user. */
export async function isLive(
	{ payload, portalSession = "", epoch }: StoredRecord,
	portal: Pick<PortalSessions, "find">,
): Promise<boolean> {
	const { accountId } = payload as AdapterPayload;
	const found = await portal.find(portalSession);
	const userId = userIdIn(accountId ?? "");
	return accountId !== undefined && found?.userId === userId && found.epoch === epoch;
}

/**
 * A payload without fields that are undefined, and without the id, which is a bearer's secret. A request goes without the
 * session that it began in, too. The library goes on in that one alone, but it ends when the visitor proves again who they
 * are, or proves an address. The user who goes on is the one who is logged in at the portal then.
 */
function storable(model: string, { jti, session, ...payload }: AdapterPayload): StorageValue {
	return JSON.parse(JSON.stringify(model === "Interaction" ? payload : { ...payload, session }));
}

function consumed(entry: StorageEntry, record: StoredRecord, now: number) {
	const { key, version } = entry;
	const payload = { ...record.payload, consumed: Math.floor(now / 1000) };
	const value = { ...fieldsOf(entry.value), payload } as StorageEntry["value"];
	return { checks: [{ key, version }], sets: [{ key, value, expiresAt: record.expiresAt }] };
}

/** Where a record lies. */
export function hashOf(id: string): string {
	return createHash("sha256").update(id).digest("base64url");
}

/** The keys that lead to a session. */
export function indexKeysOf({
	uid,
	accountId,
	portalSession,
}: {
	readonly uid: string;
	readonly accountId: string | undefined;
	/** Empty: it belongs to none. */
	readonly portalSession: string;
}): readonly StorageKey[] {
	return [
		["uid", uid],
		...(accountId === undefined ? [] : [["of-user", userIdIn(accountId), uid]]),
		...(accountId === undefined || portalSession === "" ? [] : [["of-portal", portalSession, uid]]),
	];
}
