import type { HostStorage, StorageCommit } from "../../../src/contract/storage.ts";
import { decodeKey, encodeKey } from "../../../src/storage/storage-key.ts";

type Sets = NonNullable<StorageCommit["sets"]>;

const SETS_A_COMMIT = 1_500;
/** No key has it. */
const AFTER_KEY = "\n";

/**
 * Collects entries and stores them in the order of their keys. A database that gets millions of entries in any other order
 * writes each page of its index again and again.
 */
export class SortedSets {
	/** By the first parts of the keys, because a list of all of them would be too long to sort. */
	private readonly kinds = new Map<string, string[]>();

	add(sets: Sets): void {
		for (const { key, value, expiresAt = null } of sets) {
			const kind = encodeKey(key.slice(0, 2));
			const lines = this.kinds.get(kind) ?? [];
			this.kinds.set(kind, lines);
			lines.push(`${encodeKey(key)}${AFTER_KEY}${JSON.stringify([value, expiresAt])}`);
		}
	}

	async write(storage: HostStorage): Promise<void> {
		for (const kind of [...this.kinds.keys()].sort()) {
			const lines = this.kinds.get(kind)?.sort() ?? [];
			for (let first = 0; first < lines.length; first += SETS_A_COMMIT) {
				await storage.commit({ sets: lines.slice(first, first + SETS_A_COMMIT).map(setIn) });
			}
			this.kinds.delete(kind);
		}
	}
}

function setIn(line: string): Sets[number] {
	const end = line.indexOf(AFTER_KEY);
	const [value, expiresAt] = JSON.parse(line.slice(end + 1));
	return {
		key: decodeKey(line.slice(0, end)),
		value,
		...(expiresAt !== null && { expiresAt }),
	};
}
