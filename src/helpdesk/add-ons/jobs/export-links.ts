import type { StorageCommit, StorageValue } from "../../../contract/storage.ts";
import { merged } from "../../../storage/merged-commit.ts";
import {
	fieldsOf,
	isTextOrNull,
	readTexts,
	type StoredKind,
} from "../../../storage/stored-value.ts";
import { linkFileHeader } from "../../files/link-file.ts";
import {
	DROPPED_AT_ONCE,
	emptyFile,
	expiryOf,
	isFileId,
	type NewFile,
	type StagedFiles,
} from "../../files/staged-files.ts";
import { type JobKind, jobKind, type StepEnd, type StepStart } from "../../jobs/job-kind.ts";
import { SaidError } from "../../locale/said.ts";
import type { AddOns } from "../add-ons.ts";
import { type ExportParts, exportedPage } from "../link-export.ts";
import type { PluginHooks } from "../plugin-hooks.ts";

export const EXPORT_LINKS = "export-links";

/** How long an exported file is kept: it names people. Milliseconds. */
const LIVES_MS = 24 * 60 * 60_000;

export type ExportParams = {
	readonly addOn: string;
	readonly brandIds: readonly string[];
};

type Position = {
	/** Null: the file is not there yet. */
	readonly fileId: string | null;
	/** The next part of the file. */
	readonly part: number;
	/** The index of the brand. */
	readonly brand: number;
	/** Of the add-on's next page; null: the first page of the brand. */
	readonly cursor: string | null;
	readonly links: number;
};

export interface ExportLinksParts extends ExportParts {
	readonly addOns: Pick<AddOns, "find" | "nameOf">;
	readonly files: StagedFiles;
}

/** The file that an export has written. @returns undefined until it is complete. */
export function exportedFileOf(result: StorageValue | null): string | undefined {
	const { fileId } = fieldsOf(result ?? undefined);
	return typeof fileId === "string" && isFileId(fileId) ? fileId : undefined;
}

/** Writes the links of brands into a staged file. Each step is one commit with a part of the file and the position (A). */
export function exportLinksKind(parts: ExportLinksParts): JobKind {
	return jobKind<ExportParams, Position>({
		type: EXPORT_LINKS,
		params: PARAMS,
		position: POSITION,
		exclusive: () => undefined,
		begin: async () => ({
			position: { fileId: null, part: 0, brand: 0, cursor: null, links: 0 },
			total: null,
		}),
		step: (at) => exportStep(parts, at),
		undo: async (_, { fileId, part }) => {
			// All parts that it has written, because a node may be killed in the middle of this.
			for (let from = 0; fileId !== null && from < part; from += DROPPED_AT_ONCE) {
				await parts.files.drop(fileId, from);
			}
		},
		mayEndWell: async (_, { fileId }) =>
			fileId === null || (await parts.files.find(fileId)) !== undefined,
		words: ({ addOn }) => ({
			title: { key: "add-on-job.export-links", values: { addOn: parts.addOns.nameOf(addOn) } },
			unit: "links",
		}),
		file: async (result) => {
			const fileId = exportedFileOf(result);
			if (fileId === undefined) {
				return undefined;
			}
			const isThere = (await parts.files.find(fileId)) !== undefined;
			return { until: expiryOf(fileId), isThere, gone: { key: "add-on-job.export-gone" } };
		},
	});
}

async function exportStep(
	parts: ExportLinksParts,
	{ params, position }: StepStart<ExportParams, Position>,
): Promise<StepEnd<Position>> {
	const plugin = await pluginOf(parts, params.addOn);
	const { fileId, part, brand, cursor, links } = position;
	if (fileId === null) {
		return opened(parts, plugin, params, position);
	}
	const brandId = params.brandIds[brand];
	if (brandId === undefined) {
		// From now on its record says how many parts it has, so that a download that misses one breaks.
		const file = { ...emptyFile(newFile(params)), parts: part, rows: links };
		const commit = await whileThere(parts, fileId, parts.files.writing(fileId, file));
		return { position, done: links, commit, result: { fileId }, isEnd: true };
	}
	const page = await exportedPage(brandId, plugin, parts, cursor ?? undefined);
	const done = links + page.links;
	return {
		position: {
			...{ fileId, links: done, cursor: page.cursor ?? null },
			part: part + 1,
			brand: page.cursor === undefined ? brand + 1 : brand,
		},
		done,
		commit: await whileThere(parts, fileId, parts.files.part(fileId, part, page.text)),
		isEnd: false,
	};
}

function opened(
	{ files }: ExportLinksParts,
	plugin: PluginHooks,
	params: ExportParams,
	position: Position,
): StepEnd<Position> {
	const { id, commit } = files.opening(newFile(params), LIVES_MS);
	const header = files.part(id, 0, linkFileHeader(plugin.loaded.manifest.linkFile));
	return {
		position: { ...position, fileId: id, part: 1 },
		done: 0,
		commit: { sets: [...(commit.sets ?? []), ...(header.sets ?? [])] },
		isEnd: false,
	};
}

/** Somebody may delete the file while it is written. @throws CannotSucceedError then. */
async function whileThere(
	{ files }: ExportLinksParts,
	fileId: string,
	commit: StorageCommit,
): Promise<StorageCommit> {
	return merged(commit, { checks: await files.notDeleted(fileId) });
}

function newFile({ addOn }: ExportParams): NewFile {
	return { kind: "csv", addOn, name: `${addOn}-links.csv` };
}

async function pluginOf({ addOns }: ExportLinksParts, addOnId: string): Promise<PluginHooks> {
	const plugin = (await addOns.find(addOnId))?.plugin;
	if (plugin === undefined || !plugin.can("exportLinks")) {
		throw new SaidError({ key: "add-on-job.export-links.not-installed" });
	}
	return plugin;
}

const PARAMS: StoredKind<ExportParams> = {
	name: "jobs/export-links parameters",
	read: (value) => {
		const { addOn, brandIds } = fieldsOf(value);
		const brands = readTexts(brandIds);
		return typeof addOn === "string" && brands !== undefined
			? { addOn, brandIds: brands }
			: undefined;
	},
};

const POSITION: StoredKind<Position> = {
	name: "jobs/export-links position",
	read: (value) => {
		const { fileId = null, part, brand, cursor = null, links } = fieldsOf(value);
		return isTextOrNull(fileId) &&
			isTextOrNull(cursor) &&
			typeof part === "number" &&
			typeof brand === "number" &&
			typeof links === "number"
			? { fileId, part, brand, cursor, links }
			: undefined;
	},
};
