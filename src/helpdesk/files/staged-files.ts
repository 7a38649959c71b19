import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type {
	HostStorage,
	StorageCheck,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import {
	fieldsOf,
	isTextOrNull,
	readEntry,
	readTexts,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { CannotSucceedError } from "../jobs/job-kind.ts";
import { NAMESPACES } from "../namespaces.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

const KINDS = ["links", "csv", "results"] as const;
/** `links`: rows of a list of links. `csv`: text. `results`: what an import told each row of a list. */
type FileKind = (typeof KINDS)[number];

/** A file in the storage, which each node reads. Every part of it expires when the file does. */
export type StagedFile = {
	readonly kind: FileKind;
	/** The id of the add-on whose links it is about. Empty: not known. */
	readonly addOn: string;
	/** The id of the list that results are about; null for any other file. */
	readonly list: string | null;
	/** Its name for people; one for each file that was added to it. */
	readonly names: readonly string[];
	/** How many of its parts count. What lies behind them belongs to an upload that is under way. */
	readonly parts: number;
	readonly rows: number;
	/** The size of what was sent, in bytes. */
	readonly bytes: number;
	/** What is known about the whole of it. */
	readonly facts: StorageValue;
};

/** A file as it was read. */
export interface FoundFile extends StagedFile {
	readonly id: string;
	readonly version: string;
}

/** A file that is made. */
export type NewFile = Pick<StagedFile, "kind" | "addOn"> & {
	/** Its name for people. */
	readonly name: string;
	/** The id of the list that results are about. */
	readonly list?: string;
};

/** How many parts {@link StagedFiles.drop} deletes, each with what belongs to it. */
export const DROPPED_AT_ONCE = 100;

/** The expiry, and what makes the id unique. */
const ID = /^([0-9a-z]{8,10})-[0-9a-f]{24}$/;

const SECTIONS = ["part", "other"] as const;
/** `other`: what belongs to the part with the same number. */
type Section = (typeof SECTIONS)[number];

/** Large files of imports and exports, in parts, in the storage that all nodes share. Nothing is on a node's disk. */
export class StagedFiles {
	/** @param storage the helpdesk's whole storage. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/** Makes an empty file. @param livesMs when it expires, from now, in milliseconds. */
	async begin(file: NewFile, livesMs: number): Promise<string> {
		const { id, commit } = this.opening(file, livesMs);
		await this.storage.commit(commit);
		return id;
	}

	/** An empty file, made by the commit of a job's step. */
	opening(file: NewFile, livesMs: number): { readonly id: string; readonly commit: StorageCommit } {
		const expiresAt = this.clock.now() + livesMs;
		const unique = Buffer.from(this.random.bytes(12)).toString("hex");
		const id = `${expiresAt.toString(36)}-${unique}`;
		return { id, commit: this.writing(id, emptyFile(file)) };
	}

	/** A part of a file, for the commit of a job's step: its keys are those of the whole storage. */
	part(fileId: string, index: number, value: StorageValue): StorageCommit {
		return this.placed("part", fileId, index, value);
	}

	/** What belongs to a part beside it. */
	other(fileId: string, index: number, value: StorageValue): StorageCommit {
		return this.placed("other", fileId, index, value);
	}

	/** The record of a file. @param version the one that it has now. Left out: whatever there is. */
	writing(fileId: string, file: StagedFile, version?: string): StorageCommit {
		const key = fileKey(fileId);
		return {
			...(version !== undefined && { checks: [this.unchanged(fileId, version)] }),
			sets: [{ key, value: file, expiresAt: expiryOf(fileId) }],
		};
	}

	/** The record of a file is as it was read. */
	unchanged(fileId: string, version: string): StorageCheck {
		return { key: fileKey(fileId), version };
	}

	/**
	 * For a commit that writes parts: the file is there, or has expired. Then its parts have expired, too, and nothing of them
	 * is left.
	 *
	 * @throws CannotSucceedError for a file that was deleted.
	 */
	async notDeleted(fileId: string): Promise<readonly StorageCheck[]> {
		if (this.clock.now() >= expiryOf(fileId)) {
			return [];
		}
		const entry = await this.storage.get(fileKey(fileId));
		if (entry === undefined) {
			throw new CannotSucceedError({ key: "link-file.deleted-meanwhile" });
		}
		return [this.unchanged(fileId, entry.version)];
	}

	/** A page of all files. One that cannot be read is left out. */
	async page(
		cursor: string | undefined,
		limit: number,
	): Promise<{ readonly files: readonly FoundFile[]; readonly next: string | undefined }> {
		const page = await this.storage.list(fileKey(), {
			limit,
			...(cursor !== undefined && { cursor }),
		});
		const files = page.entries.flatMap(({ key, value, version }) => {
			const file = STAGED_FILE.read(value);
			return file === undefined ? [] : [{ ...file, id: String(key.at(-1)), version }];
		});
		return { files, next: page.cursor };
	}

	/** @throws UnreadableValueError */
	async find(fileId: string): Promise<FoundFile | undefined> {
		const entry = isFileId(fileId) ? await this.storage.get(fileKey(fileId)) : undefined;
		if (entry === undefined) {
			return undefined;
		}
		return { ...readEntry(entry, STAGED_FILE), id: fileId, version: entry.version };
	}

	async read(fileId: string, index: number): Promise<StorageValue | undefined> {
		return (await this.storage.get(partKey("part", fileId, index)))?.value;
	}

	/** What belongs to a part; undefined for nothing. */
	async readOther(fileId: string, index: number): Promise<StorageValue | undefined> {
		return (await this.storage.get(partKey("other", fileId, index)))?.value;
	}

	/**
	 * The text of a file of this kind, part by part. The record of an export of an earlier version names no parts: it ends
	 * with the last one that is there.
	 *
	 * @throws UnreadableFileError for a part that is missing, as when the file expires while it is read.
	 */
	async *texts({ id, parts }: Pick<FoundFile, "id" | "parts">): AsyncGenerator<string> {
		for (let index = 0; parts === 0 || index < parts; index += 1) {
			const text = await this.read(id, index);
			if (typeof text === "string") {
				yield text;
			} else if (parts === 0) {
				return;
			} else {
				throw new UnreadableFileError({ key: "link-file.export-expired" });
			}
		}
	}

	/** Deletes some parts of a file, from this one on. From the first part on, the file is gone at once. */
	async drop(fileId: string, from: number): Promise<void> {
		await this.storage.commit(this.dropping(fileId, from));
	}

	/** Like {@link drop}, for the commit of a job's step. */
	dropping(fileId: string, from: number): StorageCommit {
		const deletes = Array.from({ length: DROPPED_AT_ONCE }, (_, each) => from + each).flatMap(
			(index) => SECTIONS.map((section) => partKey(section, fileId, index)),
		);
		return { deletes: from === 0 ? [fileKey(fileId), ...deletes] : deletes };
	}

	private placed(
		section: Section,
		fileId: string,
		index: number,
		value: StorageValue,
	): StorageCommit {
		const key = partKey(section, fileId, index);
		return { sets: [{ key, value, expiresAt: expiryOf(fileId) }] };
	}
}

export function emptyFile({ kind, addOn, name, list }: NewFile): StagedFile {
	return {
		kind,
		addOn,
		list: list ?? null,
		names: [name],
		parts: 0,
		rows: 0,
		bytes: 0,
		facts: null,
	};
}

/** When a file expires, in milliseconds since the epoch. Its id says so. @throws TypeError for a text that is no id. */
export function expiryOf(fileId: string): number {
	const [, expiry] = ID.exec(fileId) ?? [];
	if (expiry === undefined) {
		throw new TypeError("the id of a file is not one of ours");
	}
	return Number.parseInt(expiry, 36);
}

/** Whether a text has the form of a file's id. */
export function isFileId(text: string): boolean {
	return ID.test(text);
}

function fileKey(...fileId: [] | [string]): StorageKey {
	return [...NAMESPACES.files, "file", ...fileId];
}

function partKey(section: Section, fileId: string, index: number): StorageKey {
	return [...NAMESPACES.files, section, fileId, String(index).padStart(8, "0")];
}

const STAGED_FILE: StoredKind<StagedFile> = {
	name: "files/file",
	read: (value) => {
		const {
			kind,
			addOn = "",
			list = null,
			names,
			parts,
			rows,
			bytes,
			facts = null,
		} = fieldsOf(value);
		const known = KINDS.find((each) => each === kind);
		const texts = readTexts(names);
		return known !== undefined &&
			texts !== undefined &&
			typeof addOn === "string" &&
			isTextOrNull(list) &&
			typeof parts === "number" &&
			typeof rows === "number" &&
			typeof bytes === "number"
			? { kind: known, addOn, list, names: texts, parts, rows, bytes, facts }
			: undefined;
	},
};
