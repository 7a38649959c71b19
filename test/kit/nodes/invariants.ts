import { createHash } from "node:crypto";
import type { HostStorage, StorageEntry, StorageKey } from "../../../src/contract/storage.ts";
import { pagesOf } from "../../../src/contract/storage-pages.ts";
import type { HttpVisitor } from "../helpdesk/http-visitor.ts";

const LINK: StorageKey = ["plugin-data", "x-login", "link"];
const LINKS_OF_USER: StorageKey = ["plugin-data", "x-login", "links-of-user"];

/** The stored data of people, to compare with their log-ins. */
export interface StoredPeople {
	/** The numbers of accounts and of their addresses. */
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

/** The users of the stored sessions, by the hash of each session. */
export async function usersOfSessions(storage: HostStorage): Promise<Map<string, string>> {
	const sessions = await everything(storage, ["sessions", "portal", "acorn"]);
	// Keys that lead to a session have more parts.
	const own = sessions.filter(({ key }) => key.length === 4);
	return new Map(
		own.map(({ key, value }) => [String(key.at(-1)), (value as { subjectId: string }).subjectId]),
	);
}

/** The hash under which a browser's session is stored. */
export function sessionHash({ cookies }: HttpVisitor): string {
	return createHash("sha256")
		.update(cookies.get("portal-acorn") ?? "")
		.digest("base64url");
}

async function everything(storage: HostStorage, prefix: StorageKey): Promise<StorageEntry[]> {
	const found: StorageEntry[] = [];
	for await (const entries of pagesOf(storage, prefix)) {
		found.push(...entries);
	}
	return found;
}
