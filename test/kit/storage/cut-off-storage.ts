import {
	type HostStorage,
	type StorageEntry,
	StorageError,
	type StorageKey,
} from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import type { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "./all-entries.ts";

/** A storage that a node loses after some operations, as if it were killed there, and that is put back to how it was. */
export class CutOffStorage implements HostStorage {
	private inner: MemoryStorage;
	private left = Number.POSITIVE_INFINITY;
	private kept: readonly StorageEntry[] = [];

	constructor(private readonly clock: MockClock) {
		this.inner = new MemoryStorage(clock);
	}

	/** Remembers what is stored, for {@link putBack}. */
	async keep(): Promise<void> {
		this.kept = await this.entries();
	}

	async putBack(): Promise<void> {
		this.inner = new MemoryStorage(this.clock);
		await this.inner.commit({ sets: this.kept.map(({ key, value }) => ({ key, value })) });
		this.cutAfter(Number.POSITIVE_INFINITY);
	}

	/** Lets so many operations through. */
	cutAfter(operations: number): void {
		this.left = operations;
	}

	/** Whether it was asked for more operations than it lets through. */
	get isCut(): boolean {
		return this.left < 0;
	}

	/** What is stored, whether or not it is cut off. */
	entries(prefix: StorageKey = []): Promise<StorageEntry[]> {
		return allEntries(this.inner, prefix);
	}

	get: HostStorage["get"] = (key) => this.run(() => this.inner.get(key));
	take: HostStorage["take"] = (key) => this.run(() => this.inner.take(key));
	list: HostStorage["list"] = (prefix, options) => this.run(() => this.inner.list(prefix, options));
	commit: HostStorage["commit"] = (commit) => this.run(() => this.inner.commit(commit));

	private async run<Result>(operation: () => Promise<Result>): Promise<Result> {
		this.left -= 1;
		if (this.left < 0) {
			throw new StorageError("the node is gone");
		}
		return operation();
	}
}
