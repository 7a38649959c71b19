import type { AdapterPayload, ClientAuthorizationState } from "oidc-provider";
import type { StorageCheck, StorageKey } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { readEntry } from "../../storage/stored-value.ts";
import type { OpenIdRecordsParts } from "./openid-records.ts";
import { hashOf, RECORD, REFERENCE, type StoredRecord, storable } from "./stored-record.ts";
import { userIdIn } from "./subject.ts";

/** What one session has with connected helpdesks, by client id. */
export type Authorizations = Readonly<Record<string, ClientAuthorizationState>>;

/** A session as the storage has it, with what to check before it is written. */
interface StoredSession {
	readonly checks: readonly StorageCheck[];
	/** Where it lies; undefined when there is none. */
	readonly key?: StorageKey;
	readonly authorizations: Authorizations;
}

/**
 * Stores sessions. Two tabs may open two helpdesks at once, at two nodes: whichever request comes last, both helpdesks are
 * in the session then, so that both are told when it ends.
 */
export class SessionRecords {
	/** What each request has read of its session. */
	private readonly read = new WeakMap<object, Authorizations>();

	constructor(
		private readonly parts: Pick<OpenIdRecordsParts, "storage" | "clock" | "portal" | "request">,
	) {}

	/** Remembers what the request that is being answered has read. */
	noteRead({ payload }: StoredRecord): void {
		const request = this.parts.request();
		const { authorizations = {} } = payload as AdapterPayload;
		if (request !== undefined) {
			// The library changes what it gets.
			this.read.set(request, structuredClone(authorizations));
		}
	}

	/** Whether a session gets a new id in this request. It is stored under that next, and the old record goes then. */
	isRenewed(id: string): boolean {
		const { oldId } = (this.parts.request()?.oidc.session ?? {}) as { readonly oldId?: string };
		return oldId === id;
	}

	/** @param expiresIn in seconds. */
	async store(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
		const { storage, clock, portal, request } = this.parts;
		const expiresAt = clock.now() + expiresIn * 1000;
		const { accountId, uid = "" } = payload;
		const current = portal.current();
		const portalSession = current?.id ?? "";
		const indexed = indexKeysOf({ uid, accountId, portalSession });
		const key = ["Session", hashOf(id)];
		const read = this.read.get(request() ?? {}) ?? {};
		await updateEntry(storage, async () => {
			const before = await this.stored(uid);
			const authorizations = mergedAuthorizations(
				...([read, payload.authorizations ?? {}, before.authorizations] as const),
			);
			const value = {
				...{ payload: storable("Session", { ...payload, authorizations }), expiresAt },
				...{ portalSession, ...(current && { epoch: current.epoch }) },
			};
			const sets = [
				{ key, value, expiresAt },
				...indexed.map((each) => ({ key: each, value: hashOf(id), expiresAt })),
			];
			const isMoved = before.key !== undefined && before.key.at(-1) !== key.at(-1);
			const deletes = isMoved ? [before.key] : [];
			return { commit: { checks: before.checks, sets, deletes }, result: undefined };
		});
	}

	private async stored(uid: string): Promise<StoredSession> {
		const { storage } = this.parts;
		const index = ["uid", uid];
		const reference = await storage.get(index);
		const checks = [{ key: index, version: reference?.version ?? null }];
		if (reference === undefined) {
			return { checks, authorizations: {} };
		}
		const key = ["Session", readEntry(reference, REFERENCE)];
		const entry = await storage.get(key);
		const record = entry && readEntry(entry, RECORD);
		const { authorizations = {} } = (record?.payload ?? {}) as AdapterPayload;
		checks.push({ key, version: entry?.version ?? null });
		return { checks, key, authorizations };
	}
}

/**
 * Brings the changes of one request to what another one has stored meanwhile. What the request did not change stays as it
 * is stored: a helpdesk that another tab has opened is not lost, and one that the user has withdrawn does not come back.
 *
 * @param read as the request has read them.
 * @param left as the request leaves them.
 * @param stored as they are stored now.
 */
export function mergedAuthorizations(
	read: Authorizations,
	left: Authorizations,
	stored: Authorizations,
): Authorizations {
	const merged: Record<string, ClientAuthorizationState> = { ...stored };
	for (const clientId of new Set([...Object.keys(read), ...Object.keys(left)])) {
		const now = left[clientId];
		if (JSON.stringify(now) === JSON.stringify(read[clientId])) {
			continue;
		}
		if (now === undefined) {
			delete merged[clientId];
		} else {
			merged[clientId] = now;
		}
	}
	return merged;
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
