import type { AdapterPayload } from "oidc-provider";
import {
	type HostStorage,
	isStorageError,
	type StorageCommit,
	type StorageKey,
	type StorageValue,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { readEntry } from "../../storage/stored-value.ts";
import { OPENID_LOG_OUTS, openidRecordsOf } from "../namespaces.ts";
import type { ConnectedHelpdesks } from "./connected-helpdesks.ts";
import type { LogOutMessages } from "./log-out-messages.ts";
import { isLive } from "./openid-records.ts";
import type { PortalSessions } from "./portal-sessions.ts";
import { indexKeysOf } from "./session-records.ts";
import { hashOf, RECORD, REFERENCE, type StoredRecord } from "./stored-record.ts";

export interface ProviderSessionsParts {
	readonly brandId: string;
	/** The storage of the helpdesk: a session and the messages about its end are in different places of it. */
	readonly storage: HostStorage;
	readonly helpdesks: Pick<ConnectedHelpdesks, "find">;
	readonly messages: Pick<LogOutMessages, "setOf">;
	readonly portal: Pick<PortalSessions, "find">;
	readonly logError: (what: string, error: unknown) => void;
}

/** Ends the sessions at one brand's provider whose portal sessions end, and leaves messages to the helpdesks in them. */
export class ProviderSessions {
	private readonly records: HostStorage;

	constructor(private readonly parts: ProviderSessionsParts) {
		this.records = namespaced(parts.storage, openidRecordsOf(parts.brandId));
	}

	/** Ends the sessions of a user that are over. Those that began since then go on. @returns how many. */
	async endOverOf(userId: string): Promise<number> {
		return this.endBelow(["of-user", userId], (record) => this.isOver(record));
	}

	/** Ends the sessions of a user, also those that could go on. @returns how many. */
	async endAllOf(userId: string): Promise<number> {
		return this.endBelow(["of-user", userId], async () => true);
	}

	/**
	 * Ends the sessions that live and die with a portal session. Costs one read if there are none.
	 *
	 * @param portalSession the id of the portal session, which is about to be closed.
	 * @returns how many.
	 */
	async endWith(portalSession: string): Promise<number> {
		const isIts = async (record: StoredRecord) => record.portalSession === portalSession;
		return this.endBelow(["of-portal", portalSession], isIts);
	}

	/** Ends all sessions that are over. Reads every session. @returns how many. */
	async endOver(): Promise<number> {
		return this.endBelow(["of-user"], (record) => this.isOver(record));
	}

	private async isOver(record: StoredRecord): Promise<boolean> {
		return !(await isLive(record, this.parts.portal));
	}

	private async endBelow(
		index: StorageKey,
		ends: (record: StoredRecord) => Promise<boolean>,
	): Promise<number> {
		return this.forEachBelow(index, (found) =>
			updateEntry(this.parts.storage, async () => {
				const session = await this.sessionAt(found);
				if (session === undefined) {
					return { commit: { deletes: [this.inRecords(found)] }, result: false };
				}
				const { key, check, record } = session;
				if (!(await ends(record))) {
					return { result: false };
				}
				const deletes = [key, ...keysAround(record)].map((each) => this.inRecords(each));
				const sets = await this.messagesOf(record);
				return { commit: { checks: [check], deletes, sets }, result: true };
			}),
		);
	}

	/** Ends what the sessions of a user have with one helpdesk. @returns in how many sessions. */
	async endAt(userId: string, helpdeskId: string): Promise<number> {
		return this.forEachBelow(["of-user", userId], (found) =>
			updateEntry(this.parts.storage, async () => {
				const session = await this.sessionAt(found);
				const { authorizations: { [helpdeskId]: there, ...others } = {}, ...payload } = (session
					?.record.payload ?? {}) as AdapterPayload;
				if (session === undefined || there === undefined) {
					return { result: false };
				}
				const { check, record } = session;
				const left = { ...record, payload: { ...payload, authorizations: others } };
				const gone = {
					...record,
					payload: { ...payload, authorizations: { [helpdeskId]: there } },
				};
				const changed = { key: check.key, value: storable(left), expiresAt: record.expiresAt };
				const deletes = grantKeysIn(gone).map((each) => this.inRecords(each));
				const sets = [changed, ...(await this.messagesOf(gone))];
				return { commit: { checks: [check], sets, deletes }, result: true };
			}),
		);
	}

	/** @returns how many sessions below an index were ended. One that cannot be read stays, and is reported. */
	private async forEachBelow(
		index: StorageKey,
		end: (found: StorageKey) => Promise<boolean>,
	): Promise<number> {
		let ended = 0;
		for await (const page of pagesOf(this.records, index, 1000)) {
			for (const { key } of page) {
				try {
					ended += (await end(key)) ? 1 : 0;
				} catch (error) {
					if (isStorageError(error)) {
						throw error;
					}
					this.parts.logError("a session with connected helpdesks was not ended", error);
				}
			}
		}
		return ended;
	}

	/** @param found a key that leads to the session. */
	private async sessionAt(found: StorageKey) {
		const reference = await this.records.get(["uid", String(found.at(-1))]);
		const key = ["Session", reference === undefined ? "none" : readEntry(reference, REFERENCE)];
		const entry = await this.records.get(key);
		return (
			entry && {
				key,
				check: { key: this.inRecords(key), version: entry.version },
				record: readEntry(entry, RECORD),
			}
		);
	}

	private inRecords(key: StorageKey): StorageKey {
		return [...openidRecordsOf(this.parts.brandId), ...key];
	}

	/** What the helpdesks in a session that can be told have to hear. */
	private async messagesOf({ payload }: StoredRecord): Promise<NonNullable<StorageCommit["sets"]>> {
		const { helpdesks, messages, brandId } = this.parts;
		const { accountId, authorizations = {} } = payload as AdapterPayload;
		const sets: NonNullable<StorageCommit["sets"]>[number][] = [];
		for (const [clientId, { sid }] of Object.entries(authorizations)) {
			const helpdesk = await helpdesks.find(clientId);
			if (sid === undefined || accountId === undefined || !helpdesk?.backChannelLogoutUri) {
				continue;
			}
			const { key, ...message } = messages.setOf({ brandId, clientId, sid, userId: accountId });
			sets.push({ ...message, key: [...OPENID_LOG_OUTS, ...key] });
		}
		return sets;
	}
}

/** The keys of the grants that were made in a session, and of all that leads to it. */
function keysAround(record: StoredRecord): readonly StorageKey[] {
	const { uid = "", accountId } = record.payload as AdapterPayload;
	const { portalSession = "" } = record;
	return [...grantKeysIn(record), ...indexKeysOf({ uid, accountId, portalSession })];
}

function grantKeysIn({ payload }: StoredRecord): readonly StorageKey[] {
	const { authorizations = {} } = payload as AdapterPayload;
	return Object.values(authorizations).flatMap(({ grantId }) =>
		grantId === undefined ? [] : [["Grant", hashOf(grantId)]],
	);
}

/** The record as it was read, without fields that are undefined. */
function storable(record: StoredRecord): StorageValue {
	return JSON.parse(JSON.stringify(record));
}
