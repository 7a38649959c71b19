import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command-error.ts";

const FILE = "fake-x.url";
const ANSWER_MS = 5000;

/** Stores the address of a helpdesk's fake X, for other commands. */
export async function noteFakeX(data: string, url: string): Promise<void> {
	await writeFile(join(data, FILE), url, { mode: 0o600 });
}

export async function forgetFakeX(data: string): Promise<void> {
	await rm(join(data, FILE), { force: true });
}

/** @throws CommandError when no fake X runs, with what to do. */
export async function runningFakeX(data: string): Promise<string> {
	const url = await readFile(join(data, FILE), "utf8").catch(() => "");
	try {
		await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: "manual" });
		return url;
	} catch (cause) {
		throw new CommandError(
			"without --x-base-url this command asks the fake X that is started with the helpdesk, and none is running; start the helpdesk first, or give --x-base-url https://api.x.com to ask the real X",
			{ cause },
		);
	}
}
