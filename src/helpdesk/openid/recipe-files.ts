import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Preset } from "./presets/preset.ts";

/** Lies beside this file, and beside the built command. */
const FOLDER = new URL("./recipes/", import.meta.url);

/** What the administrator of a helpdesk does there, and the files that this takes. */
export interface Recipe {
	/** In Markdown. */
	readonly text: string;
	/** The names of the files that the recipe uses, with the folders that they are in. */
	readonly files: readonly string[];
}

export async function recipeOf({ id }: Pick<Preset, "id">): Promise<Recipe> {
	const text = await readFile(new URL(`${id}.md`, FOLDER), "utf8");
	return { text, files: await filesOf(id) };
}

/** A file that a recipe uses. @returns undefined for a name that none of its files has. */
export async function recipeFile(
	{ id }: Pick<Preset, "id">,
	name: string,
): Promise<string | undefined> {
	const isOne = (await filesOf(id)).includes(name);
	return isOne ? readFile(new URL(`${id}/${name}`, FOLDER), "utf8") : undefined;
}

async function filesOf(id: string): Promise<readonly string[]> {
	const folder = fileURLToPath(new URL(`${id}/`, FOLDER));
	try {
		const found = await readdir(folder, { recursive: true, withFileTypes: true });
		return found
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
			.sort();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") {
			return [];
		}
		throw error;
	}
}
