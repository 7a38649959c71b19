import { execFile } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { newDataFolder } from "../../kit/helpdesk/start-helpdesk.ts";

const run = promisify(execFile);
const SIZE_MIB = 16;
/** Too few bytes for even the first page of a database. */
const NOTHING_BYTES = 1000;

/** A folder whose free space can be used up and freed again. */
export interface SmallDisk {
	readonly folder: string;
	fill(): Promise<void>;
	free(): Promise<void>;
}

/** A disk that really fills up; undefined if this machine does not let a test mount one. */
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
			// Fills up to the last byte, so that no page is left.
			for (let size = 2 ** 20; size >= 1; size /= 2) {
				const chunk = Buffer.alloc(size);
				while ((await file.write(chunk).catch(() => undefined)) !== undefined) {}
			}
			await file.close();
		},
		free: () => rm(ballast),
	};
}

/** A disk that is full for some processes only, because their files may not grow. */
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
