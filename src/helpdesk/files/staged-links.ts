import { setImmediate as nextTurn } from "node:timers/promises";
import type { StorageCheck, StorageCommit, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, readTexts } from "../../storage/stored-value.ts";
import type { Message } from "../locale/locale.ts";
import type { FileRow, LinkFileReader } from "./link-file.ts";
import { LinkFileFacts } from "./link-file-facts.ts";
import { RowParts } from "./row-parts.ts";
import { NOTHING_BESIDE, type RowsBeside, rowsBeside } from "./rows-beside.ts";
import type { FoundFile, StagedFile, StagedFiles } from "./staged-files.ts";
import { linkRow, rowsIn, STORED_ROWS, type StoredRow, type StoredRows } from "./stored-rows.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import type { Uploads } from "./uploads.ts";

/** How long a list can be tried and imported. Milliseconds. */
const LIVES_MS = 7 * 24 * 60 * 60_000;
/** The most rows of all files that were added to one list. */
const MOST_ROWS = 1_000_000;
/** So many parts go into one commit. */
const AT_ONCE = 8;
/** Text is read in pieces of this length, so that other requests get their turn. */
const PIECE = 16 * 1024;
const GONE: Message = { key: "link-file.gone" };

export interface SentList {
	/** The name of the file, for people. */
	readonly name: string;
	/** The id of the add-on whose links it lists. */
	readonly addOn: string;
	/** What must not change while it arrives: a list is not kept for an add-on whose data was deleted meanwhile. */
	readonly checks?: readonly StorageCheck[];
	readonly texts: AsyncIterable<string>;
	readonly reader: LinkFileReader;
	/** The id of a staged list that it is added to. */
	readonly addTo?: string | undefined;
}

/** A part of a staged list, with what the rest of the list says about it. */
export interface ListPart {
	/** The name of the file that it is from. */
	readonly source: string;
	readonly rows: readonly StoredRow[];
	/** Rows of parts before it that share an id or a user with it. */
	readonly earlier: readonly StoredRow[];
	/** Rows of parts after it that do. */
	readonly later: readonly StoredRow[];
	/** Ids that stand for the numbers of the whole list, see `LinkFileFacts.sampled`. */
	readonly sampled: readonly string[];
}

/** Lists of links in the storage, in parts of a size that one step of a job imports. */
export class StagedLinks {
	constructor(
		private readonly files: StagedFiles,
		private readonly uploads: Uploads,
	) {}

	/**
	 * Stores a list while it arrives. It never is in memory as a whole.
	 *
	 * @returns the list.
	 * @throws UnreadableFileError for a list that cannot be read. Nothing of it is left then.
	 */
	async stage(list: SentList): Promise<FoundFile> {
		// An upload whose node was killed is deleted even where no node does the helpdesk's duties.
		await this.uploads.giveUpAbandoned();
		const file = await this.open(list);
		if (!(await this.uploads.begin(file))) {
			throw new UnreadableFileError({ key: "link-file.busy" });
		}
		try {
			await new Staging(this.files, this.uploads, file).run(list);
		} catch (error) {
			await this.uploads.giveUp(file.id);
			throw error;
		}
		return this.found(file.id);
	}

	/** @returns undefined for no list, one that has expired, and one that is not complete. */
	async known(fileId: string): Promise<FoundFile | undefined> {
		const file = await this.files.find(fileId);
		return file?.kind === "links" && file.parts > 0 ? file : undefined;
	}

	/** @throws UnreadableFileError when the list has expired. */
	async found(fileId: string): Promise<FoundFile> {
		const file = await this.known(fileId);
		if (file === undefined) {
			throw new UnreadableFileError(GONE);
		}
		return file;
	}

	/** @throws UnreadableFileError when the list has expired. */
	async part(file: FoundFile, index: number): Promise<ListPart> {
		const { source, rows } = await partOf(this.files, file.id, index);
		const beside = await this.files.readOther(file.id, index);
		return {
			source: file.names[source] ?? "",
			rows,
			earlier: rowsIn(fieldsOf(beside)["earlier"]) ?? [],
			later: laterRows(beside, file.parts),
			sampled: readTexts(fieldsOf(file.facts)["sampled"]) ?? [],
		};
	}

	private async open({ name, addOn, addTo }: SentList): Promise<FoundFile> {
		if (addTo !== undefined) {
			return this.found(addTo);
		}
		const id = await this.files.begin({ kind: "links", name, addOn }, LIVES_MS);
		const file = await this.files.find(id);
		if (file === undefined) {
			throw new UnreadableFileError(GONE);
		}
		return file;
	}
}

/** A list on its way into the storage. */
class Staging {
	private readonly facts = new LinkFileFacts();
	private readonly parts = new RowParts();
	private waiting: StorageCommit[] = [];
	private written: number;
	private rows: number;
	private bytes = 0;
	private readonly source: number;

	constructor(
		private readonly files: StagedFiles,
		private readonly uploads: Uploads,
		private readonly file: FoundFile,
	) {
		this.written = file.parts;
		this.rows = file.rows;
		this.source = file.parts === 0 ? 0 : file.names.length;
	}

	/** @throws UnreadableFileError for a list that cannot be read, or that must not be kept. */
	async run({ name, texts, reader, checks }: SentList): Promise<void> {
		await this.addKnownRows();
		for await (const text of texts) {
			this.bytes += Buffer.byteLength(text);
			for (let from = 0; from < text.length; from += PIECE) {
				await this.add(reader.push(text.slice(from, from + PIECE)));
			}
		}
		await this.add(reader.end());
		await this.put(this.parts.rest());
		await this.flush();
		await this.writeShared();
		const { id, version, kind, addOn, list, names, bytes } = this.file;
		const whole: StagedFile = {
			...{ kind, addOn, list },
			names: this.source === 0 ? [name] : [...names, name],
			parts: this.written,
			rows: this.rows,
			bytes: bytes + this.bytes,
			facts: { sampled: this.facts.sampled() },
		};
		if (!(await this.uploads.complete(id, whole, version, checks))) {
			throw new UnreadableFileError({ key: "link-file.not-kept" });
		}
	}

	/** The facts are about all rows of a list, those of its earlier files included. */
	private async addKnownRows(): Promise<void> {
		for (let index = 0; index < this.file.parts; index += 1) {
			const rows = await this.rowsOf(index);
			for (const row of rows) {
				this.facts.add(linkRow(row, ""));
			}
		}
	}

	private async add(rows: readonly FileRow[]): Promise<void> {
		await nextTurn();
		for (const row of rows) {
			this.facts.add(row.row);
			this.rows += 1;
			if (this.rows > MOST_ROWS) {
				throw new UnreadableFileError({ key: "link-file.too-many-together" });
			}
			await this.put(this.parts.add(row));
		}
	}

	private async put(rows: readonly StoredRow[] | undefined): Promise<void> {
		if (rows === undefined || rows.length === 0) {
			return;
		}
		const value = { source: this.source, rows };
		this.waiting.push(this.files.part(this.file.id, this.written, value));
		this.written += 1;
		if (this.waiting.length === AT_ONCE) {
			await this.flush();
		}
	}

	private async flush(): Promise<void> {
		const sets = this.waiting.flatMap((commit) => commit.sets ?? []);
		this.waiting = [];
		if (sets.length > 0) {
			await this.uploads.write(this.file.id, this.written, { sets });
		}
	}

	/** Stores beside each part what other parts say about its rows. */
	private async writeShared(): Promise<void> {
		const shared = await this.facts.shared();
		const written = new Set<number>();
		if (shared.size > 0) {
			for await (const [index, beside] of rowsBeside(this.writtenParts(), shared)) {
				await this.writeBeside(index, beside);
				written.add(index);
			}
		}
		// An addition that was given up leaves its rows beside the parts before it.
		for (let index = 0; index < this.file.parts; index += 1) {
			await nextTurn();
			if (!written.has(index) && (await this.files.readOther(this.file.id, index)) !== undefined) {
				await this.writeBeside(index, NOTHING_BESIDE);
			}
		}
	}

	private async writeBeside(index: number, beside: RowsBeside): Promise<void> {
		const commit = this.files.other(this.file.id, index, beside);
		await this.uploads.write(this.file.id, this.written, commit);
	}

	private async *writtenParts(): AsyncGenerator<readonly StoredRow[]> {
		for (let index = 0; index < this.written; index += 1) {
			yield await this.rowsOf(index);
		}
	}

	/** A storage may answer without ever letting other requests have their turn, so this does. */
	private async rowsOf(index: number): Promise<readonly StoredRow[]> {
		await nextTurn();
		return (await partOf(this.files, this.file.id, index)).rows;
	}
}

/** Only rows of parts that count: an addition that was given up leaves its own. Lists of earlier versions name no parts. */
function laterRows(beside: StorageValue | undefined, parts: number): readonly StoredRow[] {
	const { later, laterParts } = fieldsOf(beside);
	const rows = rowsIn(later) ?? [];
	return Array.isArray(laterParts) ? rows.filter((_, at) => Number(laterParts[at]) < parts) : rows;
}

async function partOf(files: StagedFiles, fileId: string, index: number): Promise<StoredRows> {
	const value = await files.read(fileId, index);
	if (value === undefined) {
		throw new UnreadableFileError(GONE);
	}
	return readEntry({ value }, STORED_ROWS);
}
