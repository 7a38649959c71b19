import { inspect } from "node:util";
import pg from "pg";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Clock } from "../../src/contract/clock.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { PostgresStorage } from "../../src/storage/postgres-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { describeStorageContract } from "../../src/testing/storage-contract/describe-storage-contract.ts";
import { eventually } from "../kit/eventually.ts";
import { startCuttingProxy } from "../kit/storage/cutting-proxy.ts";
import { startOwnServer } from "../kit/storage/own-server.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const SET = { sets: [{ key: ["a"], value: 1 }] };

async function opened(
	url: string,
	clock: Clock = systemClock,
	warn?: (sentence: string) => void,
): Promise<PostgresStorage> {
	const storage = await PostgresStorage.open(url, clock, warn);
	onTestFinished(() => storage.close());
	return storage;
}

/** Runs SQL in the schema of a storage. */
async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		const schema = new URL(url).searchParams.get("schema");
		await client.query(`SET search_path = ${schema ?? "x_login"}`);
		return (await client.query(text)).rows;
	} finally {
		await client.end();
	}
}

describeOn("PostgreSQL", "PostgresStorage", (url) => {
	describeStorageContract({
		name: "PostgresStorage",
		open: async (clock) => {
			const storage = await PostgresStorage.open(apart(url), clock);
			return { storage, close: () => storage.close() };
		},
		openBehindConnection: async (clock) => {
			const proxy = await startCuttingProxy(apart(url));
			const storage = await PostgresStorage.open(proxy.url, clock);
			const close = async (): Promise<void> => {
				await storage.close();
				await proxy.goAway();
			};
			return { storage, cutAfter: proxy.cutAfter, close };
		},
		describe,
		test,
	});

	test("nodes that open one schema at the same time make it once and share it", async () => {
		const shared = apart(url);
		const nodes = await Promise.all(Array.from({ length: 5 }, () => opened(shared)));
		await nodes[0]?.commit(SET);

		const taken = await Promise.all(nodes.map((node) => node.take(["a"])));
		expect(taken.filter(Boolean)).toHaveLength(1);
	});

	test("storages of different schemas share nothing", async () => {
		const [one, two] = [await opened(apart(url)), await opened(apart(url))];
		await one.commit(SET);

		expect(await two.get(["a"])).toBeUndefined();
	});

	test("entries that expired a minute ago are swept, and no others", async () => {
		const clock = new MockClock();
		const own = apart(url);
		const storage = await opened(own, clock);
		const short = Array.from({ length: 50 }, (_, index) => ({
			...{ key: ["short", String(index)], value: 1 },
			expiresAt: clock.now() + 1,
		}));
		await storage.commit({ sets: short });
		await storage.commit({
			sets: [{ key: ["long"], value: 1, expiresAt: clock.now() + 120_000 }],
		});
		clock.advance(60_001);
		await storage.commit(SET);

		await eventually(async () => {
			expect(await sql(own, "SELECT key FROM entries ORDER BY key")).toEqual([
				{ key: "a/" },
				{ key: "long/" },
			]);
		});
	});

	test("reads use the indexes, however small the table was when the server made the plans", async () => {
		const own = apart(url);
		const storage = await PostgresStorage.open(own, systemClock);
		await storage.commit(SET);
		await sql(own, "ANALYZE entries");
		for (let round = 0; round < 10; round += 1) {
			const entry = await storage.get(["a"]);
			await storage.list(["a"]);
			await storage.commit({ ...SET, checks: [{ key: ["a"], version: entry?.version ?? null }] });
		}
		await storage.take(["a"]);
		await storage.close();

		const statistics = `SELECT seq_tup_read AS whole, idx_scan > 20 AS "byIndex"
			FROM pg_stat_user_tables WHERE relid = 'entries'::regclass`;
		await eventually(async () => {
			expect(await sql(own, statistics)).toEqual([{ whole: "0", byIndex: true }]);
		});
	});

	test("calls reject soon while the server is away, and work again when it is back", async () => {
		const proxy = await startCuttingProxy(apart(url));
		const storage = await opened(proxy.url);
		await storage.commit(SET);
		await proxy.goAway();

		const calls = [storage.get(["a"]), storage.commit(SET), storage.take(["b"]), storage.list([])];
		for (const call of await Promise.allSettled(calls)) {
			expect(call).toMatchObject({
				status: "rejected",
				reason: { message: expect.stringMatching(/^PostgreSQL at 127[.:\d]+ cannot be used: /) },
			});
		}
		await proxy.comeBack();
		expect((await storage.get(["a"]))?.value).toBe(1);
		onTestFinished(() => proxy.goAway());
	});

	test("calls reject within ten seconds when the server does not answer", async () => {
		const proxy = await startCuttingProxy(apart(url));
		const storage = await opened(proxy.url);
		await storage.commit(SET);
		proxy.silence();

		await expect(storage.commit(SET)).rejects.toThrow("cannot be used");
		await proxy.goAway();
		await proxy.comeBack();
		expect((await storage.get(["a"]))?.value).toBe(1);
		onTestFinished(() => proxy.goAway());
	});

	test.each([
		["a wrong password", { password: "secret-password" }, "password authentication failed"],
		["an unknown user", { username: "nobody", password: "secret-password" }, "nobody"],
		["an unknown database", { pathname: "/nowhere" }, 'database "nowhere" does not exist'],
		["a port without a server", { port: "1" }, "ECONNREFUSED"],
		["a host that does not exist", { hostname: "nowhere.invalid" }, "nowhere.invalid"],
	])("%s is refused in one sentence without the password", async (_, wrong, sentence) => {
		const { password } = new URL(url);
		const error = await PostgresStorage.open(
			Object.assign(new URL(url), wrong).href,
			systemClock,
		).catch((error: unknown) => error);

		expect(error).toMatchObject({ message: expect.stringContaining(sentence) });
		expect(String(error)).not.toContain("\n");
		expect(inspect(error, { depth: 9 })).not.toContain("secret-password");
		expect(inspect(error, { depth: 9 })).not.toContain(decodeURIComponent(password));
	});

	test("a database that cannot hold every character is refused", async () => {
		const name = `latin_${process.pid}`;
		await sql(url, `CREATE DATABASE ${name} ENCODING LATIN1 LOCALE 'C' TEMPLATE template0`);
		onTestFinished(async () => {
			await sql(url, `DROP DATABASE ${name}`);
		});
		const latin = Object.assign(new URL(url), { pathname: `/${name}` });

		await expect(PostgresStorage.open(latin.href, systemClock)).rejects.toThrow("encoding UTF8");
	});

	test("a user who may only read and write can use an existing schema", async () => {
		const own = apart(url);
		await opened(own);
		const schema = new URL(own).searchParams.get("schema") ?? "";
		await sql(
			own,
			`CREATE ROLE ${schema} LOGIN PASSWORD 'other-password';
			GRANT USAGE ON SCHEMA ${schema} TO ${schema};
			GRANT SELECT, INSERT, UPDATE, DELETE ON entries TO ${schema};
			GRANT USAGE ON SEQUENCE versions TO ${schema};`,
		);
		onTestFinished(async () => {
			await sql(own, `DROP OWNED BY ${schema}; DROP ROLE ${schema}`);
		});
		const restricted = { username: schema, password: "other-password" };
		const storage = await opened(Object.assign(new URL(own), restricted).href);

		expect(await storage.commit(SET)).toBe(true);
		expect((await storage.take(["a"]))?.value).toBe(1);
		await sql(own, `REVOKE INSERT, UPDATE, DELETE ON entries FROM ${schema}`);
		await expect(
			PostgresStorage.open(Object.assign(new URL(own), restricted).href, systemClock),
		).rejects.toThrow(/^PostgreSQL at 127[.:\d]+ cannot be used: permission denied/);
	});

	test("opening a server that may lose commits warns", async () => {
		const warn = vi.fn();
		const careless = new URL(apart(url));
		careless.searchParams.set("options", "-c synchronous_commit=off");
		await opened(careless.href, systemClock, warn);
		expect(warn).toHaveBeenCalledExactlyOnceWith(
			expect.stringContaining("because synchronous_commit is off"),
		);

		await opened(apart(url), systemClock, (sentence) => expect.unreachable(sentence));
	});

	test("commits survive kill -9 of the server", async () => {
		const server = await startOwnServer("postgres");
		const storage = await opened(server.url);
		const writes = Array.from({ length: 50 }, (_, value) =>
			storage.commit({ sets: [{ key: ["k", String(value)], value }] }),
		);
		await Promise.all(writes);
		await server.kill();
		await expect(storage.get(["k", "0"])).rejects.toThrow("cannot be used");

		await server.restart();

		expect((await storage.list(["k"])).entries).toHaveLength(50);
		expect(await storage.commit(SET)).toBe(true);
	});
});

test.each([
	["no server", "postgres:helpdesk"],
	["a password cut by a slash", "postgres://u:12/secret-password@db.example.com/helpdesk"],
	["a password cut by a question mark", "postgres://u:12?secret-password@db.example.com/x"],
	["a password cut by a hash", "postgres://u:12#secret-password@db.example.com/x"],
	["a schema with a wrong name", 'postgres://u:secret-password@localhost/x?schema=a"b'],
])("a URL with %s is refused without repeating it", async (_, url) => {
	const error = await PostgresStorage.open(url, systemClock).catch((error: unknown) => error);

	expect(error).toMatchObject({ message: expect.stringContaining("storage URL") });
	expect(inspect(error, { depth: 9 })).not.toContain("secret-password");
});
