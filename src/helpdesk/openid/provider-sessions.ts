import type { AdapterPayload } from "oidc-provider";
import {
	type HostStorage,
	isStorageError,
	type StorageCommit,
	type StorageKey,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { readEntry } from "../../storage/stored-value.ts";
import { OPENID_LOG_OUTS, openidRecordsOf } from "../namespaces.ts";
import type { ConnectedHelpdesks } from "./connected-helpdesks.ts";
import type { LogOutMessages } from "./log-out-messages.ts";
import {
	hashOf,
	indexKeysOf,
	isLive,
	RECORD,
	REFERENCE,
	type StoredRecord,
} from "./openid-records.ts";
import type { PortalSessions } from "./portal-sessions.ts";

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
		let ended = 0;
		for await (const page of pagesOf(this.records, index, 1000)) {
			for (const { key } of page) {
				try {
					ended += (await this.end(String(key.at(-1)), key, ends)) ? 1 : 0;
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

	/**
	 * @param index the key that led to the session.
	 * @returns whether this call ended it.
	 */
	private async end(
		uid: string,
		index: StorageKey,
		ends: (record: StoredRecord) => Promise<boolean>,
	): Promise<boolean> {
		const { storage, brandId } = this.parts;
		const inRecords = (key: StorageKey): StorageKey => [...openidRecordsOf(brandId), ...key];
		return updateEntry(storage, async () => {
			const reference = await this.records.get(["uid", uid]);
			const key = ["Session", reference === undefined ? "none" : readEntry(reference, REFERENCE)];
			const entry = await this.records.get(key);
			if (entry === undefined) {
				return { commit: { deletes: [inRecords(index)] }, result: false };
			}
			const record = readEntry(entry, RECORD);
			if (!(await ends(record))) {
				return { result: false };
			}
			const deletes = [key, ...keysAround(record)].map(inRecords);
			const checks = [{ key: inRecords(key), version: entry.version }];
			return { commit: { checks, deletes, sets: await this.messagesOf(record) }, result: true };
		});
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
function keysAround({ payload, portalSession = "" }: StoredRecord): readonly StorageKey[] {
	const { uid = "", accountId, authorizations = {} } = payload as AdapterPayload;
	const grants = Object.values(authorizations).flatMap(({ grantId }) =>
		grantId === undefined ? [] : [["Grant", hashOf(grantId)]],
	);
	return [...grants, ...indexKeysOf({ uid, accountId, portalSession })];
}
