import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, onTestFinished } from "vitest";

export const RECIPES = new URL("../../../src/helpdesk/coming-from/", import.meta.url);
export const FIXTURES = new URL("../../fixtures/coming-from/", import.meta.url);

const RUN_TYPESCRIPT = new URL("../../run-typescript.mjs", import.meta.url);
const run = promisify(execFile);
/** A block of code, with the name of the file that the line before it says to save it as. */
const BLOCK = /(?:Save this as `([^`]+)`[^\n]*\n\n)?```[a-z]+\n(.*?)^```$/gms;

/** What a section of a recipe tells to save, and the commands that it tells to run after that. */
export interface RecipeSection {
	readonly files: ReadonlyMap<string, string>;
	readonly commands: readonly string[];
}

interface Surroundings {
	readonly variables?: Readonly<Record<string, string>>;
	/** Files that lie in the folder already. */
	readonly given?: Readonly<Record<string, string | Buffer>>;
	/** Programs that stand in for those of the product: the name of the command and a module of Node. */
	readonly standIns?: Readonly<Record<string, URL>>;
}

/** A suite that needs programs of the machine. Without one of them it is reported as skipped. */
export function describeWith(programs: readonly string[], name: string, suite: () => void): void {
	const missing = programs.filter((each) => spawnSync(each, ["--version"]).status !== 0);
	if (missing.length > 0) {
		describe.skip(`${name} (skipped, for this machine has no ${missing.join(" and no ")})`, suite);
	} else {
		describe(name, suite);
	}
}

export async function recipeText(product: string): Promise<string> {
	return readFile(new URL(`${product}.md`, RECIPES), "utf8");
}

export async function fixture(path: string): Promise<string> {
	return readFile(new URL(path, FIXTURES), "utf8");
}

export async function sectionOf(product: string, heading: string): Promise<RecipeSection> {
	const [, after] = (await recipeText(product)).split(`\n## ${heading}\n`);
	if (after === undefined) {
		throw new Error(`the recipe ${product} has no section ${heading}`);
	}
	const [section = ""] = after.split("\n## ");
	const blocks = [...section.matchAll(BLOCK)];
	return {
		files: new Map(
			blocks.flatMap(([, name, text = ""]) => (name === undefined ? [] : [[name, text]])),
		),
		commands: blocks.flatMap(([, name, text = ""]) => (name === undefined ? [text] : [])),
	};
}

/** Does in an empty folder what a section tells. @returns the file that the last command writes. */
export async function followed(
	{ files, commands }: RecipeSection,
	{ variables = {}, given = {}, standIns = {} }: Surroundings,
): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "coming-from-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const [name, text] of [...files, ...Object.entries(given)]) {
		await writeFile(join(folder, name), text);
	}
	for (const [name, { pathname }] of Object.entries(standIns)) {
		await writeFile(
			join(folder, name),
			`#!/bin/sh\nexec node --import "${RUN_TYPESCRIPT.pathname}" "${pathname}" "$@"\n`,
		);
		await chmod(join(folder, name), 0o755);
	}
	const env = { ...process.env, ...variables, PATH: `${folder}:${process.env["PATH"]}` };
	for (const command of commands) {
		await run("sh", ["-ec", command], { cwd: folder, env });
	}
	const [, result = ""] = /> (links\.[a-z]+)/.exec([...files.values(), ...commands].join("")) ?? [];
	return readFile(join(folder, result), "utf8");
}
