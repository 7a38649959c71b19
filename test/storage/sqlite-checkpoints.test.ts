import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";

async function opened() {
	const folder = await mkdtemp(join(tmpdir(), "storage-"));
	const path = join(folder, "data.sqlite");
	const storage = new SqliteStorage(path, systemClock);
	onTestFinished(async () => {
		storage.close();
		await rm(folder, { recursive: true });
	});
	const write = async (rows: number, name = "row") => {
		const sets = Array.from({ length: rows }, (_, index) => ({
			key: [name, String(index)],
			value: "x".repeat(500),
		}));
		await storage.commit({ sets });
	};
	return { path, storage, write };
}

test("a thousand written rows are copied from the log into the file while the storage stays open", async () => {
	const { path, write } = await opened();
	const before = (await stat(path)).size;
	await write(999);
	expect((await stat(path)).size).toBe(before);
	await write(1, "another");
	await vi.waitFor(async () => expect((await stat(path)).size).toBeGreaterThan(500_000));
});

test("the log does not grow with the number of commits", async () => {
	const { path, write } = await opened();
	for (let round = 0; round < 100; round += 1) {
		await write(500);
	}
	expect((await stat(`${path}-wal`)).size).toBeLessThan(20_000_000);
});

test("a storage that closes while its log is copied loses nothing", async () => {
	const { path, storage, write } = await opened();
	await write(1_500);
	storage.close();
	const again = new SqliteStorage(path, systemClock);
	expect((await again.list(["row"], { limit: 200 })).entries).toHaveLength(200);
	again.close();
});
