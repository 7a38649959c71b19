import { readFile } from "node:fs/promises";
import type { HandOffPreset } from "./presets/hand-off-preset.ts";

/** Lies beside this file, and beside the built command, where the recipes for OpenID Connect lie, too. */
const FOLDER = new URL("./recipes/", import.meta.url);

/** What the administrator of a helpdesk does there. @returns Markdown. */
export async function recipeText({ id }: Pick<HandOffPreset, "id">): Promise<string> {
	return readFile(new URL(`${id}.md`, FOLDER), "utf8");
}
