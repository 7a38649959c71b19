import { createHash } from "node:crypto";
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	isTime,
	readEntry,
	readText,
	type StoredKind,
} from "../../storage/stored-value.ts";
import type { PortalSessions } from "./portal-sessions.ts";

/** The form of all ids that the library makes. Visitors may send any text, even text that no storage key can hold. */
const ID = /^[\w-]{1,64}$/;

type StoredRecord = {
	/** What the library stores, without the id, which is a bearer's secret. */
	readonly payload: Readonly<Record<string, unknown>>;
	/** Milliseconds since the epoch. */
	readonly expiresAt: number;
	/** Of a session: the portal session that it lives and dies with. */
	readonly portalSession?: string;
	/** Of a grant: the session epoch of the user's account when it was made. Another epoch ends the grant. */
	readonly epoch?: number;
};

const RECORD: StoredKind<StoredRecord> = {
	name: "openid/records",
	read: (value) => {
		const { payload, expiresAt, portalSession, epoch } = fieldsOf(value);
		const isReadable =
			typeof payload === "object" &&
			isTime(expiresAt) &&
			(portalSession === undefined || typeof portalSession === "string") &&
			(epoch === undefined || typeof epoch === "number");
		return isReadable
			? {
					...{ payload: fieldsOf(payload), expiresAt },
					...(portalSession !== undefined && { portalSession }),
					...(epoch !== undefined && { epoch }),
				}
			: undefined;
	},
};

const REFERENCE: StoredKind<string> = { name: "openid/references", read: readText };

export interface OpenIdRecordsParts {
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly portal: PortalSessions;
	/** The session epoch of a user who may log in; undefined for anybody else. */
	readonly epochOf: (userId: string) => Promise<number | undefined>;
	/** Called when a code is redeemed that was redeemed before. @throws the error that the answer reports. */
	readonly refuseReplay: () => never;
}

/** A client of a session, and the session's id that it knows. */
export interface ToldSession {
	readonly sessionUid: string;
	readonly clients: readonly { readonly clientId: string; readonly sid: string | undefined }[];
}

/**
 * What one brand's provider stores, in the form that the library's adapters have. Records lie under the hash of their ids,
 * because a copy of the storage must not hold codes and tokens that can be used.
 *
 * A grant counts as long as its user's sessions do, so that everything that ends those ends codes and tokens in the same
 * step. A session counts as long as the portal session of the same browser.
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

	/** The sessions of a user in which helpdesks were told who the user is. At most a thousand. */
	async sessionsOf(userId: string): Promise<readonly ToldSession[]> {
		const { entries } = await this.parts.storage.list(["of-user", userId], { limit: 1000 });
		const sessions = await Promise.all(
			entries.map(async ({ key }): Promise<readonly ToldSession[]> => {
				const sessionUid = String(key.at(-1));
				const record = await this.record(["Session", await this.idAt(sessionUid)]);
				return record === undefined ? [] : [{ sessionUid, clients: clientsOf(record.payload) }];
			}),
		);
		return sessions.flat();
	}

	/** Ends a session and the grants that were made in it. */
	async endSession(userId: string, sessionUid: string): Promise<void> {
		const { storage } = this.parts;
		const at = await this.idAt(sessionUid);
		const record = await this.record(["Session", at]);
		const grants = grantsOf(record?.payload ?? {}).map((id) => ["Grant", hashOf(id)]);
		await storage.commit({
			deletes: [...grants, ["Session", at], ["uid", sessionUid], ["of-user", userId, sessionUid]],
		});
	}

	/** The users who have sessions, each once for each session. */
	async *usersWithSessions(): AsyncGenerator<string> {
		for await (const page of pagesOf(this.parts.storage, ["of-user"], 1000)) {
			yield* page.map(({ key }) => String(key.at(-2)));
		}
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
		const bound: { epoch?: number; portalSession?: string } = {};
		if (model === "Grant") {
			bound.epoch = (await this.parts.epochOf(accountId ?? "")) ?? -1;
		}
		const sets: { key: StorageKey; value: string; expiresAt: number }[] = [];
		if (model === "Session") {
			bound.portalSession = portal.current()?.id ?? "";
			sets.push({ key: ["uid", uid ?? ""], value: hashOf(id), expiresAt });
			if (accountId !== undefined) {
				sets.push({ key: ["of-user", accountId, uid ?? ""], value: "", expiresAt });
			}
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
		return record !== undefined && (await this.isLive(record)) ? record.payload : undefined;
	}

	private async isGood(model: string, record: StoredRecord): Promise<boolean> {
		const { portal, epochOf } = this.parts;
		const { accountId } = record.payload as AdapterPayload;
		switch (model) {
			case "Grant":
				return record.epoch === (await epochOf(accountId ?? ""));
			case "Session":
				return (
					accountId === undefined ||
					(record.portalSession === portal.current()?.id && (await this.isLive(record)))
				);
			default:
				return true;
		}
	}

	private async isLive({ payload, portalSession = "" }: StoredRecord): Promise<boolean> {
		const { accountId } = payload as AdapterPayload;
		return accountId !== undefined && (await this.parts.portal.userOf(portalSession)) === accountId;
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
		const { uid, accountId } = (record?.payload ?? {}) as AdapterPayload;
		await this.parts.storage.commit({
			deletes: [
				key,
				...(uid === undefined || (await this.idAt(uid)) !== hashOf(id) ? [] : [["uid", uid]]),
				...(uid === undefined || accountId === undefined ? [] : [["of-user", accountId, uid]]),
			],
		});
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

function clientsOf(payload: Readonly<Record<string, unknown>>): ToldSession["clients"] {
	const { authorizations = {} } = payload as AdapterPayload;
	return Object.entries(authorizations).map(([clientId, { sid }]) => ({ clientId, sid }));
}

function grantsOf(payload: Readonly<Record<string, unknown>>): readonly string[] {
	const { authorizations = {} } = payload as AdapterPayload;
	return Object.values(authorizations).flatMap(({ grantId }) =>
		grantId === undefined ? [] : [grantId],
	);
}

function hashOf(id: string): string {
	return createHash("sha256").update(id).digest("base64url");
}
