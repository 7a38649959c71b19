import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { CallValue } from "../../routes/call-value.ts";
import { merged } from "../../storage/merged-commit.ts";
import type { ListOptions, OrderedStorage } from "../../storage/ordered-storage.ts";

/** A deed that is being done, as the storage sees it. */
export interface DeedUnderWay {
	/** Whether a commit is the deed's, and its entry is not written yet. */
	takes(commit: StorageCommit): boolean;
	/** The entry of the deed, as part of its first commit. The same for each try. */
	partOf(commit: StorageCommit): StorageCommit;
	/** Called when a commit with the entry is stored. */
	written(): void;
}

const UNDER_WAY = new CallValue<DeedUnderWay>();

/** Does work as a deed: the first of its commits has the entry of the deed in it. */
export function whileDoing<Result>(deed: DeedUnderWay, work: () => Result): Result {
	return UNDER_WAY.during(deed, work);
}

/**
 * Puts the entry of the deed that is being done into the deed's own commit, so that a crash leaves both or none. All of a
 * helpdesk's commits pass it, whatever their namespace. A commit that fails its checks has done nothing, and the next one
 * takes the entry.
 */
class DeedStorage implements OrderedStorage {
	constructor(private readonly inner: HostStorage) {}

	get(key: StorageKey) {
		return this.inner.get(key);
	}

	take(key: StorageKey) {
		return this.inner.take(key);
	}

	list(prefix: StorageKey, options?: ListOptions) {
		return this.inner.list(prefix, options);
	}

	async commit(commit: StorageCommit): Promise<boolean> {
		const deed = UNDER_WAY.current();
		if (deed === undefined || !deed.takes(commit)) {
			return this.inner.commit(commit);
		}
		const isDone = await this.inner.commit(merged(commit, deed.partOf(commit)));
		if (isDone) {
			deed.written();
		}
		return isDone;
	}
}

/** The storage of a helpdesk, in which deeds leave entries. A storage that is one already is returned as it is. */
export function withDeeds(storage: HostStorage): HostStorage {
	return storage instanceof DeedStorage ? storage : new DeedStorage(storage);
}
