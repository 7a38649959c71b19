import type { Adapter, AdapterPayload, KoaContextWithOIDC } from "oidc-provider";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageEntry, StorageKey } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, readEntry } from "../../storage/stored-value.ts";
import type { PortalSessions } from "./portal-sessions.ts";
import { indexKeysOf, SessionRecords } from "./session-records.ts";
import { hashOf, RECORD, REFERENCE, type StoredRecord, storable } from "./stored-record.ts";
import { userIdIn } from "./subject.ts";

/** The form of all ids that the library makes. Visitors may send any text, even text that no storage key can hold. */
const ID = /^[\w-]{1,64}$/;

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
	/** The request that the library is answering; undefined for none. */
	readonly request: () => KoaContextWithOIDC | undefined;
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
	private readonly sessions: SessionRecords;

	constructor(private readonly parts: OpenIdRecordsParts) {
		this.sessions = new SessionRecords(parts);
	}

	/** @param model the library's name of a kind of records, such as `AuthorizationCode`. */
	of(model: string): Adapter {
		const session = model === "Session";
		return {
			upsert: (id, payload, expiresIn = 0) =>
				session
					? this.sessions.store(id, payload, expiresIn)
					: this.store(model, id, payload, expiresIn),
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
		const { storage, clock, epochOf } = this.parts;
		const expiresAt = clock.now() + expiresIn * 1000;
		const value = {
			...{ payload: storable(model, payload), expiresAt },
			...(model === "Interaction" && { beganAt: clock.now() }),
			...(model === "Grant" && {
				epoch: (await epochOf(payload.accountId ?? "")) ?? -1,
				agreedSince: (await this.agreedSince(payload)) ?? -1,
			}),
		};
		await storage.commit({ sets: [{ key: [model, hashOf(id)], value, expiresAt }] });
	}

	private async find(model: string, id: string): Promise<AdapterPayload | undefined> {
		if (!ID.test(id)) {
			return undefined;
		}
		const record = await this.record([model, hashOf(id)]);
		if (record === undefined || !(await this.isGood(model, record))) {
			return undefined;
		}
		if (model === "Session") {
			this.sessions.noteRead(record);
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
		if (!ID.test(id) || (model === "Session" && this.sessions.isRenewed(id))) {
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

function consumed(entry: StorageEntry, record: StoredRecord, now: number) {
	const { key, version } = entry;
	const payload = { ...record.payload, consumed: Math.floor(now / 1000) };
	const value = { ...fieldsOf(entry.value), payload } as StorageEntry["value"];
	return { checks: [{ key, version }], sets: [{ key, value, expiresAt: record.expiresAt }] };
}
