import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import { DELETE_FILE, type DeleteFileParams } from "../../../add-ons/jobs/delete-file.ts";
import type { StagedFiles } from "../../../files/staged-files.ts";
import { field } from "../../visit.ts";
import { doneQuery } from "../done-message.ts";
import { type JobStarters, startJob } from "../jobs/start-job.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths } from "../paths.ts";

/** Deletes a list with its results, or an export. Its add-on may be deactivated. */
export function deleteFileRoutes(
	app: OperatorApp,
	parts: JobStarters & { readonly files: StagedFiles },
): void {
	app.post(integrationPaths(ANY_PLUGIN).deleteFile, async (c) => {
		const { addOn } = c.var;
		const file = await parts.files.find(field(c.var.visit.form, "file") ?? "");
		if (file === undefined || file.addOn !== addOn.loaded.manifest.id) {
			return c.redirect(pageAfter(addOn, "file-gone"), 303);
		}
		const { id: fileId, names } = file;
		const name = names.join(", ").slice(0, 200);
		const params: DeleteFileParams = { addOn: file.addOn, fileId, name };
		const job = await startJob(c, parts, DELETE_FILE, params);
		const done = file.kind === "links" ? "list-deleted" : "file-deleted";
		return job instanceof Response ? job : c.redirect(pageAfter(addOn, done), 303);
	});
}

function pageAfter(addOn: AddOn, done: string): string {
	const { id } = addOn.loaded.manifest;
	const hasPage = isActive(addOn) && addOn.plugin.can("importLinks");
	return `${hasPage ? integrationPaths(id).links : ADMIN_PATHS.integrations}?${doneQuery(done)}`;
}
