import type { LinkResult } from "../../contract/link-transfer.ts";
import type { StorageCheck, StorageCommit, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import type { StagedFiles } from "./staged-files.ts";
import { rowsIn, type StoredRow } from "./stored-rows.ts";

/** How long results are kept: they name people. Milliseconds. */
const LIVES_MS = 24 * 60 * 60_000;

/** What a row of an import is told. */
export type RowResult = Pick<LinkResult, "state" | "message">;

/** The rows of a part that an operator has to look at, with their results in the same order. */
export type NotedRows = {
	/** The name of the file that they are from. */
	readonly source: string;
	readonly rows: readonly StoredRow[];
	readonly results: readonly RowResult[];
};

/** The results of an import, part by part as the list is staged. All of it expires a day after the import began. */
export class ImportResults {
	constructor(private readonly files: StagedFiles) {}

	/** @param name of the list, for people. @param list the id of its file. */
	opening({
		name,
		addOn,
		list,
	}: {
		readonly name: string;
		readonly addOn: string;
		readonly list: string;
	}): { readonly id: string; readonly commit: StorageCommit } {
		return this.files.opening({ kind: "results", name, addOn, list }, LIVES_MS);
	}

	/** For a commit that writes results. @throws UnreadableFileError when they were deleted. */
	notDeleted(resultsId: string): Promise<readonly StorageCheck[]> {
		return this.files.notDeleted(resultsId);
	}

	/** @returns false once they have expired or were deleted. */
	async isThere(resultsId: string): Promise<boolean> {
		return (await this.files.find(resultsId)) !== undefined;
	}

	/** The results of all rows of a part. Few rows have a result of their own, so each result is stored once. */
	part(resultsId: string, index: number, results: readonly RowResult[]): StorageCommit {
		const known: RowResult[] = [];
		const rows = results.map(({ state, message }) => {
			const at = known.findIndex((each) => each.state === state && each.message === message);
			return at < 0 ? known.push({ state, message }) - 1 : at;
		});
		return this.files.part(resultsId, index, { known, rows });
	}

	/** @returns undefined for a part without results, and when they have expired. */
	async read(resultsId: string, index: number): Promise<readonly RowResult[] | undefined> {
		const value = await this.files.read(resultsId, index);
		return value === undefined ? undefined : readEntry({ value }, STORED_RESULTS);
	}

	noted(resultsId: string, index: number, noted: NotedRows): StorageCommit {
		return this.files.other(resultsId, index, noted);
	}

	/** @returns undefined for none, and when they have expired. */
	async readNoted(resultsId: string, index: number): Promise<NotedRows | undefined> {
		const value = await this.files.readOther(resultsId, index);
		return value === undefined ? undefined : readEntry({ value }, STORED_NOTED);
	}
}

const STATES: readonly LinkResult["state"][] = [
	"would-link",
	"linked",
	"already-linked",
	"refused",
];

const STORED_RESULTS: StoredKind<readonly RowResult[]> = {
	name: "files/part of results",
	read: (value) => {
		const { known, rows } = fieldsOf(value);
		const results = resultsIn(known);
		if (results === undefined || !Array.isArray(rows)) {
			return undefined;
		}
		const found = rows.flatMap((at) => (typeof at === "number" ? (results[at] ?? []) : []));
		return found.length === rows.length ? found : undefined;
	},
};

const STORED_NOTED: StoredKind<NotedRows> = {
	name: "files/other of results",
	read: (value) => {
		const { source, rows, results } = fieldsOf(value);
		const knownRows = rowsIn(rows);
		const known = resultsIn(results);
		return typeof source === "string" && knownRows !== undefined && known !== undefined
			? { source, rows: knownRows, results: known }
			: undefined;
	},
};

function resultsIn(value: StorageValue | undefined): readonly RowResult[] | undefined {
	if (!Array.isArray(value)) {
		return undefined;
	}
	const results = value.flatMap((each: StorageValue): RowResult[] => {
		const { state, message } = fieldsOf(each);
		const known = STATES.find((one) => one === state);
		return known !== undefined && typeof message === "string" ? [{ state: known, message }] : [];
	});
	return results.length === value.length ? results : undefined;
}
