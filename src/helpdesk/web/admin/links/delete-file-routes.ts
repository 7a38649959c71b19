import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import { DELETE_FILE, type DeleteFileParams } from "../../../add-ons/jobs/delete-file.ts";
import { listName } from "../../../files/list-name.ts";
import type { FoundFile, StagedFiles } from "../../../files/staged-files.ts";
import type { Locale } from "../../../locale/locale.ts";
import { field } from "../../visit.ts";
import type { ShowPage } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { doneQuery } from "../done-message.ts";
import { type JobStarters, startJob } from "../jobs/start-job.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS, ANY_PLUGIN, integrationPaths } from "../paths.ts";

/** Deletes a list with its results, or an export. Its add-on may be deactivated. */
export function deleteFileRoutes(
	app: OperatorApp,
	parts: JobStarters & { readonly files: StagedFiles; readonly show: ShowPage },
): void {
	const asks = asksFirst(parts.show, async (c) => {
		const file = await parts.files.find(field(c.var.visit.form, "file") ?? "");
		return file?.addOn === c.var.addOn.loaded.manifest.id
			? questionAbout(file, c.var.visit.locale)
			: undefined;
	});
	app.post(integrationPaths(ANY_PLUGIN).deleteFile, asks, async (c) => {
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

function questionAbout({ kind, names, addOn }: FoundFile, { text, list, say }: Locale) {
	const isList = kind === "links";
	return {
		title: text(isList ? "link-file.delete.list-title" : "link-file.delete.file-title"),
		consequence: isList
			? text("link-file.delete.list-consequence", {
					files: list(names.map((each) => say(listName(each)))),
				})
			: text("link-file.delete.file-consequence"),
		button: text("link-file.delete.submit"),
		back: integrationPaths(addOn).links,
	};
}

function pageAfter(addOn: AddOn, done: string): string {
	const { id } = addOn.loaded.manifest;
	const hasPage = isActive(addOn) && addOn.plugin.can("importLinks");
	return `${hasPage ? integrationPaths(id).links : ADMIN_PATHS.integrations}?${doneQuery(done)}`;
}
