import { inspect } from "node:util";
import { createClient } from "@redis/client";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Clock } from "../../src/contract/clock.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { RedisStorage } from "../../src/storage/redis-storage.ts";
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
): Promise<RedisStorage> {
	const storage = await RedisStorage.open(url, clock, warn);
	onTestFinished(() => storage.close());
	return storage;
}

async function send(url: string, command: readonly string[]): Promise<unknown> {
	const client = await createClient({ url: url.replace(/\?.*/, "") }).connect();
	try {
		return await client.sendCommand([...command]);
	} finally {
		client.destroy();
	}
}

describeOn("Redis", "RedisStorage", (url) => {
	describeStorageContract({
		name: "RedisStorage",
		open: async (clock) => {
			const storage = await RedisStorage.open(apart(url), clock);
			return { storage, close: () => storage.close() };
		},
		openBehindConnection: async (clock) => {
			const proxy = await startCuttingProxy(apart(url));
			const storage = await RedisStorage.open(proxy.url, clock);
			const close = async (): Promise<void> => {
				await storage.close();
				await proxy.goAway();
			};
			return { storage, cutAfter: proxy.cutAfter, close };
		},
		describe,
		test,
	});

	test("an entry that cannot be read does not hide the others of a list, and take removes it", async () => {
		const at = apart(url);
		const storage = await opened(at);
		await storage.commit({ sets: ["a", "b", "c"].map((key) => ({ key: [key], value: key })) });
		const prefix = new URL(at).searchParams.get("prefix");
		for (const broken of [
			"",
			"1.0 - undefined",
			"1.0 Thu Jan 01 1970 1",
			"1.0 [object Object] 1",
		]) {
			await send(at, ["SET", `${prefix}:entry:b/`, broken]);

			expect((await storage.list([])).entries.map(({ value }) => value)).toEqual(["a", "c"]);
		}
		await expect(storage.take(["b"])).rejects.toThrow(SyntaxError);
		expect(await storage.get(["b"])).toBeUndefined();
	});

	test("storages of one prefix share everything, and storages of different prefixes nothing", async () => {
		const shared = apart(url);
		const nodes = [await opened(shared), await opened(shared)];
		const other = await opened(apart(url));
		await nodes[0]?.commit(SET);

		expect(await other.get(["a"])).toBeUndefined();
		const taken = await Promise.all(nodes.map((node) => node.take(["a"])));
		expect(taken.filter(Boolean)).toHaveLength(1);
	});

	test("entries that expired a minute ago are swept without a trace", async () => {
		const clock = new MockClock();
		const own = apart(url);
		const prefix = new URL(own).searchParams.get("prefix");
		const storage = await opened(own, clock);
		for (let round = 0; round < 50; round += 1) {
			const expiresAt = clock.now() + 1;
			await storage.commit({ sets: [{ key: ["short", String(round)], value: 1, expiresAt }] });
		}
		await storage.commit({
			sets: [{ key: ["long"], value: 1, expiresAt: clock.now() + 120_000 }],
		});
		clock.advance(60_001);
		await storage.commit(SET);
		expect(await send(own, ["ZRANGE", `${prefix}:keys`, "0", "-1"])).toEqual(["a/", "long/"]);
		await storage.commit({ deletes: [["a"], ["long"]] });

		expect(await send(own, ["KEYS", `${prefix}:*`])).toEqual([]);
	});

	test("a server that lost the scripts gets them again", async () => {
		const storage = await opened(apart(url));
		await storage.commit(SET);
		await send(url, ["SCRIPT", "FLUSH"]);

		expect(await storage.commit(SET)).toBe(true);
		expect((await storage.list([])).entries).toHaveLength(1);
		expect((await storage.take(["a"]))?.value).toBe(1);
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
				reason: { message: expect.stringMatching(/^Redis at 127[.:\d]+ cannot be used: /) },
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

		await expect(storage.commit(SET)).rejects.toThrow("it does not answer");
		await proxy.goAway();
		await proxy.comeBack();
		expect((await storage.get(["a"]))?.value).toBe(1);
		onTestFinished(() => proxy.goAway());
	});

	test.each([
		["a wrong password", { password: "secret-password" }, "WRONGPASS"],
		["no password", { password: "" }, "NOAUTH"],
		["an unknown user", { username: "nobody", password: "secret-password" }, "WRONGPASS"],
		["an unknown database", { pathname: "/4711" }, "DB index is out of range"],
		["a database that is not a number", { pathname: "/helpdesk" }, "Invalid pathname"],
		["a port without a server", { port: "1" }, "ECONNREFUSED"],
		["a host that does not exist", { hostname: "nowhere.invalid" }, "nowhere.invalid"],
	])("%s is refused in one sentence without the password", async (_, wrong, sentence) => {
		const { password } = new URL(url);
		const error = await RedisStorage.open(
			Object.assign(new URL(url), wrong).href,
			systemClock,
		).catch((error: unknown) => error);

		expect(error).toMatchObject({ message: expect.stringContaining(sentence) });
		expect(String(error)).not.toContain("\n");
		expect(inspect(error, { depth: 9 })).not.toContain("secret-password");
		expect(inspect(error, { depth: 9 })).not.toContain(decodeURIComponent(password));
	});

	test("commits survive kill -9 of the server, unless opening warned", async () => {
		const server = await startOwnServer("redis");
		const told = (sentence: string) => expect.unreachable(sentence);
		const storage = await opened(server.url, systemClock, told);
		const writes = Array.from({ length: 50 }, (_, value) =>
			storage.commit({ sets: [{ key: ["k", String(value)], value }] }),
		);
		await Promise.all(writes);
		await server.kill();
		await expect(storage.get(["k", "0"])).rejects.toThrow("cannot be used");

		await server.restart();

		await eventually(async () => {
			expect((await storage.list(["k"])).entries).toHaveLength(50);
		});
		expect(await storage.commit(SET)).toBe(true);

		await send(server.url, ["CONFIG", "SET", "appendfsync", "everysec"]);
		await send(server.url, ["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
		const warn = vi.fn();
		await opened(server.url, systemClock, warn);
		expect(warn).toHaveBeenCalledExactlyOnceWith(
			expect.stringContaining("set appendfsync always, maxmemory-policy noeviction"),
		);
	});

	test("a user who may not run scripts is refused", async () => {
		const server = await startOwnServer("redis");
		const rules = ["on", ">secret-password", "~*", "+@all", "-@scripting"];
		await send(server.url, ["ACL", "SETUSER", "reader", ...rules]);
		const reader = Object.assign(new URL(server.url), { username: "reader" });

		await expect(RedisStorage.open(reader.href, systemClock)).rejects.toThrow(
			/^Redis at 127[.:\d]+ cannot be used: NOPERM/,
		);
	});

	test("a full server refuses whole commits, and still reads", async () => {
		const server = await startOwnServer("redis");
		const storage = await opened(server.url);
		await storage.commit(SET);
		await send(server.url, ["CONFIG", "SET", "maxmemory", "1"]);
		const sets = [
			{ key: ["a"], value: 2 },
			{ key: ["b"], value: 2 },
		];

		await expect(storage.commit({ sets })).rejects.toThrow("OOM");
		expect((await storage.get(["a"]))?.value).toBe(1);
		expect((await storage.list([])).entries).toHaveLength(1);
	});
});

test.each([
	["no server", "redis:helpdesk"],
	["a password cut by a slash", "redis://u:12/secret-password@redis.example.com/0"],
	["a password cut by a question mark", "redis://u:12?secret-password@redis.example.com/0"],
	["a password cut by a hash", "rediss://u:12#secret-password@redis.example.com/0"],
	["a prefix with a wrong name", "redis://u:secret-password@localhost/0?prefix=a:b"],
])("a URL with %s is refused without repeating it", async (_, url) => {
	const error = await RedisStorage.open(url, systemClock).catch((error: unknown) => error);

	expect(error).toMatchObject({ message: expect.stringContaining("storage URL") });
	expect(inspect(error, { depth: 9 })).not.toContain("secret-password");
});
