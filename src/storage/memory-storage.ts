import type { Clock } from "../contract/clock.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
	StoragePage,
	StorageValue,
} from "../contract/storage.ts";
import { decodeKey, encodeKey } from "./storage-key.ts";

interface Stored {
	/** As JSON, so that nobody can change what is stored by holding on to it. */
	readonly json: string;
	readonly version: string;
	readonly expiresAt: number;
}

const COMMITS_BETWEEN_SWEEPS = 1000;
const PAGE = 100;

/** Storage that lives as long as the process: for tests, and for helpdesks that need no more. */
export class MemoryStorage implements HostStorage {
	private readonly entries = new Map<string, Stored>();
	private commits = 0;

	constructor(private readonly clock: Clock) {}

	async get(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const stored = this.living(encoded);
		return stored && entryOf(encoded, stored);
	}

	async commit({ checks = [], sets = [], deletes = [] }: StorageCommit): Promise<boolean> {
		// Everything that can throw comes before the first write.
		const writes = sets.map(({ key, value, expiresAt = Number.POSITIVE_INFINITY }) => ({
			encoded: encodeKey(key),
			json: JSON.stringify(value),
			expiresAt,
		}));
		const removals = deletes.map(encodeKey);
		const fits = checks.every(
			({ key, version }) => (this.living(encodeKey(key))?.version ?? null) === version,
		);
		if (!fits) {
			return false;
		}
		this.commits += 1;
		for (const encoded of removals) {
			this.entries.delete(encoded);
		}
		for (const [index, { encoded, json, expiresAt }] of writes.entries()) {
			this.entries.set(encoded, { json, version: `${this.commits}.${index}`, expiresAt });
		}
		if (this.commits % COMMITS_BETWEEN_SWEEPS === 0) {
			this.sweep();
		}
		return true;
	}

	async take(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const stored = this.living(encoded);
		this.entries.delete(encoded);
		return stored && entryOf(encoded, stored);
	}

	async list(
		prefix: StorageKey,
		{ cursor = "", limit = PAGE }: { readonly cursor?: string; readonly limit?: number } = {},
	): Promise<StoragePage> {
		const start = prefix.length === 0 ? "" : encodeKey(prefix);
		const found = [...this.entries.keys()]
			.filter((key) => key.startsWith(start) && key !== start && key > cursor)
			.sort();
		const entries: StorageEntry[] = [];
		let last = cursor;
		for (const key of found) {
			const stored = this.living(key);
			if (stored === undefined) {
				continue;
			}
			if (entries.length === limit) {
				return { entries, cursor: last };
			}
			entries.push(entryOf(key, stored));
			last = key;
		}
		return { entries };
	}

	private living(encoded: string): Stored | undefined {
		const stored = this.entries.get(encoded);
		return stored !== undefined && this.clock.now() < stored.expiresAt ? stored : undefined;
	}

	private sweep(): void {
		const now = this.clock.now();
		for (const [key, { expiresAt }] of this.entries) {
			if (now >= expiresAt) {
				this.entries.delete(key);
			}
		}
	}
}

function entryOf(encoded: string, { json, version }: Stored): StorageEntry {
	return { key: decodeKey(encoded), value: JSON.parse(json) as StorageValue, version };
}
