import { html } from "hono/html";
import type { FoundFile } from "../../../files/staged-files.ts";
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { integrationPaths } from "../paths.ts";

/** Lists and exports name people, so operators can delete them before they expire. */
export function deleteFileForm(
	{ id, addOn, kind }: FoundFile,
	csrf: string,
	{ text }: Locale,
): Markup {
	const label = text(kind === "links" ? "link-file.delete.list" : "link-file.delete.file");
	return html`<form method="post" action="${integrationPaths(addOn).deleteFile}">${csrfField(csrf)}<input type="hidden" name="file" value="${id}"><button class="secondary danger" type="submit">${label}</button></form>`;
}
