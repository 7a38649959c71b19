import { execFile } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { newDataFolder } from "../../kit/helpdesk/start-helpdesk.ts";

const run = promisify(execFile);
const SIZE_MIB = 16;
/** Not even the first page of a database fits. */
const NOTHING_BYTES = 1000;

/** A folder in which the space that is left can be used up, and given back. */
export interface SmallDisk {
	readonly folder: string;
	fill(): Promise<void>;
	free(): Promise<void>;
}

/** One that is really full, where this machine lets a test mount one. */
export async function mountSmallDisk(): Promise<SmallDisk | undefined> {
	const folder = await newDataFolder();
	try {
		await run("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "tmpfs", folder]);
	} catch {
		return undefined;
	}
	onTestFinished(async () => {
		await run("umount", ["--lazy", folder]);
	});
	const ballast = join(folder, "ballast");
	return {
		folder,
		fill: async () => {
			const file = await open(ballast, "w");
			// The last bytes one by one: no page is left.
			for (let size = 2 ** 20; size >= 1; size /= 2) {
				const chunk = Buffer.alloc(size);
				while ((await file.write(chunk).catch(() => undefined)) !== undefined) {}
			}
			await file.close();
		},
		free: () => rm(ballast),
	};
}

/** One that is full for some processes only: no file of theirs may grow. */
export async function limitDisk(pids: () => readonly number[]): Promise<SmallDisk> {
	const limit = async (bytes: number | "unlimited"): Promise<void> => {
		for (const pid of pids()) {
			await run("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
		}
	};
	return {
		folder: await newDataFolder(),
		fill: () => limit(NOTHING_BYTES),
		free: () => limit("unlimited"),
	};
}
