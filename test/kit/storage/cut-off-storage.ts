import {
	type HostStorage,
	type StorageEntry,
	StorageError,
	type StorageKey,
} from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import type { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "./all-entries.ts";

/**
 * A storage that a node loses after some writes, as if it were killed there, and that is put back to how it was. What a node
 * has only read before it dies changes nothing, so the moments between two writes are one moment.
 */
export class CutOffStorage implements HostStorage {
	private inner: MemoryStorage;
	private left = Number.POSITIVE_INFINITY;
	private wasCut = false;
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

	/** Lets so many writes through, and nothing after the last of them. */
	cutAfter(writes: number): void {
		this.left = writes;
		this.wasCut = false;
	}

	/** Whether it was asked for more than it lets through. */
	get isCut(): boolean {
		return this.wasCut;
	}

	/** What is stored, whether or not it is cut off. */
	entries(prefix: StorageKey = []): Promise<StorageEntry[]> {
		return allEntries(this.inner, prefix);
	}

	get: HostStorage["get"] = (key) => this.run(0, () => this.inner.get(key));
	take: HostStorage["take"] = (key) => this.run(1, () => this.inner.take(key));
	list: HostStorage["list"] = (prefix, options) =>
		this.run(0, () => this.inner.list(prefix, options));
	commit: HostStorage["commit"] = (commit) => this.run(1, () => this.inner.commit(commit));

	private async run<Result>(writes: number, operation: () => Promise<Result>): Promise<Result> {
		if (this.left === 0) {
			this.wasCut = true;
			throw new StorageError("the node is gone");
		}
		this.left -= writes;
		return operation();
	}
}
