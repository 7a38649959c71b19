import { asSet, EmptyBTree } from "sorted-btree";
import type { Clock } from "../contract/clock.ts";
import type {
	StorageCommit,
	StorageEntry,
	StorageKey,
	StoragePage,
	StorageValue,
} from "../contract/storage.ts";
import { copyOfCommit } from "../contract/storage-copies.ts";
import type { ListOptions, OrderedStorage } from "./ordered-storage.ts";
import { pageRange } from "./page-range.ts";
import { decodeKey, encodeKey } from "./storage-key.ts";
import { storedJson } from "./stored-json.ts";
import { SWEPT_WITH_EACH_COMMIT } from "./sweeping.ts";

interface Stored {
	/** The value as JSON, so that nobody can change it through a reference. */
	readonly json: string;
	readonly version: string;
	readonly expiresAt: number;
}

/** Living entries that a sweep looks at: more than most commits add, and few enough to cost almost nothing. */
const LOOKED_AT = 10;

/** Storage that lives as long as the process, for tests and for helpdesks that need no more. */
export class MemoryStorage implements OrderedStorage {
	private readonly entries = new Map<string, Stored>();
	/** The keys of {@link entries}, in order. A clone of the empty tree is a new one, whatever loads the module. */
	private readonly keys = asSet<string, undefined>(EmptyBTree.clone());
	private commits = 0;
	private sweeper = this.entries.entries();

	constructor(private readonly clock: Clock) {}

	async get(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const stored = this.living(encoded);
		return stored && entryOf(encoded, stored);
	}

	async commit(commit: StorageCommit): Promise<boolean> {
		const { checks, sets, deletes } = copyOfCommit(commit);
		// Everything that can throw comes before the first write.
		const writes = sets.map(({ key, value, expiresAt = Number.POSITIVE_INFINITY }) => ({
			encoded: encodeKey(key),
			json: storedJson(value),
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
			this.delete(encoded);
		}
		for (const [index, { encoded, json, expiresAt }] of writes.entries()) {
			if (!this.entries.has(encoded)) {
				this.keys.add(encoded);
			}
			this.entries.set(encoded, { json, version: `${this.commits}.${index}`, expiresAt });
		}
		this.sweep();
		return true;
	}

	async take(key: StorageKey): Promise<StorageEntry | undefined> {
		const encoded = encodeKey(key);
		const stored = this.living(encoded);
		this.delete(encoded);
		return stored && entryOf(encoded, stored);
	}

	async list(prefix: StorageKey, options?: ListOptions): Promise<StoragePage> {
		const { start, after, limit } = pageRange(prefix, options);
		const entries: StorageEntry[] = [];
		let last = after;
		for (const key of this.keys.keys(after)) {
			if (!key.startsWith(start)) {
				break;
			}
			const stored = key === after ? undefined : this.living(key);
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
		let living = 0;
		let swept = 0;
		while (living < LOOKED_AT && swept < SWEPT_WITH_EACH_COMMIT) {
			const { done, value } = this.sweeper.next();
			if (done) {
				this.sweeper = this.entries.entries();
				return;
			}
			const [key, { expiresAt }] = value;
			if (now < expiresAt) {
				living += 1;
			} else {
				this.delete(key);
				swept += 1;
			}
		}
	}

	private delete(encoded: string): void {
		if (this.entries.delete(encoded)) {
			this.keys.delete(encoded);
		}
	}
}

function entryOf(encoded: string, { json, version }: Stored): StorageEntry {
	return { key: decodeKey(encoded), value: JSON.parse(json) as StorageValue, version };
}
