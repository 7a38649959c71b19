import { expect, test } from "vitest";
import type { Brand } from "../../../src/contract/brands.ts";
import { type HostStorage, StorageError } from "../../../src/contract/storage.ts";
import { brandAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { brandsFor, HelpdeskBrands } from "../../../src/helpdesk/brands/helpdesk-brands.ts";
import { StoredBrands } from "../../../src/helpdesk/brands/stored-brands.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const HELP = { id: "help", name: "Help Desk", url: "https://help.example.com", locale: "en" };
const SHOP = { id: "shop", name: "Shop", url: "https://shop.example.com", locale: "de" };
const PLUGIN = { manifest: { id: "x-login" } };

function open(fixed = [HELP], mayServe?: (url: string) => boolean) {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	let reads = 0;
	let isAway = false;
	const storage: HostStorage = {
		get: (key) => memory.get(key),
		take: (key) => memory.take(key),
		commit: (commit) => memory.commit(commit),
		list: async (prefix, options) => {
			reads += 1;
			if (isAway) {
				throw new StorageError("away");
			}
			return memory.list(prefix, options);
		},
	};
	const records = new StoredBrands(memory, clock);
	const reported: string[] = [];
	const seen: string[][] = [];
	const brands = new HelpdeskBrands(
		fixed.map((facts) => brandAt(facts, "x-login")),
		new StoredBrands(storage, clock),
		{
			...{ clock, plugin: PLUGIN },
			...(mayServe && { mayServe }),
			onBrands: (all: readonly Brand[]) => seen.push(all.map(({ id }) => id)),
		},
		(sentence) => reported.push(sentence),
	);
	const ids = () => brands.all().map(({ id }) => id);
	const setAway = (away: boolean) => {
		isAway = away;
	};
	return { brands, records, clock, memory, ids, reported, seen, setAway, reads: () => reads };
}

test("a node sees a brand that another one added after five seconds, and reads no more than once in that time", async () => {
	const { brands, records, clock, ids, reads, seen } = open();
	await brands.refresh();
	await records.add(SHOP);

	clock.advance(4999);
	await Promise.all([brands.refresh(), brands.refresh()]);
	expect([ids(), reads()]).toEqual([["help"], 1]);

	clock.advance(1);
	await Promise.all([brands.refresh(), brands.refresh(), brands.refresh()]);
	expect([ids(), reads()]).toEqual([["help", "shop"], 2]);
	expect(brands.find("shop")).toMatchObject({
		...{ baseUrl: SHOP.url, locale: "de", callbackUrl: `${SHOP.url}/login/x-login/callback` },
	});

	await records.change("shop", { name: "Shop & Co", timeZone: "Asia/Tokyo" });
	clock.advance(5000);
	await brands.refresh();
	expect(brands.find("shop")).toMatchObject({ name: "Shop & Co", timeZone: "Asia/Tokyo" });

	await records.remove("shop");
	clock.advance(5000);
	await brands.refresh();
	expect(ids()).toEqual(["help"]);
	expect(seen).toEqual([["help", "shop"], ["help", "shop"], ["help"]]);
});

test("the list is the same array until a brand changes, so nothing is made again for a request", async () => {
	const { brands, records, clock } = open();
	await records.add(SHOP);
	await brands.refresh();
	const { all: allOfOther } = brandsFor(brands, "other");
	const [before, beforeOfOther] = [brands.all(), allOfOther()];

	clock.advance(5000);
	await brands.refresh();

	expect(brands.all()).toBe(before);
	expect(allOfOther()).toBe(beforeOfOther);
	expect(beforeOfOther.map(({ startPath }) => startPath)).toEqual(
		Array(2).fill("/login/other/start"),
	);
	await records.remove("shop");
	clock.advance(5000);
	await brands.refresh();
	expect(allOfOther().map(({ id }) => id)).toEqual(["help"]);
});

test("a clock that is set back delays no change for longer than that", async () => {
	const { brands, records, clock, ids } = open();
	await brands.refresh();
	await records.add(SHOP);

	clock.advance(-3_600_000);
	await brands.refresh();

	expect(ids()).toEqual(["help", "shop"]);
});

test("while the storage is away, the brands are those that were read last", async () => {
	const { brands, records, clock, ids, setAway } = open();
	await records.add(SHOP);
	await brands.refresh();
	setAway(true);
	clock.advance(5000);

	await expect(brands.refresh()).rejects.toThrow(StorageError);
	await brands.refreshIfPossible();
	expect(ids()).toEqual(["help", "shop"]);

	setAway(false);
	await records.remove("shop");
	await brands.refreshIfPossible();
	expect(ids()).toEqual(["help"]);
});

test("the configuration counts before a stored brand with the same id or address, which is named once and kept", async () => {
	const { brands, records, clock, ids, reported } = open([
		{ ...HELP, name: "Configured", url: "https://configured.example.com" },
	]);
	await records.add(HELP);
	await records.add(SHOP);
	await brands.refresh();
	expect([ids(), brands.find("help")?.name]).toEqual([["help", "shop"], "Configured"]);
	expect(reported).toEqual([expect.stringMatching(/Help Desk \(help\).*Configured \(help\)/)]);

	const other = open([{ ...SHOP, id: "store", name: "Store" }]);
	await other.records.add(SHOP);
	await other.brands.refresh();
	expect(other.ids()).toEqual(["store"]);
	expect(other.reported).toEqual([
		expect.stringMatching(/Shop \(shop\).*Store \(store\) has the same address/),
	]);

	clock.advance(5000);
	await brands.refresh();
	expect(reported).toHaveLength(1);
	expect((await records.all()).records.get("help")).toMatchObject({ name: "Help Desk" });
});

test("a stored brand at an address that strangers may reach is not served beside the fake X, and the log says why", async () => {
	const { brands, records, ids, reported } = open([HELP], (url) => url !== SHOP.url);
	await records.add(SHOP);
	await records.add({ ...SHOP, id: "other", name: "Other", url: "http://localhost:8080" });

	await brands.refresh();

	expect(ids()).toEqual(["help", "other"]);
	expect(reported).toEqual([expect.stringContaining("--x-base-url https://api.x.com")]);
});

test("a record that cannot be read is reported once and stops nothing", async () => {
	const { brands, records, clock, memory, ids, reported } = open();
	await records.add(SHOP);
	await memory.commit({ sets: [{ key: ["brand", "broken"], value: { source: "stored" } }] });

	await brands.refresh();
	clock.advance(5000);
	await brands.refresh();

	expect(ids()).toEqual(["help", "shop"]);
	expect(reported).toEqual([expect.stringContaining("brand broken cannot be read")]);
	expect((await memory.get(["brand", "broken"]))?.value).toEqual({ source: "stored" });
});
