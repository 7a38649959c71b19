import type { Clock } from "../../contract/clock.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";

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

	/** The ids of the connected helpdesks that a user has agreed to. */
	async of(userId: string): Promise<readonly string[]> {
		const helpdesks: string[] = [];
		for await (const page of pagesOf(this.storage, [userId], 100)) {
			helpdesks.push(...page.map(({ key }) => String(key.at(-1))));
		}
		return helpdesks;
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
