import type { LinkImport, LinkRow } from "../../../contract/link-transfer.ts";
import type { StorageCommit } from "../../../contract/storage.ts";
import { merged } from "../../../storage/merged-commit.ts";
import type { ImportResults, RowResult } from "../../files/import-results.ts";
import { listName } from "../../files/list-name.ts";
import { expiryOf, isFileId } from "../../files/staged-files.ts";
import type { ListPart, StagedLinks } from "../../files/staged-links.ts";
import { linkRow, type StoredRow } from "../../files/stored-rows.ts";
import { UnreadableFileError } from "../../files/unreadable-file-error.ts";
import { inParallel } from "../../in-parallel.ts";
import {
	CannotSucceedError,
	type JobKind,
	jobKind,
	type StepEnd,
	type StepStart,
} from "../../jobs/job-kind.ts";
import { SaidError } from "../../locale/said.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { PluginHooks } from "../plugin-hooks.ts";
import {
	IMPORT_OUTCOME,
	type ImportOutcome,
	outcomeMessage,
	withCounted,
} from "./import-outcome.ts";
import {
	IMPORT_PARAMS,
	IMPORT_POSITION,
	type ImportParams,
	type ImportPosition,
} from "./import-params.ts";
import { isToLookAt, resultOf, settled } from "./row-results.ts";

export const IMPORT_LINKS = "import-links";

/** Rows that one step links. */
const LINKED_AT_ONCE = 20;
/** Background work leaves connections to visitors. */
const AT_ONCE = 3;

/** What an import needs of an add-on. */
type ImportingPlugin = Pick<PluginHooks, "importLinks"> & {
	readonly loaded: Pick<PluginHooks["loaded"], "locales" | "manifest">;
};

export interface ImportLinksParts {
	/** The plugin of an add-on; undefined while it is not active, and for one that imports no links. */
	readonly pluginOf: (addOnId: string) => Promise<ImportingPlugin | undefined>;
	/** The name of an add-on, for people. */
	readonly nameOf: (addOnId: string) => string;
	readonly accounts: Pick<Accounts, "find" | "byEmail">;
	readonly links: StagedLinks;
	readonly results: ImportResults;
	/** Called for each user to whom something was linked. May be called again for the same user. */
	readonly refreshLinks: (userId: string) => Promise<void>;
}

/** No list of an add-on is imported while another one is. */
export function importName(addOn: string): string {
	return `import links ${addOn}`;
}

/**
 * Tries or imports a staged list of links, part by part.
 *
 * Its steps may be done twice (B): an import first stores what it foresees for a part, and then links its rows. So it knows
 * which rows were its own when a row turns out to be linked already, and counts no row as another's.
 */
export function importLinksKind(parts: ImportLinksParts): JobKind {
	return jobKind<ImportParams, ImportPosition>({
		type: IMPORT_LINKS,
		params: IMPORT_PARAMS,
		position: IMPORT_POSITION,
		exclusive: ({ addOn }) => importName(addOn),
		begin: async ({ rows }) => ({ position: { part: 0, done: 0 }, total: rows }),
		step: (at) => new ImportStep(parts, at).run().catch(asHopeless),
		mayEndWell: async ({ fileId }) => (await parts.links.known(fileId)) !== undefined,
		words: ({ addOn, fileName, mode }) => ({
			title: {
				key: mode === "try" ? "add-on-job.try-links" : "add-on-job.import-links",
				values: { file: listName(fileName), addOn: parts.nameOf(addOn) },
			},
			unit: "rows",
		}),
		outcome: (result) => {
			const outcome = IMPORT_OUTCOME.read(result);
			return outcome && outcomeMessage(outcome);
		},
		file: async (result, { fileId }) => {
			const outcome = IMPORT_OUTCOME.read(result);
			const ids = [outcome?.resultsId ?? "", fileId];
			if (outcome?.isComplete !== true || !ids.every(isFileId)) {
				return undefined;
			}
			const isThere = await isFileThere(parts, outcome, fileId);
			const gone = { key: "add-on-job.results-gone" } as const;
			return { until: Math.min(...ids.map(expiryOf)), isThere, gone };
		},
	});
}

/** Whether the list of an import and its results are still there. */
export async function isFileThere(
	{ links, results }: Pick<ImportLinksParts, "links" | "results">,
	{ resultsId }: Pick<ImportOutcome, "resultsId">,
	fileId: string,
): Promise<boolean> {
	return (await results.isThere(resultsId)) && (await links.known(fileId)) !== undefined;
}

/** No other try brings a list back. */
function asHopeless(error: unknown): never {
	throw error instanceof UnreadableFileError
		? new CannotSucceedError(error.said, { cause: error })
		: error;
}

class ImportStep {
	constructor(
		private readonly parts: ImportLinksParts,
		private readonly at: StepStart<ImportParams, ImportPosition>,
	) {}

	async run(): Promise<StepEnd<ImportPosition>> {
		const { params, position, result } = this.at;
		const outcome = result === null ? undefined : IMPORT_OUTCOME.read(result);
		if (outcome === undefined) {
			return this.open();
		}
		const plugin = await this.pluginOf(params.addOn);
		const file = await this.parts.links.found(params.fileId);
		const part = await this.parts.links.part(file, position.part);
		if (params.mode === "try") {
			const foreseen = await this.foresee(plugin, part);
			return this.moved(outcome, part, foreseen, foreseen, part.rows.length);
		}
		return position.row === undefined
			? this.plan(plugin, part, outcome)
			: this.link(plugin, part, outcome, position.row);
	}

	private open(): StepEnd<ImportPosition> {
		const { position, params } = this.at;
		const { fileName: name, addOn, fileId: list } = params;
		const { id: resultsId, commit } = this.parts.results.opening({ name, addOn, list });
		const isTry = params.mode === "try";
		const result: ImportOutcome = { isTry, counts: [], resultsId, noted: 0, isComplete: false };
		return { position, done: 0, commit, result, isEnd: false };
	}

	private async plan(
		plugin: ImportingPlugin,
		part: ListPart,
		{ resultsId }: ImportOutcome,
	): Promise<StepEnd<ImportPosition>> {
		const { position } = this.at;
		const foreseen = await this.foresee(plugin, part);
		return {
			position: { ...position, row: 0 },
			done: position.done,
			commit: await this.kept(
				resultsId,
				this.parts.results.part(resultsId, position.part, foreseen),
			),
			isEnd: false,
		};
	}

	private async link(
		plugin: ImportingPlugin,
		part: ListPart,
		outcome: ImportOutcome,
		from: number,
	): Promise<StepEnd<ImportPosition>> {
		const { position } = this.at;
		const { resultsId } = outcome;
		const before = (await this.parts.results.read(resultsId, position.part)) ?? [];
		const to = Math.min(from + LINKED_AT_ONCE, part.rows.length);
		const rows = part.rows.slice(from, to);
		const others = [...part.rows.slice(0, from), ...part.rows.slice(to), ...part.earlier];
		const linked = await this.ask(plugin, part, rows, { dryRun: false }, [
			...others,
			...part.later,
		]);
		const results = linked.map((now, index) => settled(plugin, before[from + index], now));
		await this.refresh(rows, linked, results);
		const all = [...before.slice(0, from), ...results, ...before.slice(to)];
		return this.moved(outcome, part, results, all, to);
	}

	/** @param all the results of the whole part. @param row how many of its rows are done. */
	private async moved(
		outcome: ImportOutcome,
		part: ListPart,
		results: readonly RowResult[],
		all: readonly RowResult[],
		row: number,
	): Promise<StepEnd<ImportPosition>> {
		const { params, position } = this.at;
		const { resultsId, noted } = outcome;
		const isPartDone = row === part.rows.length;
		const isEnd = isPartDone && position.part + 1 >= params.parts;
		const done = position.done + results.length;
		const looked = isPartDone ? this.noted(resultsId, noted, part, all) : undefined;
		const commit = this.parts.results.part(resultsId, position.part, all);
		return {
			position: isPartDone ? { part: position.part + 1, done } : { ...position, row, done },
			done,
			commit: await this.kept(resultsId, merged(commit, looked ?? {})),
			result: {
				isTry: outcome.isTry,
				counts: withCounted(outcome.counts, results),
				resultsId,
				noted: noted + (looked === undefined ? 0 : 1),
				isComplete: isEnd,
			},
			isEnd,
		};
	}

	/** Somebody may delete the data of the add-on meanwhile. @throws CannotSucceedError then. */
	private async kept(resultsId: string, commit: StorageCommit): Promise<StorageCommit> {
		return merged(commit, { checks: await this.parts.results.notDeleted(resultsId) });
	}

	/** Refused rows, and those that a plugin would link with doubts. */
	private noted(
		resultsId: string,
		index: number,
		{ source, rows }: ListPart,
		all: readonly RowResult[],
	): StorageCommit | undefined {
		const indexes = [...rows.keys()].filter((at) => isToLookAt(rows[at], all[at]));
		return indexes.length === 0
			? undefined
			: this.parts.results.noted(resultsId, index, {
					source,
					rows: indexes.flatMap((at) => rows.slice(at, at + 1)),
					results: indexes.flatMap((at) => all.slice(at, at + 1)),
				});
	}

	/** Rows of earlier parts are foreseen once more, so that a row which says the same is linked once. */
	private async foresee(plugin: ImportingPlugin, part: ListPart): Promise<readonly RowResult[]> {
		const rows = [...part.earlier, ...part.rows];
		const results = await this.ask(plugin, part, rows, { dryRun: true }, part.later);
		return results.slice(part.earlier.length).map(resultOf);
	}

	private async ask(
		plugin: ImportingPlugin,
		{ sampled }: ListPart,
		rows: readonly StoredRow[],
		options: LinkImport,
		others: readonly StoredRow[],
	) {
		const { brandId } = this.at.params;
		const rowsOf = (stored: readonly StoredRow[]): LinkRow[] =>
			stored.map((each) => linkRow(each, brandId));
		const sample = sampled.map((identityId): LinkRow => ({ brandId: "", identityId }));
		const results = await plugin.importLinks(rowsOf(rows), {
			...options,
			others: [...rowsOf(others), ...sample],
		});
		if (results.length !== rows.length) {
			throw new SaidError({
				key: "add-on-job.import-links.wrong-count",
				values: { results: results.length, rows: rows.length },
			});
		}
		return results;
	}

	/** An add-on of contract 1.1 does not say whom it has linked, so the row does. */
	private async refresh(
		rows: readonly StoredRow[],
		linked: Awaited<ReturnType<PluginHooks["importLinks"]>>,
		results: readonly RowResult[],
	): Promise<void> {
		const indexes = [...rows.keys()].filter((at) => results[at]?.state === "linked");
		await inParallel(indexes, AT_ONCE, async (at) => {
			const userId = linked[at]?.userId ?? (await this.userOf(rows[at]));
			await (userId === undefined ? undefined : this.parts.refreshLinks(userId));
		});
	}

	private async userOf(stored: StoredRow | undefined): Promise<string | undefined> {
		const { accounts } = this.parts;
		if (stored === undefined) {
			return undefined;
		}
		const { brandId, email = "", userId = "" } = linkRow(stored, this.at.params.brandId);
		const account = email === "" ? undefined : await accounts.byEmail(brandId, email);
		return account?.id ?? (userId === "" ? undefined : userId);
	}

	private async pluginOf(addOnId: string): Promise<ImportingPlugin> {
		const plugin = await this.parts.pluginOf(addOnId);
		if (plugin === undefined) {
			throw new SaidError({ key: "add-on-job.import-links.inactive" });
		}
		return plugin;
	}
}
