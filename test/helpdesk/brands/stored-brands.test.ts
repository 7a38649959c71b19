import { expect, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { StoredBrands } from "../../../src/helpdesk/brands/stored-brands.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

const HELP = { id: "help", name: "Help Desk", url: "https://help.example.com", locale: "en" };
const SHOP = { id: "shop", name: "Shop", url: "https://shop.example.com", locale: "de" };

function open(clock = new MockClock(Date.parse("2026-03-01T12:00:00Z"))) {
	const storage = new MemoryStorage(clock);
	return { storage, clock, brands: new StoredBrands(storage, clock) };
}

async function ids(brands: StoredBrands): Promise<string[]> {
	return [...(await brands.all()).records.keys()];
}

test("a brand is added, changed and read again", async () => {
	const { brands, clock } = open();

	expect(await brands.add({ id: "help", name: " Help  Desk ", url: HELP.url })).toEqual(HELP);
	clock.advance(1);
	await brands.add(SHOP);
	await brands.change("help", { name: "Support", url: "https://support.example.com" });

	const { records } = await brands.all();
	expect([...records.keys()]).toEqual(["help", "shop"]);
	expect(records.get("help")).toMatchObject({
		...{ source: "stored", name: "Support", url: "https://support.example.com", locale: "en" },
		...{ createdAt: Date.parse("2026-03-01T12:00:00Z"), removedAt: null },
	});
});

test("a record without a time zone, or with one that this node does not know, is read and stays", async () => {
	const { brands, storage } = open();
	await brands.add(SHOP);
	const { entries } = await storage.list(["brand"], { limit: 1 });
	const older = Object.fromEntries(
		Object.entries(entries[0]?.value ?? {}).filter(([field]) => field !== "timeZone"),
	);
	await storage.commit({
		sets: [
			{ key: ["brand", "shop"], value: older },
			{
				key: ["brand", "moon"],
				value: { ...older, name: "Moon", url: "https://moon.example", timeZone: "Moon/Base" },
			},
		],
	});

	const { records } = await brands.all();
	expect(records.get("shop")?.timeZone).toBeNull();
	expect(records.get("moon")?.timeZone).toBe("Moon/Base");
});

test("a name, an address or an id that another brand has is refused, also when a brand is changed", async () => {
	const { brands, storage } = open();
	await brands.add(HELP);
	await brands.add(SHOP);
	const before = await allEntries(storage);

	await expect(brands.add({ ...HELP, name: "Other", url: "https://o.example" })).rejects.toThrow(
		"There is a brand with the id help already, Help Desk (help)",
	);
	await expect(brands.add({ ...SHOP, id: "other", name: "Other" })).rejects.toThrow(
		"the same address",
	);
	await expect(brands.change("shop", { url: HELP.url })).rejects.toThrow("the same address");
	await expect(brands.change("shop", { name: "help desk" })).rejects.toThrow("told apart");
	await expect(brands.change("shop", { url: "https://shop.example.com/x" })).rejects.toThrow(
		"no path",
	);
	await expect(brands.change("nobody", { name: "Other" })).rejects.toThrow("no brand “nobody”");
	expect(await allEntries(storage)).toEqual(before);
});

test("ids are never used again: the record of a removed brand stays, and its name and address are free", async () => {
	const { brands } = open();
	await brands.add(HELP);
	await brands.remove("help");

	await expect(brands.add({ ...HELP, name: "New" })).rejects.toThrow(
		"The id help belonged to Help Desk, which was removed on 2026-03-01; ids are never used again",
	);
	await expect(brands.note([HELP])).rejects.toThrow("ids are never used again");
	await expect(brands.change("help", { name: "New" })).rejects.toThrow("is removed already");
	await expect(brands.remove("help")).rejects.toThrow("is removed already");
	expect(await brands.add({ ...HELP, id: "desk" })).toMatchObject({ id: "desk" });
	expect((await ids(brands)).sort()).toEqual(["desk", "help"]);
});

test.each(["acorn", "harbor"])(
	"%s is a sample brand: nobody adds, changes or removes it",
	async (id) => {
		const { brands } = open();

		await expect(brands.add({ ...HELP, id })).rejects.toThrow("sample brand");
		await expect(brands.change(id, { name: "Other" })).rejects.toThrow("sample brand");
		await expect(brands.remove(id)).rejects.toThrow("sample brand");
	},
);

test("the names of the sample brands are free once others are configured", async () => {
	const { brands } = open();
	await expect(brands.add({ ...HELP, name: "Acorn Outdoor" })).rejects.toThrow("told apart");

	await brands.note([SHOP]);

	expect(await brands.add({ ...HELP, name: "Acorn Outdoor" })).toMatchObject({ id: "help" });
});

test("configured brands are fixed by the configuration, and noted, so that a later start knows which it leaves out", async () => {
	const { brands } = open();
	await brands.note([HELP, SHOP]);

	await expect(brands.change("help", { name: "Other" })).rejects.toThrow("configuration");
	await expect(brands.remove("help")).rejects.toThrow("configuration");
	await expect(brands.add({ ...HELP, name: "Other" })).rejects.toThrow("already");
	await expect(brands.add({ ...HELP, id: "desk", name: "Desk" })).rejects.toThrow("same address");

	await brands.note([SHOP]);
	const { records } = await brands.all();
	expect(records.get("help")).toMatchObject({ name: "Help Desk", leftOut: true });
	expect(records.get("shop")).toMatchObject({ leftOut: false });
	await expect(brands.add({ ...HELP, name: "Other" })).rejects.toThrow(
		"a brand of an earlier configuration; ids are never used again",
	);

	await brands.note([HELP, SHOP]);
	expect((await brands.all()).records.get("help")).toMatchObject({ leftOut: false });
});

test("a start with the same configuration, and one with the sample brands, writes nothing", async () => {
	const { brands, storage } = open();
	await brands.note([]);
	expect(await allEntries(storage)).toEqual([]);

	await brands.note([HELP, SHOP]);
	const before = await allEntries(storage);
	await brands.note([SHOP, HELP]);
	expect(await allEntries(storage)).toEqual(before);
});

test("a brand in storage that the configuration names as well stays as it is, and is not removed before the next start", async () => {
	const { brands } = open();
	await brands.add(HELP);
	const before = await brands.all();
	const configured = { ...HELP, name: "Configured" };

	await brands.note([configured]);

	expect((await brands.all()).records.get("help")).toMatchObject({
		name: HELP.name,
		url: HELP.url,
		source: "stored",
		removedAt: null,
	});
	// The sample brands are gone, so their names are free.
	await brands.add({ ...SHOP, name: "Acorn Outdoor" });
	await expect(brands.change("help", { name: "Other" })).rejects.toThrow("configuration");
	await expect(brands.remove("help")).rejects.toThrow("configuration");
	await brands.note([configured]);

	await brands.remove("shop");
	await brands.note([]);
	expect((await brands.all()).records.get("help")).toEqual(before.records.get("help"));
	await brands.remove("help");
});

const BROKEN = [
	["a text", "help"],
	[
		"a zone",
		{ source: "stored", name: "Help", url: HELP.url, locale: "en", timeZone: 1, createdAt: 1 },
	],
	["no name", { source: "stored", name: "", url: HELP.url, locale: "en", createdAt: 1 }],
	["a path", { source: "stored", name: "Help", url: `${HELP.url}/x`, locale: "en", createdAt: 1 }],
	["another kind", { source: "else", name: "Help", url: HELP.url, locale: "en", createdAt: 1 }],
] as const;

test.each(BROKEN)(
	"a record with %s is named, stays as it is, and hides no other",
	async (_, value) => {
		const { brands, storage } = open();
		await brands.add(SHOP);
		await storage.commit({ sets: [{ key: ["brand", "help"], value }] });

		const { records, unreadable } = await brands.all();
		expect([[...records.keys()], unreadable]).toEqual([["shop"], ["help"]]);
		await expect(brands.add(HELP)).rejects.toThrow("cannot be read and stays as it is");
		await expect(brands.change("help", { name: "Other" })).rejects.toThrow("cannot be read");
		await brands.note([{ ...HELP, name: "Configured" }]);
		expect((await storage.get(["brand", "help"]))?.value).toEqual(value);
	},
);

test("fields of a later version stay in a record that is changed", async () => {
	const { brands, storage } = open();
	await brands.add(HELP);
	const { value = null } = (await storage.get(["brand", "help"])) ?? {};
	const later = { ...(value as object), colour: "green" };
	await storage.commit({ sets: [{ key: ["brand", "help"], value: later }] });

	await brands.change("help", { name: "Other" });

	expect((await storage.get(["brand", "help"]))?.value).toMatchObject({
		name: "Other",
		colour: "green",
	});
});

describeEachEngine((openEngine) => {
	test("of two brands that are added at once with one address, one is refused", async () => {
		const clock = new MockClock();
		const storage: HostStorage = await openEngine(clock);
		const brands = new StoredBrands(storage, clock);
		const many = Array.from({ length: 8 }, (_, index) => ({
			...{ id: `b${index}`, name: `Brand no. ${index}`, locale: "en" },
			url: `https://b${index % 2}.example.com`,
		}));

		const ends = await Promise.allSettled(many.map((brand) => brands.add(brand)));

		expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
		expect(await ids(brands)).toHaveLength(2);
	});
});
