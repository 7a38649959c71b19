import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageCheck,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { fieldsOf, isTime, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { SaidStorageError } from "../locale/said.ts";
import { NAMESPACES } from "../namespaces.ts";
import {
	DROPPED_AT_ONCE,
	expiryOf,
	type FoundFile,
	type StagedFile,
	type StagedFiles,
} from "./staged-files.ts";

/** An upload whose node has written nothing for so long is gone. A request takes two minutes at most. Milliseconds. */
const ABANDONED_AFTER_MS = 20 * 60_000;
/** How often uploads are looked for that are gone, so that none leaves anything for an hour. Milliseconds. */
export const LOOK_FOR_ABANDONED_MS = 15 * 60_000;
const LOOKED_AT_ONCE = 100;

const PLACE: StorageKey = [...NAMESPACES.files, "upload"];

/** What an upload that is under way has written. */
type StoredUpload = {
	/** When it last wrote something, in milliseconds since the epoch. */
	readonly at: number;
	/** The first part that is its own: it may add to a file. */
	readonly from: number;
	/** The part after its last one. */
	readonly to: number;
};

/**
 * The uploads that are under way. Each is noted until the file is complete, so that another node deletes what an upload
 * leaves behind when its own node is killed.
 */
export class Uploads {
	/** @param storage the helpdesk's whole storage. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly files: StagedFiles,
	) {}

	/**
	 * Begins to write behind the parts of a file.
	 *
	 * @param file as it was read.
	 * @returns false when another upload writes it, or has written it since it was read.
	 */
	begin({ id, version, parts }: Pick<FoundFile, "id" | "version" | "parts">): Promise<boolean> {
		return this.storage.commit({
			checks: [{ key: keyOf(id), version: null }, this.files.unchanged(id, version)],
			...this.noted(id, parts, parts),
		});
	}

	/**
	 * Writes parts, with the note that they are there.
	 *
	 * @param to the part after the last one.
	 * @throws StorageError when the upload was given up meanwhile.
	 */
	async write(fileId: string, to: number, parts: StorageCommit): Promise<void> {
		const isWritten = await this.goOn(fileId, ({ from }) => ({
			sets: [...(parts.sets ?? []), ...(this.noted(fileId, from, to).sets ?? [])],
		}));
		if (!isWritten) {
			throw new SaidStorageError({ key: "problem.upload-given-up" });
		}
	}

	/**
	 * Ends an upload: from now on its parts count.
	 *
	 * @param version of the file's record when the upload began.
	 * @param checks what must be as it was then, besides.
	 * @returns false when something has changed meanwhile, or it was given up.
	 */
	async complete(
		fileId: string,
		file: StagedFile,
		version: string,
		checks: readonly StorageCheck[] = [],
	): Promise<boolean> {
		return this.goOn(fileId, () => {
			const whole = this.files.writing(fileId, file, version);
			return {
				...whole,
				checks: [...(whole.checks ?? []), ...checks],
				deletes: [keyOf(fileId)],
			};
		});
	}

	/** Deletes what an upload has written so far. */
	async giveUp(fileId: string): Promise<void> {
		const note = await this.storage.get(keyOf(fileId));
		if (note === undefined) {
			return;
		}
		const { from, to } = readEntry(note, STORED_UPLOAD);
		for (let next = from; next === from || next < to; next += DROPPED_AT_ONCE) {
			await this.files.drop(fileId, next);
		}
		await this.storage.commit({ deletes: [note.key] });
	}

	/** Gives up the uploads whose node is gone. @returns how many. */
	async giveUpAbandoned(): Promise<number> {
		const { entries } = await this.storage.list(PLACE, { limit: LOOKED_AT_ONCE });
		const before = this.clock.now() - ABANDONED_AFTER_MS;
		let count = 0;
		for (const entry of entries) {
			if (readEntry(entry, STORED_UPLOAD).at <= before) {
				await this.giveUp(String(entry.key.at(-1)));
				count += 1;
			}
		}
		return count;
	}

	/** @returns false when it was given up, or a check does not hold. */
	private async goOn(
		fileId: string,
		commitOf: (upload: StoredUpload) => StorageCommit,
	): Promise<boolean> {
		const note = await this.storage.get(keyOf(fileId));
		return note !== undefined && this.commitOn(note, commitOf(readEntry(note, STORED_UPLOAD)));
	}

	/** Commits while an upload's note is as it was read. */
	private commitOn({ key, version }: StorageEntry, commit: StorageCommit): Promise<boolean> {
		const checks = [{ key, version }, ...(commit.checks ?? [])];
		return this.storage.commit({ ...commit, checks });
	}

	private noted(fileId: string, from: number, to: number): StorageCommit {
		const value: StoredUpload = { at: this.clock.now(), from, to };
		return { sets: [{ key: keyOf(fileId), value, expiresAt: expiryOf(fileId) }] };
	}
}

function keyOf(fileId: string): StorageKey {
	return [...PLACE, fileId];
}

const STORED_UPLOAD: StoredKind<StoredUpload> = {
	name: "files/upload",
	read: (value) => {
		const { at, from, to } = fieldsOf(value);
		return isTime(at) && typeof from === "number" && typeof to === "number"
			? { at, from, to }
			: undefined;
	},
};
