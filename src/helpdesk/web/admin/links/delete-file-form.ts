import { html } from "hono/html";
import type { FoundFile } from "../../../files/staged-files.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { integrationPaths } from "../paths.ts";

/** Lists and exports name people, so operators can delete them before they expire. */
export function deleteFileForm({ id, addOn, kind }: FoundFile, csrf: string): Markup {
	const label = kind === "links" ? "Delete this list" : "Delete this file";
	return html`<form method="post" action="${integrationPaths(addOn).deleteFile}">${csrfField(csrf)}<input type="hidden" name="file" value="${id}"><button class="secondary danger" type="submit">${label}</button></form>`;
}
