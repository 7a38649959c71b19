import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { openStorageAt } from "./open-storage-at.ts";
import { apart, describeOn } from "./test-servers.ts";

type OpenEngine = (clock: Clock) => Promise<HostStorage>;

/** A suite on all four engines. PostgreSQL and Redis are skipped without their servers. */
export function describeEachEngine(suite: (open: OpenEngine, engine: string) => void): void {
	const opening =
		(newUrl: () => Promise<string>): OpenEngine =>
		async (clock) => {
			const storage = await openStorageAt(await newUrl(), clock);
			onTestFinished(async () => storage.close());
			return storage;
		};
	describe("memory", () =>
		suite(
			opening(async () => "memory:"),
			"memory",
		));
	describe("SQLite", () => suite(opening(newFile), "SQLite"));
	for (const engine of ["PostgreSQL", "Redis"] as const) {
		describeOn(engine, engine, (url) =>
			suite(
				opening(async () => apart(url)),
				engine,
			),
		);
	}
}

async function newFile(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "storage-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	return `sqlite:${join(folder, "data.sqlite")}`;
}
