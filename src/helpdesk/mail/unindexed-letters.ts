import type { Clock } from "../../contract/clock.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StoragePage,
} from "../../contract/storage.ts";
import { merged } from "../../storage/merged-commit.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { fieldsOf, readOrReport } from "../../storage/stored-value.ts";
import { SaidStorageError } from "../locale/said.ts";
import { NAMESPACES } from "../namespaces.ts";
import { unreadableKey } from "./letter-index.ts";
import type { LetterStore } from "./letter-store.ts";
import { KEPT_MS, STORED_LETTER } from "./stored-letter.ts";

/** Each letter has up to eight keys in the commit. */
const STEP = 50;
/** How often another node or an earlier version may change the same letters while they are being indexed. */
const MAX_ROUNDS = 20;
/** How far the letters are indexed, for a start of this or another node. */
const POSITION = [...NAMESPACES.mailIndex, "position"];

/**
 * The letters that an earlier version has stored, or stores on a node that runs beside: the index of outgoing mail does not
 * have them. They are indexed in steps, in the order in which they were written. Each step remembers how far it came.
 */
export class UnindexedLetters {
	private readonly letters: HostStorage;
	/** The cursor of the next step; undefined before it was read. */
	private position: { readonly cursor: string | undefined } | undefined;

	/** @param storage the storage of the helpdesk. */
	constructor(
		private readonly storage: HostStorage,
		private readonly store: LetterStore,
		private readonly clock: Clock,
		private readonly report: (what: string, error: unknown) => void,
	) {
		this.letters = namespaced(storage, NAMESPACES.outbox);
	}

	/**
	 * Indexes what is not indexed yet. Where nothing is left it costs one list.
	 *
	 * @param mostSteps how many lists it may take, of 50 letters each. Left out: as many as it needs.
	 * @returns whether the index has every letter now.
	 */
	async index(mostSteps = Number.POSITIVE_INFINITY): Promise<boolean> {
		for (let step = 0; step < mostSteps; step += 1) {
			if (await this.step()) {
				return true;
			}
		}
		return false;
	}

	/** @returns whether it came to the newest letter. */
	private async step(): Promise<boolean> {
		for (let round = 0; round < MAX_ROUNDS; round += 1) {
			const { entries, cursor } = await this.nextPage();
			const parts = await Promise.all(entries.map((entry) => this.indexing(entry)));
			const commit = merged(...parts, this.reaching(cursor));
			if (commit.sets.length === 0 || (await this.storage.commit(commit))) {
				this.position = { cursor: cursor ?? this.position?.cursor };
				return cursor === undefined;
			}
		}
		const cause = new Error(`others changed letters without an index ${MAX_ROUNDS} times in a row`);
		throw new SaidStorageError({ key: "problem.busy" }, { cause });
	}

	private async nextPage(): Promise<StoragePage> {
		this.position ??= { cursor: await this.storedCursor() };
		const { cursor } = this.position;
		try {
			return await this.letters.list([], { limit: STEP, ...(cursor !== undefined && { cursor }) });
		} catch (error) {
			if (!(error instanceof TypeError) || cursor === undefined) {
				throw error;
			}
			// Cursors of another engine mean nothing here after a restore.
			this.position = { cursor: undefined };
			return this.letters.list([], { limit: STEP });
		}
	}

	/** Remembers how far the letters are indexed. */
	private reaching(cursor: string | undefined): StorageCommit {
		const expiresAt = this.clock.now() + KEPT_MS;
		return cursor === undefined ? {} : { sets: [{ key: POSITION, value: { cursor }, expiresAt }] };
	}

	private async storedCursor(): Promise<string | undefined> {
		const stored = fieldsOf((await this.storage.get(POSITION))?.value)["cursor"];
		return typeof stored === "string" ? stored : undefined;
	}

	/** What makes the index lead to a letter. */
	private async indexing({ key, version, value }: StorageEntry): Promise<StorageCommit> {
		const [id = ""] = key;
		const letter = STORED_LETTER.read(value);
		if (letter !== undefined) {
			return letter.indexed === true
				? {}
				: this.store.changing({ id, version, value: letter }, letter);
		}
		const unreadable = [...NAMESPACES.mailIndex, ...unreadableKey(id)];
		if (key.length > 1 || (await this.storage.get(unreadable)) !== undefined) {
			return {};
		}
		readOrReport({ value }, STORED_LETTER, (error) =>
			this.report("a list leaves out stored values", error),
		);
		return { sets: [{ key: unreadable, value: null, expiresAt: this.clock.now() + KEPT_MS }] };
	}
}
