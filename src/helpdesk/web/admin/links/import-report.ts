import type { Brand } from "../../../../contract/brands.ts";
import { readEntry } from "../../../../storage/stored-value.ts";
import { IMPORT_OUTCOME, type ImportOutcome } from "../../../add-ons/jobs/import-outcome.ts";
import { IMPORT_PARAMS, type ImportParams } from "../../../add-ons/jobs/import-params.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import type { ImportResults, RowResult } from "../../../files/import-results.ts";
import { looksRounded } from "../../../files/link-file-facts.ts";
import type { StagedLinks } from "../../../files/staged-links.ts";
import type { StoredRow } from "../../../files/stored-rows.ts";
import { UnreadableFileError } from "../../../files/unreadable-file-error.ts";
import type { Job } from "../../../jobs/stored-job.ts";

/** The rows on one page. */
export const MAX_SHOWN = 50;
/** The most parts that one page reads, because each may have a single row to show. */
const MOST_PARTS = 50;
/** The most parts in which a page looks for rows that nobody has to look at. */
const MOST_OTHER_PARTS = 2;

export interface ReportParts {
	readonly lists: StagedLinks;
	readonly importResults: ImportResults;
	readonly brands: readonly Brand[];
}

/** A row of the list and its result. */
export interface JudgedRow {
	/** The name of the file that it is from. */
	readonly source: string;
	readonly row: StoredRow;
	readonly result: RowResult;
}

/** What a page shows of an import. */
export interface ImportReport {
	readonly job: Job;
	readonly plugin: PluginHooks;
	readonly params: ImportParams;
	readonly outcome: ImportOutcome;
	/** Refused and doubtful rows come first. */
	readonly rows: readonly JudgedRow[];
	/** Where the next page begins; undefined on the last one. */
	readonly next: string | undefined;
	readonly isFirst: boolean;
	/** Whether the list and the results are still there. */
	readonly isKept: boolean;
}

/** @param from where the page begins, see {@link ImportReport.next}. Any other text gives the first page. */
export async function importReport(
	parts: ReportParts,
	plugin: PluginHooks,
	job: Job,
	from?: string,
): Promise<ImportReport | undefined> {
	const outcome = job.result === null ? undefined : IMPORT_OUTCOME.read(job.result);
	if (outcome === undefined) {
		return undefined;
	}
	const params = readEntry({ value: job.params }, IMPORT_PARAMS);
	const start = placeIn(from);
	const { rows, next } = await notedRows(parts.importResults, outcome, start ?? FIRST);
	const isFirst = start === undefined;
	const others = isFirst && next === undefined ? await otherRows(parts, params, outcome) : [];
	const isKept =
		others !== undefined &&
		(outcome.noted === 0 ||
			(await parts.importResults.readNoted(outcome.resultsId, 0)) !== undefined);
	const shown = [...rows, ...(others ?? [])].slice(0, MAX_SHOWN);
	return { job, plugin, params, outcome, rows: shown, next, isFirst, isKept };
}

interface Place {
	readonly part: number;
	readonly row: number;
}

const FIRST: Place = { part: 0, row: 0 };

function placeIn(from: string | undefined): Place | undefined {
	const [, part, row] = /^(\d{1,7})\.(\d{1,3})$/.exec(from ?? "") ?? [];
	return part === undefined || row === undefined
		? undefined
		: { part: Number(part), row: Number(row) };
}

/** The rows to look at, from a place on. */
async function notedRows(
	results: ImportResults,
	{ resultsId, noted }: ImportOutcome,
	from: Place,
): Promise<{ readonly rows: readonly JudgedRow[]; readonly next: string | undefined }> {
	const rows: JudgedRow[] = [];
	let at = from;
	for (let read = 0; at.part < noted && rows.length < MAX_SHOWN && read < MOST_PARTS; read += 1) {
		const part = await results.readNoted(resultsId, at.part);
		if (part === undefined) {
			return { rows, next: undefined };
		}
		const most = MAX_SHOWN - rows.length;
		const found = part.rows.slice(at.row, at.row + most);
		rows.push(...judged(part.source, found, part.results.slice(at.row)));
		const row = at.row + found.length;
		at = row < part.rows.length ? { part: at.part, row } : { part: at.part + 1, row: 0 };
	}
	return { rows, next: at.part < noted ? `${at.part}.${at.row}` : undefined };
}

/** The first of the other rows. @returns undefined when the list or its results have expired. */
async function otherRows(
	{ lists, importResults }: ReportParts,
	{ fileId, parts }: ImportParams,
	{ resultsId }: ImportOutcome,
): Promise<readonly JudgedRow[] | undefined> {
	try {
		const file = await lists.found(fileId);
		const rows: JudgedRow[] = [];
		for (let index = 0; index < Math.min(parts, MOST_OTHER_PARTS); index += 1) {
			const part = await lists.part(file, index);
			const all = await importResults.read(resultsId, index);
			if (all === undefined) {
				return undefined;
			}
			const found = judged(part.source, part.rows, all);
			rows.push(...found.filter((each) => !isToLookAt(each)));
		}
		return rows;
	} catch (error) {
		if (error instanceof UnreadableFileError) {
			return undefined;
		}
		throw error;
	}
}

function judged(
	source: string,
	rows: readonly StoredRow[],
	results: readonly RowResult[],
): JudgedRow[] {
	return rows.flatMap((row, index) => {
		const result = results[index];
		return result === undefined ? [] : [{ source, row, result }];
	});
}

function isToLookAt({ row: [, identityId], result: { state } }: JudgedRow): boolean {
	return state === "refused" || (state !== "already-linked" && looksRounded(identityId));
}
