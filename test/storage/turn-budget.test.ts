import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";
import { TurnBudget } from "../../src/storage/turn-budget.ts";

test("a turn of the event loop reads for five milliseconds, and the next one as long", async () => {
	let now = 0;
	const turn = new TurnBudget(() => now);
	const spent = () => turn.isSpent();
	expect([spent(), spent()]).toEqual([false, false]);
	now = 4;
	expect(spent()).toBe(false);
	now = 5;
	expect(spent()).toBe(true);
	await turn.next();
	expect(spent()).toBe(false);
	now = 10;
	expect(spent()).toBe(true);
});

test("a request that comes while thousands of values are read one after the other is answered before the last of them", async () => {
	const folder = await mkdtemp(join(tmpdir(), "storage-"));
	const storage = new SqliteStorage(join(folder, "data.sqlite"), systemClock);
	onTestFinished(async () => {
		storage.close();
		await rm(folder, { recursive: true });
	});
	await storage.commit({ sets: [{ key: ["a"], value: "x".repeat(100_000) }] });

	const order: string[] = [];
	setImmediate(() => setImmediate(() => order.push("request")));
	for (let each = 0; each < 2_000; each += 1) {
		await storage.get(["a"]);
	}
	order.push("reads");
	expect(order).toEqual(["request", "reads"]);
});
