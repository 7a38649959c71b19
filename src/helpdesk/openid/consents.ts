import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageEntry, StorageValue } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	isTime,
	readEntry,
	readFields,
	readTexts,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { type AgreedData, type PassedData, withAgreed } from "./passed-data.ts";
import { userIdIn } from "./subject.ts";

/** That a user has agreed. */
export interface Consent {
	readonly helpdeskId: string;
	/** When the user last agreed. Milliseconds since the epoch. */
	readonly at: number;
	/** When the user first agreed. A grant counts as long as this stays the same. Milliseconds since the epoch. */
	readonly since: number;
	readonly agreed: AgreedData;
}

export interface AgreedUsers {
	readonly users: number;
	/** False where there are more agreements than are counted. */
	readonly isExact: boolean;
}

const PAGE = 200;
/** The most agreements that are looked at to count users, so that a page asks little of the storage. */
const MOST_COUNTED = 1000;

type StoredConsent = Omit<Consent, "helpdeskId"> & {
	/** The subject that agreed. Undefined: the user id. */
	readonly subject: string | undefined;
};

const CONSENT: StoredKind<StoredConsent> = { name: "openid/consents", read: readConsent };

/** Which users of a brand have seen and agreed which data goes to which connected helpdesk. */
export class Consents {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
	) {}

	/** @returns undefined when the user has not agreed, or it was the person who had the account before. */
	async find(subject: string, helpdeskId: string): Promise<Consent | undefined> {
		const entry = await this.storage.get([userIdIn(subject), helpdeskId]);
		return entry && consentOf(subject, entry);
	}

	/** The user agrees to this, beside all that they have agreed to before. */
	async give(subject: string, helpdeskId: string, passed: PassedData): Promise<void> {
		await updateEntry(this.storage, async () => {
			const key = [userIdIn(subject), helpdeskId];
			const entry = await this.storage.get(key);
			const before = entry && consentOf(subject, entry);
			const at = this.clock.now();
			const { since, agreed } = before ?? { since: at, agreed: {} };
			const value = { at, since, subject, agreed: { ...withAgreed(agreed, passed) } };
			const checks = [{ key, version: entry?.version ?? null }];
			return { commit: { checks, sets: [{ key, value }] }, result: undefined };
		});
	}

	/** What a user has agreed to, also at helpdesks that were removed since. */
	async of(subject: string): Promise<readonly Consent[]> {
		const consents: Consent[] = [];
		for await (const page of pagesOf(this.storage, [userIdIn(subject)], 100)) {
			consents.push(...page.flatMap((entry) => consentOf(subject, entry) ?? []));
		}
		return consents;
	}

	/** The user is asked again the next time. */
	async withdraw(userId: string, helpdeskId: string): Promise<void> {
		await this.storage.commit({ deletes: [[userId, helpdeskId]] });
	}

	/** How many users have agreed to a connected helpdesk. Looks at {@link MOST_COUNTED} agreements of the brand. */
	async countOf(helpdeskId: string): Promise<AgreedUsers> {
		let [users, counted] = [0, 0];
		for await (const entries of pagesOf(this.storage, [], PAGE)) {
			if (counted >= MOST_COUNTED) {
				return { users, isExact: false };
			}
			counted += entries.length;
			users += entries.filter(({ key }) => key.at(-1) === helpdeskId).length;
		}
		return { users, isExact: true };
	}

	/**
	 * Forgets what the people before have agreed to whose account it was.
	 *
	 * @param subject that of the user now; undefined for a user who was deleted.
	 */
	async forgetBefore(userId: string, subject: string | undefined): Promise<void> {
		for await (const page of pagesOf(this.storage, [userId], 100)) {
			for (const entry of page) {
				if (subject === undefined || consentOf(subject, entry) === undefined) {
					const { key, version } = entry;
					await this.storage.commit({ checks: [{ key, version }], deletes: [key] });
				}
			}
		}
	}
}

/** @returns undefined when another subject has agreed. */
function consentOf(subject: string, entry: StorageEntry): Consent | undefined {
	const [userId, helpdeskId] = entry.key.map(String);
	const { subject: agreedBy = userId, ...consent } = readEntry(entry, CONSENT);
	return agreedBy === subject ? { ...consent, helpdeskId: helpdeskId ?? "" } : undefined;
}

/** Those of the first version say nothing about the data, so that the user is asked once more. */
function readConsent(value: StorageValue): StoredConsent | undefined {
	const { at, since = at, subject, agreed = {} } = fieldsOf(value);
	const byHost = readFields(agreed, readTexts);
	const isReadable =
		isTime(at) && isTime(since) && (subject === undefined || typeof subject === "string");
	return isReadable && byHost !== undefined ? { at, since, subject, agreed: byHost } : undefined;
}
