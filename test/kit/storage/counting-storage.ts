import type { HostStorage, StorageCommit, StorageKey } from "../../../src/contract/storage.ts";
import type { OrderedStorage } from "../../../src/storage/ordered-storage.ts";

/** What was asked of a storage. */
export interface StorageCosts {
	/** The number of operations. */
	readonly operations: number;
	/** The number of operations of each kind with the kinds of their keys, such as "commit accounts/account outbox". */
	readonly counts: Readonly<Record<string, number>>;
	/** The most checks, sets and deletes that one commit had together. */
	readonly mostKeys: number;
	/** The most entries that one list gave. */
	readonly longestList: number;
	/** How many entries all lists gave. */
	readonly listed: number;
	/** The commits whose checks failed, by the kinds of their keys. */
	readonly failed: Readonly<Record<string, number>>;
}

/** A storage that counts every operation by its kind and the kinds of its keys. */
export class CountingStorage implements OrderedStorage {
	private counts = new Map<string, number>();
	private failed = new Map<string, number>();
	private operations = 0;
	private mostKeys = 0;
	private longestList = 0;
	private listed = 0;

	/** @param kindOf the kind of a key; by default its first two parts. */
	constructor(
		private readonly inner: HostStorage,
		private readonly kindOf: (key: StorageKey) => string = (key) => key.slice(0, 2).join("/"),
	) {}

	/** The costs since the last call of this function. */
	costsSoFar(): StorageCosts {
		const { operations, mostKeys, longestList, listed } = this;
		const costs = {
			...{ operations, mostKeys, longestList, listed },
			counts: Object.fromEntries(this.counts),
			failed: Object.fromEntries(this.failed),
		};
		this.counts = new Map();
		this.failed = new Map();
		this.operations = 0;
		this.mostKeys = 0;
		this.longestList = 0;
		this.listed = 0;
		return costs;
	}

	get: OrderedStorage["get"] = (key) => {
		this.count(`get ${this.kindsOf([key])}`);
		return this.inner.get(key);
	};

	take: OrderedStorage["take"] = (key) => {
		this.count(`take ${this.kindsOf([key])}`);
		return this.inner.take(key);
	};

	list: OrderedStorage["list"] = async (prefix, options) => {
		this.count(`list ${this.kindsOf([prefix])}`);
		const page = await this.inner.list(prefix, options);
		this.longestList = Math.max(this.longestList, page.entries.length);
		this.listed += page.entries.length;
		return page;
	};

	commit: OrderedStorage["commit"] = async (commit) => {
		const keys = keysOf(commit);
		const kinds = this.kindsOf(keys);
		this.count(`commit ${kinds}`);
		this.mostKeys = Math.max(this.mostKeys, keys.length);
		const isDone = await this.inner.commit(commit);
		if (!isDone) {
			this.failed.set(kinds, (this.failed.get(kinds) ?? 0) + 1);
		}
		return isDone;
	};

	private kindsOf(keys: readonly StorageKey[]): string {
		return [...new Set(keys.map(this.kindOf))].sort().join(" ");
	}

	private count(name: string): void {
		this.operations += 1;
		this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
	}
}

function keysOf({ checks = [], sets = [], deletes = [] }: StorageCommit): readonly StorageKey[] {
	return [...checks.map(({ key }) => key), ...sets.map(({ key }) => key), ...deletes];
}
