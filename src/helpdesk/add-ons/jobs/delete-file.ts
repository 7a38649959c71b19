import { fieldsOf, type StoredKind } from "../../../storage/stored-value.ts";
import { deletionStep } from "../../files/file-deletion.ts";
import { isFileId, type StagedFiles } from "../../files/staged-files.ts";
import type { JobKind } from "../../jobs/job-kind.ts";
import type { AddOns } from "../add-ons.ts";
import { importName } from "./import-links.ts";
import { taskListKind } from "./task-list.ts";

export const DELETE_FILE = "delete-file";

export type DeleteFileParams = {
	readonly addOn: string;
	readonly fileId: string;
	/** Its name, for people. */
	readonly name: string;
};

const PARAMS: StoredKind<DeleteFileParams> = {
	name: "jobs/delete-file parameters",
	read: (value) => {
		const { addOn, fileId, name } = fieldsOf(value);
		return typeof addOn === "string" &&
			typeof fileId === "string" &&
			isFileId(fileId) &&
			typeof name === "string"
			? { addOn, fileId, name }
			: undefined;
	},
};

/**
 * Deletes a list or an export before it expires, with what tries and imports of the list found. Not while a list of the add-on
 * is imported. Each step is one commit (A).
 */
export function deleteFileKind({
	addOns,
	files,
}: {
	readonly addOns: Pick<AddOns, "nameOf">;
	readonly files: StagedFiles;
}): JobKind {
	return taskListKind({
		type: DELETE_FILE,
		params: PARAMS,
		exclusive: ({ addOn }) => importName(addOn),
		words: ({ addOn, name }) => ({
			title: { key: "add-on-job.delete-file", values: { file: name, addOn: addOns.nameOf(addOn) } },
			unit: "files",
		}),
		total: async () => null,
		tasks: ({ fileId }) => [
			{
				name: "files",
				step: async (from) => {
					const isMeant = (file: { readonly id: string; readonly list: string | null }) =>
						file.id === fileId || file.list === fileId;
					const { commit, next, begun } = await deletionStep(files, isMeant, from);
					return { commit, next, units: begun };
				},
			},
		],
	});
}
