import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { namespaced } from "../../src/storage/namespaced-storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { describeStorageContract } from "../../src/testing/storage-contract/describe-storage-contract.ts";

describeStorageContract({
	name: "MemoryStorage",
	open: async (clock) => ({ storage: new MemoryStorage(clock), close: () => {} }),
	describe,
	test,
});

describeStorageContract({
	name: "a namespace",
	open: async (clock) => {
		const whole = new MemoryStorage(clock);
		await whole.commit({ sets: [{ key: ["other", "a"], value: "not yours" }] });
		return { storage: namespaced(whole, ["mine"]), close: () => {} };
	},
	describe,
	test,
});

test("MemoryStorage deletes a hundred expired entries with each commit", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const expiresAt = clock.now() + 1;
	for (let each = 0; each < 1000; each += 1) {
		await storage.commit({ sets: [{ key: ["rush", String(each)], value: each, expiresAt }] });
	}
	await storage.commit({ sets: [{ key: ["stays"], value: 1 }] });

	clock.advance(1);
	for (let each = 0; each < 12; each += 1) {
		await storage.commit({});
	}

	// An entry that was not deleted could be read again.
	clock.advance(-1);
	expect((await storage.list([])).entries.map(({ key }) => key)).toEqual([["stays"]]);
});

describeStorageContract({
	name: "SqliteStorage",
	open: async (clock) => {
		const folder = await mkdtemp(join(tmpdir(), "storage-"));
		const storage = new SqliteStorage(join(folder, "data.sqlite"), clock);
		const close = async (): Promise<void> => {
			storage.close();
			await rm(folder, { recursive: true });
		};
		return { storage, close };
	},
	describe,
	test,
});

async function newFile(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "storage-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return join(folder, "data.sqlite");
}

test("two open files of one database see each other's commits, and one of them wins a take", async () => {
	const file = await newFile();
	const [one, two] = [new SqliteStorage(file, systemClock), new SqliteStorage(file, systemClock)];
	await one.commit({ sets: [{ key: ["a"], value: 1 }] });

	expect((await two.get(["a"]))?.value).toBe(1);
	const taken = await Promise.all([one.take(["a"]), two.take(["a"])]);
	expect(taken.filter(Boolean)).toHaveLength(1);
	one.close();
	two.close();
});

test("writes of one turn are one transaction, and a failing one does not harm the others", async () => {
	const file = await newFile();
	const storage = new SqliteStorage(file, systemClock);
	const sets = (...keys: string[]) => keys.map((key) => ({ key: [key], value: key }));
	const broken = { key: ["broken"], value: 1 };
	const trigger = new Database(file);
	trigger.exec(
		"CREATE TRIGGER broken BEFORE INSERT ON entries WHEN NEW.key = 'broken/' BEGIN SELECT RAISE(ABORT, 'broken'); END",
	);
	trigger.close();
	const exec = vi.spyOn(Database.prototype, "exec");
	await Promise.all(["x", "y", "z"].map((key) => storage.commit({ sets: sets(key) })));
	expect(exec.mock.calls.filter(([sql]) => sql === "COMMIT")).toHaveLength(1);
	exec.mockRestore();
	await storage.commit({ deletes: [["x"], ["y"], ["z"]] });

	const ends = await Promise.allSettled([
		storage.commit({ sets: sets("a") }),
		storage.commit({ sets: [...sets("with broken"), broken] }),
		storage.commit({ checks: [{ key: ["a"], version: null }], sets: sets("too late") }),
		storage.take(["a"]),
		storage.commit({ sets: sets("b") }),
	]);

	expect(ends.map((end) => (end.status === "fulfilled" ? end.value : end.status))).toEqual([
		true,
		"rejected",
		false,
		expect.objectContaining({ key: ["a"], value: "a" }),
		true,
	]);
	const { entries } = await storage.list([]);
	expect(entries.map(({ key }) => key)).toEqual([["b"]]);
	storage.close();
});

test("closing writes the entries that still wait", async () => {
	const file = await newFile();
	const storage = new SqliteStorage(file, systemClock);
	const written = storage.commit({ sets: [{ key: ["a"], value: 1 }] });
	storage.close();
	expect(await written).toBe(true);

	const again = new SqliteStorage(file, systemClock);
	expect((await again.get(["a"]))?.value).toBe(1);
	again.close();
});

test("expired entries are swept with the hundredth commit, or with the first after a minute", async () => {
	const file = await newFile();
	const clock = new MockClock();
	const storage = new SqliteStorage(file, clock);
	const raw = new SqliteStorage(file, { now: () => 0 });
	const commit = async (times: number) => {
		for (let each = 0; each < times; each += 1) {
			await storage.commit({});
		}
	};
	const expire = async () => {
		const expiresAt = clock.now() + 1;
		await storage.commit({ sets: [{ key: ["a"], value: 1, expiresAt }] });
		clock.advance(1);
	};

	await expire();
	await commit(98);
	expect(await raw.get(["a"])).toBeDefined();
	await commit(1);
	expect(await raw.get(["a"])).toBeUndefined();

	await expire();
	await commit(1);
	expect(await raw.get(["a"])).toBeDefined();
	clock.advance(60_000);
	await commit(1);
	expect(await raw.get(["a"])).toBeUndefined();
	storage.close();
	raw.close();
});

test("commits survive kill -9", async () => {
	const file = await newFile();
	const host = fileURLToPath(new URL("../../dist/host.mjs", import.meta.url));
	const script = `
		import { SqliteStorage, systemClock } from ${JSON.stringify(host)};
		const storage = new SqliteStorage(${JSON.stringify(file)}, systemClock);
		for (let i = 0; i < 50; i += 1) await storage.commit({ sets: [{ key: ["k", String(i)], value: i }] });
		console.log("written");
		setInterval(() => {}, 1000);
	`;
	const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
	await once(child.stdout, "data");
	child.kill("SIGKILL");
	await once(child, "exit");

	const storage = new SqliteStorage(file, systemClock);
	expect((await storage.list(["k"])).entries).toHaveLength(50);
	storage.close();
});

test("a file that is not a database, or cannot be opened, is refused by its name", async () => {
	const file = await newFile();
	await writeFile(file, "certainly not a database ".repeat(100));

	expect(() => new SqliteStorage(file, systemClock)).toThrow(file);
	expect(() => new SqliteStorage("/nowhere/at/all.sqlite", systemClock)).toThrow("folder exists");
});

test("only its owner can read the file, and deleted values cannot be read in it any more", async () => {
	const file = await newFile();
	const storage = new SqliteStorage(file, systemClock);
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	await storage.commit({ sets: [{ key: ["a"], value: "zoe_handle" }] });
	await storage.commit({ deletes: [["a"]] });
	storage.close();

	const folder = dirname(file);
	for (const name of await readdir(folder)) {
		expect((await readFile(join(folder, name))).includes("zoe_handle"), name).toBe(false);
	}
});
