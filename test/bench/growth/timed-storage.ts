import type { HostStorage } from "../../../src/contract/storage.ts";

/** Measures the time spent waiting for a storage. */
export class TimedStorage implements HostStorage {
	/** Milliseconds since it was last set to 0. Simultaneous calls each count in full. */
	waitedMs = 0;

	constructor(private readonly storage: HostStorage) {}

	readonly get: HostStorage["get"] = (key) => this.time(() => this.storage.get(key));
	readonly take: HostStorage["take"] = (key) => this.time(() => this.storage.take(key));
	readonly commit: HostStorage["commit"] = (commit) => this.time(() => this.storage.commit(commit));
	readonly list: HostStorage["list"] = (prefix, options) =>
		this.time(() => this.storage.list(prefix, options));

	reset(): void {
		this.waitedMs = 0;
	}

	private async time<Result>(call: () => Promise<Result>): Promise<Result> {
		const begin = performance.now();
		try {
			return await call();
		} finally {
			this.waitedMs += performance.now() - begin;
		}
	}
}
