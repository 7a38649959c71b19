import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { fieldsOf, isTime, readEntry, type StoredKind } from "../../storage/stored-value.ts";

const CONSENT: StoredKind<{ readonly at: number }> = {
	name: "openid/consents",
	read: (value) => {
		const { at } = fieldsOf(value);
		return isTime(at) ? { at } : undefined;
	},
};

/** That a user has agreed. */
export interface Consent {
	readonly helpdeskId: string;
	/** Milliseconds since the epoch. */
	readonly at: number;
}

/** Which users of a brand have seen and agreed which data goes to which connected helpdesk. */
export class Consents {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
	) {}

	async has(userId: string, helpdeskId: string): Promise<boolean> {
		return (await this.storage.get([userId, helpdeskId])) !== undefined;
	}

	async give(userId: string, helpdeskId: string): Promise<void> {
		const value = { at: this.clock.now() };
		await this.storage.commit({ sets: [{ key: [userId, helpdeskId], value }] });
	}

	/** What a user has agreed to, also at helpdesks that were removed since. */
	async of(userId: string): Promise<readonly Consent[]> {
		const consents: Consent[] = [];
		for await (const page of pagesOf(this.storage, [userId], 100)) {
			consents.push(
				...page.map((entry) => ({
					helpdeskId: String(entry.key.at(-1)),
					at: readEntry(entry, CONSENT).at,
				})),
			);
		}
		return consents;
	}

	/** The user is asked again the next time. */
	async withdraw(userId: string, helpdeskId: string): Promise<void> {
		await this.storage.commit({ deletes: [[userId, helpdeskId]] });
	}

	/** How many users have agreed to a connected helpdesk. */
	async countOf(helpdeskId: string): Promise<number> {
		let count = 0;
		for await (const keys of this.keysFor(helpdeskId)) {
			count += keys.length;
		}
		return count;
	}

	/** Forgets a connected helpdesk that was removed. */
	async forgetHelpdesk(helpdeskId: string): Promise<void> {
		for await (const keys of this.keysFor(helpdeskId)) {
			await this.storage.commit({ deletes: keys });
		}
	}

	private async *keysFor(helpdeskId: string): AsyncGenerator<readonly StorageKey[]> {
		for await (const page of pagesOf(this.storage, [], 1000)) {
			yield page.map(({ key }) => key).filter((key) => key.at(-1) === helpdeskId);
		}
	}

	async forget(userId: string): Promise<void> {
		for await (const page of pagesOf(this.storage, [userId], 100)) {
			await this.storage.commit({ deletes: page.map(({ key }) => key) });
		}
	}
}
