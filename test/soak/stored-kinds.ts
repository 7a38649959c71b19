import type { HostStorage, StorageEntry, StorageKey } from "../../src/contract/storage.ts";

/** The entries whose keys differ only in their owner. */
interface StoredKind {
	readonly entries: number;
	/** Bytes of keys and values. */
	readonly bytes: number;
}

export type StoredKinds = ReadonlyMap<string, StoredKind>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The longest time that an entry of a kind is stored, in milliseconds. */
export const LIFETIMES: ReadonlyMap<string, number> = new Map([
	["plugin-data/pending", 20 * MINUTE],
	["plugin-data/continuation", 30 * MINUTE],
	["plugin-data/code-counts", 60 * MINUTE],
	["plugin-data/strays", 60 * MINUTE],
	["request-counts", 60 * MINUTE],
	["pending-registrations", DAY],
	["address-proofs", 60 * MINUTE],
	["password-guesses", MINUTE],
	["accounts/removal", 60 * MINUTE],
	["operator-codes", 60 * MINUTE],
	["passkey-challenges", 60 * MINUTE],
	["operator-address-codes", 60 * MINUTE],
	["outbox", 7 * DAY],
	["mail-index", 7 * DAY],
	["letter-texts", 7 * DAY],
	["jobs", 31 * DAY],
	["files", 7 * DAY],
	["sessions/portal", 14 * DAY],
	["sessions/admin", 12 * 60 * MINUTE],
	["sign-ins/entry", 90 * DAY],
	["sign-ins/by-code", 90 * DAY],
	["sign-ins/by-account", 90 * DAY],
	["sign-ins/state", 90 * DAY],
	["sign-ins/of-user", 90 * DAY],
	["sign-ins/erase", 90 * DAY],
	["sign-ins/strays", 90 * DAY],
	["sign-ins/stray-hours", 90 * DAY],
	["sign-ins/person", 62 * DAY],
	["sign-ins/people", 62 * DAY],
	["sign-ins/unnamed", 62 * DAY],
	["sign-ins/attempts", DAY],
	["sign-ins/health", 30 * DAY],
	["sign-ins/failing", 30 * DAY],
	["alert-events", DAY],
]);

/**
 * The most entries of a kind, however many visitors there were. The sign-in ledger keeps 20,000 attempts and 2,000
 * strays, and each of two nodes trims each of them after writing 500. Jobs leave a lease and a line for each duty.
 */
export const MOST: ReadonlyMap<string, number> = new Map([
	["sign-ins/entry", 24_000],
	["sign-ins/by-code", 24_000],
	["sign-ins/by-account", 24_000],
	["jobs", 40],
	// 50,000 each of operators and of users, and 10,000 failures. Visitors who come by X leave none.
	["audit/entry", 110_000],
]);

/** Kinds with one entry for each person who has an account. */
export const OF_PEOPLE = [
	...[
		"accounts/account",
		"accounts/email",
		"accounts/created",
		"accounts/newest",
		"accounts/class",
	],
	...["plugin-data/link", "plugin-data/links-of-user"],
] as const;

/** Kinds with at most so many entries for each person. Notes are worked off; hints go when somebody is proven. */
export const MOST_A_PERSON: ReadonlyMap<string, number> = new Map([
	["accounts/word", 12],
	...["counted", "count-due", "links-due", "unproven", "total", "state"].map(
		(kind) => [`accounts/${kind}`, 1] as const,
	),
]);

/** Parts of a key that name a namespace with several kinds in it. */
const DIVIDED = new Set([
	"accounts",
	"audit",
	"plugin-data",
	"sessions",
	"sign-ins",
	"password-resets",
]);

/** `plugin-data/pending`, for example. The plugin's id is left out, because there is one plugin. */
function kindOf(key: StorageKey): string {
	const [first = "", ...rest] = key.filter((part) => part !== "x-login");
	return DIVIDED.has(first) ? `${first}/${rest[0]}` : first;
}

export async function countStored(storage: HostStorage): Promise<StoredKinds> {
	const kinds = new Map<string, StoredKind>();
	for await (const { key, value } of everythingIn(storage)) {
		const kind = kindOf(key);
		const { entries, bytes } = kinds.get(kind) ?? { entries: 0, bytes: 0 };
		const size = Buffer.byteLength(key.join("/")) + Buffer.byteLength(JSON.stringify(value));
		kinds.set(kind, { entries: entries + 1, bytes: bytes + size });
	}
	return new Map([...kinds].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function* everythingIn(storage: HostStorage): AsyncGenerator<StorageEntry> {
	let cursor: string | undefined;
	do {
		const page = await storage.list([], { limit: 500, ...(cursor && { cursor }) });
		yield* page.entries;
		cursor = page.cursor;
	} while (cursor !== undefined);
}
