import type { HostStorage, StorageEntry, StorageKey } from "../../../src/contract/storage.ts";
import { pagesOf } from "../../../src/storage/storage-pages.ts";

const LINK: StorageKey = ["plugin-data", "x-login", "link"];
const LINKS_OF_USER: StorageKey = ["plugin-data", "x-login", "links-of-user"];

/** What is stored of people, for comparison with what they saw. */
export interface StoredPeople {
	/** The numbers of accounts, and of the addresses they have. */
	readonly accounts: number;
	readonly addresses: number;
	/** Every link as "identity user", from the link and from its other half. */
	readonly links: readonly string[];
	readonly halves: readonly string[];
}

export async function storedPeople(storage: HostStorage): Promise<StoredPeople> {
	const [accounts, addresses, links, halves] = await Promise.all([
		everything(storage, ["accounts", "account"]),
		everything(storage, ["accounts", "email"]),
		everything(storage, LINK),
		everything(storage, LINKS_OF_USER),
	]);
	return {
		accounts: accounts.length,
		addresses: addresses.length,
		links: links
			.map(({ key, value }) => `${key.at(-1)} ${(value as { userId: string }).userId}`)
			.sort(),
		halves: halves.map(({ key }) => `${key.at(-1)} ${key.at(-2)}`).sort(),
	};
}

/** How many browsers a user is signed in in, by what is stored. */
export async function sessionsOf(storage: HostStorage, userId: string): Promise<number> {
	const sessions = await everything(storage, ["sessions", "portal", "acorn"]);
	return sessions.filter(({ value }) => (value as { subjectId: string }).subjectId === userId)
		.length;
}

async function everything(storage: HostStorage, prefix: StorageKey): Promise<StorageEntry[]> {
	const found: StorageEntry[] = [];
	for await (const entries of pagesOf(storage, prefix)) {
		found.push(...entries);
	}
	return found;
}
