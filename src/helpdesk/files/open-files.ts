import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { Duty } from "../jobs/duties.ts";
import { ImportResults } from "./import-results.ts";
import { StagedFiles } from "./staged-files.ts";
import { StagedLinks } from "./staged-links.ts";
import { LOOK_FOR_ABANDONED_MS, Uploads } from "./uploads.ts";

/** The files of imports and exports. */
export interface Files {
	readonly files: StagedFiles;
	readonly lists: StagedLinks;
	readonly importResults: ImportResults;
	/** Deletes what uploads leave behind whose node was killed. */
	readonly clearingUploads: Duty;
}

export function openFiles({
	storage,
	clock,
	random,
}: {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
}): Files {
	const files = new StagedFiles(storage, clock, random);
	const uploads = new Uploads(storage, clock, files);
	return {
		files,
		lists: new StagedLinks(files, uploads),
		importResults: new ImportResults(files),
		clearingUploads: {
			name: "clear-uploads",
			everyMs: LOOK_FOR_ABANDONED_MS,
			run: async () => {
				const count = await uploads.giveUpAbandoned();
				return count === 0 ? undefined : { key: "jobs.duty.uploads-cleared", values: { count } };
			},
		},
	};
}
