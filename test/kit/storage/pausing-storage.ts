import type { HostStorage, StorageKey } from "../../../src/contract/storage.ts";

/** An operation on a storage, with the keys that it reads or writes. */
export interface Operation {
	readonly kind: keyof HostStorage;
	readonly keys: readonly StorageKey[];
}

/** An operation that a {@link PausingStorage} stops at. */
interface Stop {
	readonly isHere: (operation: Operation) => boolean;
	readonly when: "before" | "after";
	readonly reached: () => void;
	readonly gone: Promise<void>;
}

/** A storage that stops one caller at an operation, so that a test does something in between. */
export class PausingStorage implements HostStorage {
	private stop: Stop | undefined;

	constructor(private readonly inner: HostStorage) {}

	/**
	 * Stops the next operation of this kind, once.
	 *
	 * @param when whether it stops before the operation or after it.
	 * @returns `reached` once the caller waits there; `goOn` lets it go on.
	 */
	stopAt(
		when: Stop["when"],
		isHere: Stop["isHere"],
	): { readonly reached: Promise<void>; readonly goOn: () => void } {
		let goOn = (): void => {};
		const gone = new Promise<void>((resolve) => {
			goOn = resolve;
		});
		const reached = new Promise<void>((resolve) => {
			this.stop = { isHere, when, reached: resolve, gone };
		});
		return { reached, goOn };
	}

	get: HostStorage["get"] = (key) =>
		this.run({ kind: "get", keys: [key] }, () => this.inner.get(key));

	take: HostStorage["take"] = (key) =>
		this.run({ kind: "take", keys: [key] }, () => this.inner.take(key));

	list: HostStorage["list"] = (prefix, options) =>
		this.run({ kind: "list", keys: [prefix] }, () => this.inner.list(prefix, options));

	commit: HostStorage["commit"] = (commit) => {
		const { checks = [], sets = [], deletes = [] } = commit;
		const keys = [...checks.map(({ key }) => key), ...sets.map(({ key }) => key), ...deletes];
		return this.run({ kind: "commit", keys }, () => this.inner.commit(commit));
	};

	private async run<Result>(operation: Operation, act: () => Promise<Result>): Promise<Result> {
		const { stop } = this;
		if (stop === undefined || !stop.isHere(operation)) {
			return act();
		}
		this.stop = undefined;
		if (stop.when === "before") {
			stop.reached();
			await stop.gone;
			return act();
		}
		const result = await act();
		stop.reached();
		await stop.gone;
		return result;
	}
}
