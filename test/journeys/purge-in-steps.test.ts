// A host of contract 1.2 deletes the links of a brand a step at a time.
import { expect, test } from "vitest";
import type { HostStorage } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { throughX } from "../kit/plugin/at-x.ts";
import { ADA, openHouse } from "../kit/plugin/open-house.ts";
import { allEntries } from "../kit/storage/all-entries.ts";

const PEOPLE = 250;
const BRANDS = [mockBrand("one"), mockBrand("two")];

async function link(host: MockHost, brandId: string, count: number): Promise<void> {
	const rows = Array.from({ length: count }, (_, index) => {
		const email = `person${index}@example.com`;
		host.users.add({ brandId, email });
		return { brandId, identityId: String(1000 + index), email };
	});
	await host.plugin.importLinks(rows, { dryRun: false });
}

async function linksAt(host: MockHost, brandId: string): Promise<readonly string[]> {
	const kept = (await allEntries(host.storage)).filter(({ key, value }) => {
		const [kind, place] = key;
		return kind === "link"
			? place === brandId
			: kind === "links-of-user" && JSON.stringify(value).includes(`"${brandId}"`);
	});
	return kept.map(({ key }) => key.join(" "));
}

async function purge(host: MockHost, most: number) {
	const steps: { readonly removed: number; readonly isDone: boolean }[] = [];
	do {
		steps.push((await host.plugin.purgeLinks("one", { most })) ?? expect.fail("no answer"));
	} while (!steps.at(-1)?.isDone);
	return steps;
}

test("each step deletes at most as many links as asked, with at most 400 keys and lists of 100", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	const keys: number[] = [];
	const listed: number[] = [];
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		commit: (commit) => {
			const { checks = [], sets = [], deletes = [] } = commit;
			keys.push(checks.length + sets.length + deletes.length);
			return inner.commit(commit);
		},
		list: async (prefix, options) => {
			const page = await inner.list(prefix, options);
			listed.push(page.entries.length);
			return page;
		},
	};
	const { host } = await openHouse({ brands: BRANDS, clock, storage });
	await link(host, "one", PEOPLE);
	await link(host, "two", PEOPLE);
	const others = await linksAt(host, "two");
	host.settings.enable("one", false);

	const steps = await purge(host, 100);

	expect(steps.slice(0, 3).map(({ removed }) => removed)).toEqual([100, 100, 50]);
	// The rest looks for halves of links, which the other brand has, too.
	expect(steps).toHaveLength(3 + 3);
	expect(steps.reduce((sum, { removed }) => sum + removed, 0)).toBe(PEOPLE);
	expect(Math.max(...keys)).toBeLessThanOrEqual(400);
	expect(Math.max(...listed)).toBeLessThanOrEqual(100);
	expect(await linksAt(host, "one")).toEqual([]);
	expect(await linksAt(host, "two")).toEqual(others);
	expect((await allEntries(host.storage)).filter(({ key }) => key[0] === "purge")).toEqual([]);
});

test("halves of links that have lost their other half, and unreadable links, go in steps too", async () => {
	const { host } = await openHouse({ brands: BRANDS });
	await link(host, "two", 30);
	await link(host, "one", 5);
	const lost = { brandId: "one", handle: "", linkedAt: 0 };
	const sets = ["a", "m", "z"].map((user) => ({
		key: ["links-of-user", user, "x:8"],
		value: lost,
	}));
	await host.storage.commit({
		sets: [...sets, { key: ["link", "one", "x:1001"], value: "not a link" }],
	});

	await purge(host, 10);

	expect(await linksAt(host, "one")).toEqual([]);
	expect(await linksAt(host, "two")).toHaveLength(60);
});

test("a log-in that began before the first step leads to no link, whatever step it ends between", async () => {
	const { host } = await openHouse({ brands: BRANDS });
	await link(host, "one", 30);
	let steps = 0;
	for (;;) {
		const browser = host.newBrowser({ brandId: "one" });
		const purged = await host.plugin.purgeLinks("one", { most: 10 });
		host.settings.enable("one", false);
		await throughX(browser, { accountId: ADA.id }).catch(() => undefined);
		steps += 1;
		if (purged?.isDone) {
			break;
		}
	}

	expect(steps).toBe(4);
	expect(await linksAt(host, "one")).toEqual([]);
});

test("without a step all is deleted in one call, which says how much that was", async () => {
	const { host } = await openHouse({ brands: BRANDS });
	await link(host, "one", PEOPLE);

	expect(await host.plugin.purgeLinks("one")).toEqual({ removed: PEOPLE, isDone: true });
	expect(await linksAt(host, "one")).toEqual([]);
});

test("a handle that changes while a step deletes its link is deleted with the next step", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let change = async (): Promise<void> => {};
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		take: (key) => inner.take(key),
		list: (prefix, options) => inner.list(prefix, options),
		commit: async (commit) => {
			const isPurge = commit.deletes?.some((key) => key.includes("link"));
			await (isPurge ? change() : undefined);
			return inner.commit(commit);
		},
	};
	const { host } = await openHouse({ brands: BRANDS, clock, storage });
	await link(host, "one", 3);
	change = async () => {
		change = async () => {};
		const key = ["plugin", "x-login", "link", "one", "x:1001"];
		const entry = (await inner.get(key)) ?? expect.fail("no link");
		await inner.commit({ sets: [{ key, value: { ...Object(entry.value), handle: "new" } }] });
	};

	expect(await host.plugin.purgeLinks("one", { most: 10 })).toEqual({ removed: 0, isDone: false });
	expect(await host.plugin.purgeLinks("one", { most: 10 })).toEqual({ removed: 3, isDone: false });
	expect(await host.plugin.purgeLinks("one", { most: 10 })).toEqual({ removed: 0, isDone: true });
	expect(await linksAt(host, "one")).toEqual([]);
});
