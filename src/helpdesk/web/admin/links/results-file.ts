import { readEntry } from "../../../../storage/stored-value.ts";
import { IMPORT_OUTCOME } from "../../../add-ons/jobs/import-outcome.ts";
import { IMPORT_PARAMS } from "../../../add-ons/jobs/import-params.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { writeCsv } from "../../../files/csv-writer.ts";
import { linkRow } from "../../../files/stored-rows.ts";
import { UnreadableFileError } from "../../../files/unreadable-file-error.ts";
import type { Job } from "../../../jobs/stored-job.ts";
import type { ReportParts } from "./import-report.ts";

/**
 * All rows of an import with their results, as CSV, part by part.
 *
 * @throws UnreadableFileError when the list or its results have expired, also while they are read: a file must not look complete
 * without being it.
 */
export async function* resultsFile(
	{ lists, importResults }: Pick<ReportParts, "lists" | "importResults">,
	plugin: PluginHooks,
	job: Job,
	tag: string,
): AsyncGenerator<string> {
	const params = readEntry({ value: job.params }, IMPORT_PARAMS);
	const { resultsId } = readEntry({ value: job.result }, IMPORT_OUTCOME);
	const text = textsOf(plugin, tag);
	const file = await lists.found(params.fileId);
	const isOne = file.names.length === 1;
	// Programs read the file, so its columns and states are the same in every language.
	const columns = ["line", "id", "email", "user_id", "brand", "result", "reason"];
	yield writeCsv([isOne ? columns : ["file", ...columns]]);
	for (let index = 0; index < params.parts; index += 1) {
		const { source, rows } = await lists.part(file, index);
		const known = await importResults.read(resultsId, index);
		if (known === undefined) {
			throw new UnreadableFileError({ key: "link-file.results-expired" });
		}
		yield writeCsv(
			rows.flatMap((stored, at) => {
				const result = known[at];
				if (result === undefined) {
					return [];
				}
				const { identityId, email = "", userId = "", brandId } = linkRow(stored, params.brandId);
				const reason = text(result.message);
				const cells = [stored[0], identityId, email, userId, brandId, result.state, reason];
				return [isOne ? cells : [source, ...cells]];
			}),
		);
	}
}
