import type { ImportResults } from "../../files/import-results.ts";
import type { StagedFiles } from "../../files/staged-files.ts";
import type { StagedLinks } from "../../files/staged-links.ts";
import type { JobKind } from "../../jobs/job-kind.ts";
import type { Accounts } from "../../people/accounts.ts";
import { isActive } from "../add-on.ts";
import type { AddOns } from "../add-ons.ts";
import { deleteFileKind } from "./delete-file.ts";
import { exportLinksKind } from "./export-links.ts";
import { type ImportLinksParts, importLinksKind } from "./import-links.ts";

export interface LinkJobsParts {
	readonly addOns: AddOns;
	readonly accounts: Accounts;
	readonly files: StagedFiles;
	readonly lists: StagedLinks;
	readonly importResults: ImportResults;
	/** Called for each user to whom an import has linked something. */
	readonly refreshLinks: (userId: string) => Promise<void>;
	readonly logError: (what: string, error: unknown) => void;
}

/** Imports and exports of links, and the deletion of their files. */
export function linkJobs(parts: LinkJobsParts): readonly JobKind[] {
	const { addOns, lists: links, importResults: results } = parts;
	return [
		importLinksKind({
			...{ ...parts, links, results, pluginOf: importingPlugins(addOns) },
			nameOf: (addOnId) => addOns.nameOf(addOnId),
		}),
		exportLinksKind(parts),
		deleteFileKind(parts),
	];
}

/** The plugin of an active add-on that imports links. */
function importingPlugins(addOns: Pick<AddOns, "find">): ImportLinksParts["pluginOf"] {
	return async (addOnId) => {
		const addOn = await addOns.find(addOnId);
		return addOn !== undefined && isActive(addOn) && addOn.plugin.can("importLinks")
			? addOn.plugin
			: undefined;
	};
}
