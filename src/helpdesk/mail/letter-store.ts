import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { readableEntries } from "../../storage/stored-value.ts";
import { inParallel } from "../in-parallel.ts";
import { NAMESPACES } from "../namespaces.ts";
import { keptTextKey } from "./kept-texts.ts";
import { indexKeys, isSameKey } from "./letter-index.ts";
import { KEPT_MS, STORED_LETTER, type StoredLetter } from "./stored-letter.ts";

/** Each letter has up to seven keys, so that a commit stays small. */
const AT_ONCE = 50;
/** A page leaves connections of the storage to visitors. */
const READ_AT_ONCE = 10;

type Report = (what: string, error: unknown) => void;

/** A letter and its place in the storage. */
export interface FoundLetter {
	readonly id: string;
	readonly version: string;
	readonly value: StoredLetter;
}

export interface LetterPage {
	/** In the order of the index. */
	readonly letters: readonly FoundLetter[];
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
}

/**
 * Stores letters, and beside each the keys of {@link indexKeys}, in one commit. An earlier version that runs beside writes
 * letters without their index and deletes letters alone. So a key that leads nowhere is deleted when it is met.
 */
export class LetterStore {
	private readonly letters: HostStorage;
	private readonly index: HostStorage;

	/** @param storage the storage of the helpdesk. */
	constructor(
		private readonly storage: HostStorage,
		private readonly report: Report,
	) {
		this.letters = namespaced(storage, NAMESPACES.outbox);
		this.index = namespaced(storage, NAMESPACES.mailIndex);
	}

	/** A letter and its index as a part of a commit to the storage of the helpdesk. At most five keys, or six once it has ended. */
	setsOf(id: string, letter: StoredLetter): NonNullable<StorageCommit["sets"]> {
		const expiresAt = letter.at + KEPT_MS;
		return [
			{ key: letterKey(id), value: { ...letter, indexed: true }, expiresAt },
			...indexKeys(id, letter).map((key) => ({ key: placed(key), value: null, expiresAt })),
		];
	}

	/** @param storage the storage of the helpdesk, or one in front of it that may refuse the commit. */
	async add(id: string, letter: StoredLetter, storage = this.storage): Promise<void> {
		await storage.commit({
			checks: [{ key: letterKey(id), version: null }],
			sets: this.setsOf(id, letter),
		});
	}

	/** @returns false when somebody changed or deleted the letter meanwhile. */
	change(found: FoundLetter, letter: StoredLetter): Promise<boolean> {
		return this.commit(this.changing(found, letter));
	}

	/** A commit of which {@link changing} is a part. */
	commit(commit: StorageCommit): Promise<boolean> {
		return this.storage.commit(commit);
	}

	/** {@link change} as a part of a commit. At most nine keys. */
	changing({ id, version, value }: FoundLetter, letter: StoredLetter): StorageCommit {
		const known = value.indexed === true ? indexKeys(id, value) : [];
		const wanted = indexKeys(id, letter);
		return {
			checks: [{ key: letterKey(id), version }],
			sets: this.setsOf(id, letter).filter(
				({ key }) => !known.some((each) => isSameKey(key, placed(each))),
			),
			deletes: known
				.filter((key) => !wanted.some((each) => isSameKey(key, each)))
				.map((key) => placed(key)),
		};
	}

	/** Deletes letters, also those that another node changes meanwhile. */
	async drop(letters: readonly Pick<FoundLetter, "id" | "value">[]): Promise<void> {
		for (let start = 0; start < letters.length; start += AT_ONCE) {
			const deletes = letters
				.slice(start, start + AT_ONCE)
				.flatMap(({ id, value }) => [
					letterKey(id),
					keptTextKey(id),
					...indexKeys(id, value).map(placed),
				]);
			await this.storage.commit({ deletes });
		}
	}

	/** @returns undefined, too, for a letter that cannot be read, which is reported. */
	async find(id: string): Promise<FoundLetter | undefined> {
		const entry = await this.letters.get([id]);
		const [found] = readableEntries(entry === undefined ? [] : [entry], STORED_LETTER, this.report);
		return found && { id, version: found.version, value: found.value };
	}

	/**
	 * A page of the letters below a place of the index.
	 *
	 * @param report takes letters that cannot be read, instead of the report of the constructor.
	 * @throws TypeError for a cursor that is not of this place.
	 */
	async page(
		place: StorageKey,
		{ cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
		report = this.report,
	): Promise<LetterPage> {
		const listed = await this.index.list(place, { limit, ...(cursor !== undefined && { cursor }) });
		const gone: StorageKey[] = [];
		const found = await inParallel(listed.entries, READ_AT_ONCE, async ({ key }) => {
			const letter = await this.letters.get([idIn(key)]);
			if (letter === undefined) {
				gone.push(placed(key));
			}
			return letter === undefined ? [] : [{ ...letter, key }];
		});
		if (gone.length > 0) {
			await this.storage.commit({ deletes: gone });
		}
		const letters: FoundLetter[] = [];
		for (const { key, version, value } of readableEntries(found.flat(), STORED_LETTER, report)) {
			const letter = { id: idIn(key), version, value };
			if (indexKeys(letter.id, value).some((each) => isSameKey(each, key))) {
				letters.push(letter);
			} else {
				await this.moveKey(letter, key);
			}
		}
		return { letters, next: listed.cursor };
	}

	/** All letters below a place, 50 at a time. They may be deleted or changed meanwhile. */
	async *pagesAt(place: StorageKey): AsyncGenerator<readonly FoundLetter[]> {
		let cursor: string | undefined;
		do {
			const { letters, next } = await this.page(place, { cursor, limit: AT_ONCE });
			yield letters;
			cursor = next;
		} while (cursor !== undefined);
	}

	/** An earlier version has changed a letter, and left its index as it was. */
	private async moveKey({ id, version, value }: FoundLetter, stray: StorageKey): Promise<void> {
		await this.storage.commit({
			checks: [{ key: letterKey(id), version }],
			sets: this.setsOf(id, value),
			deletes: [placed(stray)],
		});
	}
}

function letterKey(id: string): StorageKey {
	return [...NAMESPACES.outbox, id];
}

function placed(key: StorageKey): StorageKey {
	return [...NAMESPACES.mailIndex, ...key];
}

function idIn(key: StorageKey): string {
	return String(key.at(-1));
}
