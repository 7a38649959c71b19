import { cpSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../../src/storage/sqlite-storage.ts";
import { runCli } from "./run-cli.ts";
import { newDataFolder } from "./start-helpdesk.ts";

export const CLI = fileURLToPath(new URL("../../../dist/cli.mjs", import.meta.url));
export const KEY = Buffer.alloc(32, 1).toString("base64");
export const OTHER_KEY = Buffer.alloc(32, 2).toString("base64");

export const run = (args: readonly string[]) => runCli(tmpdir(), ...args);

/** Fills a data folder as a helpdesk does. */
export async function fillData(data: string): Promise<void> {
	const storage = new SqliteStorage(join(data, "helpdesk.sqlite"), systemClock);
	await storage.commit({ sets: [{ key: ["accounts", "1"], value: "Grace" }] });
	storage.close();
	await writeFile(join(data, "key"), KEY);
	await writeFile(join(data, "fake-x.json"), '{"apiKey":"a","apiKeySecret":"b"}');
}

/** A copy, because SQLite keeps its files open until the garbage collector runs, and changes them then. */
export async function dataFolder(): Promise<string> {
	const [original, data] = [await newDataFolder(), await newDataFolder()];
	await fillData(original);
	cpSync(original, data, { recursive: true });
	return data;
}

/** The reason why a command is refused. The command line prints it and exits with 2. */
export async function refusalOf(
	command: (args: readonly string[]) => Promise<void>,
	args: readonly string[],
): Promise<string> {
	const error = await command(args).then(
		() => undefined,
		(cause: unknown) => cause,
	);
	if (!(error instanceof CommandError)) {
		throw error ?? new Error("it was not refused");
	}
	expect(error.message.split("\n")).toHaveLength(1);
	return error.message;
}

/** The name and content of every file, so that any change shows. */
export async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
	const names = await readdir(folder).catch(() => []);
	const entries = names.map(async (name) => [
		name,
		(await readFile(join(folder, name))).toString("base64"),
	]);
	return Object.fromEntries(await Promise.all(entries));
}
