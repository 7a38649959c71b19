import { expect, test } from "vitest";
import type { HostStorage, StorageEntry } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";

const BRANDS = [mockBrand("one"), mockBrand("two", { baseUrl: "http://127.0.0.1:8081" })];

async function everything(storage: HostStorage): Promise<StorageEntry[]> {
	const entries: StorageEntry[] = [];
	let cursor: string | undefined;
	do {
		const page = await storage.list([], cursor === undefined ? {} : { cursor });
		entries.push(...page.entries);
		cursor = page.cursor;
	} while (cursor !== undefined);
	return entries;
}

function accountsAtX(count: number) {
	return Array.from({ length: count }, (_, index) => ({
		id: String(1000 + index),
		screenName: `person_${index}`,
		name: `Person ${index}`,
		email: `person-${index}@example.com`,
	}));
}

/** Signs up at a brand with an account at X, or connects it to an account there. */
async function comeIn(host: MockHost, brandId: string, accountId: string, userId?: string) {
	const browser = host.newBrowser({ brandId });
	if (userId !== undefined) {
		const email = host.users.all().find(({ id }) => id === userId)?.email ?? "";
		browser.logIn(email, "password");
	}
	const page = userId === undefined ? "login" : "account";
	const response = await throughX(browser, { accountId, page });
	return "userId" in response ? response.userId : titleOf(response);
}

test("142 people, 31 of them without another way in, are counted once each, and nobody else is counted", async () => {
	const people = accountsAtX(146);
	const { host } = await openHouse({ brands: BRANDS, accounts: people });
	const ids: string[] = [];
	for (const { id } of people.slice(0, 142)) {
		ids.push(await comeIn(host, "one", id));
	}
	for (const id of ids.slice(31)) {
		host.users.change(id, { hasOtherWayIn: true, password: "password" });
	}
	const links = (await host.storage.list(["link", "one"], { limit: 1000 })).entries;
	const more = links.slice(0, 2).map(({ value }, index) => ({
		userId: (value as { userId: string }).userId,
		identityId: `x:${5000 + index}`,
	}));
	const stored = { handle: "second", linkedAt: 0 };
	await host.storage.commit({
		sets: [
			// Not counted: a second X account of the same people, a sign-up that crashed.
			...more.flatMap(({ userId, identityId }) => [
				{ key: ["link", "one", identityId], value: { ...stored, userId, creationKey: null } },
				{ key: ["links-of-user", userId, identityId], value: { ...stored, brandId: "one" } },
			]),
			{ key: ["link", "one", "x:1"], value: { ...stored, userId: null, creationKey: "key" } },
		],
	});
	const gone = await comeIn(host, "one", "1143");
	host.users.change(gone, undefined);
	await comeIn(host, "two", "1144");

	const [one, two] = (await host.plugin.describeImpact({ kind: "deactivate" })).brands;
	expect(one).toMatchObject({ brandId: "one", people: 142 });
	expect([...(one?.strandedUserIds ?? [])].sort()).toEqual(ids.slice(0, 31).sort());
	expect(two).toMatchObject({ brandId: "two", people: 1 });
	expect(await host.plugin.describeImpact({ kind: "uninstall" })).toEqual({ brands: [one, two] });
	expect(await host.plugin.describeImpact({ kind: "switch-off", brandId: "two" })).toEqual({
		brands: [two],
	});
	expect(await host.plugin.describeImpact({ kind: "switch-off", brandId: "none" })).toEqual({
		brands: [],
	});
});

test("a purge deletes everything of X at its brand, log-ins under way included, and nothing at the other brand", async () => {
	const { host } = await openHouse({ brands: BRANDS });
	await comeIn(host, "one", ADA.id);
	await comeIn(host, "two", ADA.id);
	const asked = host.newBrowser({ brandId: "one" });
	expect(titleOf(await throughX(asked, { accountId: NO_EMAIL.id }))).toContain("e-mail address");
	const atX = host.newBrowser({ brandId: "one" });
	const callback = await approveAtX(await goToX(atX), { accountId: ADA.id });
	const stored = { handle: "lost", linkedAt: 0 };
	await host.storage.commit({
		sets: [
			{ key: ["link", "one", "x:7"], value: { ...stored, userId: null, creationKey: "key" } },
			{ key: ["links-of-user", "user", "x:8"], value: { ...stored, brandId: "one" } },
		],
	});
	const before = await host.plugin.describeImpact({ kind: "switch-off", brandId: "two" });

	host.settings.enable("one", false);
	await host.plugin.purgeLinks("one");

	const left = JSON.stringify(
		(await everything(host.storage)).filter(
			({ key, value }) => !JSON.stringify([key, value]).includes('"two"'),
		),
	);
	expect(left).not.toMatch(/x:\d|"handle":|nomail|"ada"/);
	expect(await host.plugin.describeImpact({ kind: "deactivate" })).toEqual(before);
	expect(before.brands).toMatchObject([{ brandId: "two", people: 1 }]);

	// Visitors with a log-in under way get no further. They can start again once the log-in is on again.
	expect(await atX.openCallback(callback)).toMatchObject({ code: "not-available" });
	expect((await host.storage.list(["link", "one"])).entries).toEqual([]);
	host.settings.enable("one");
	expect(await asked.submit("email", { email: "a@example.com" })).toMatchObject({
		code: "form-expired",
	});
	host.users.change(host.users.all().find(({ brandId }) => brandId === "one")?.id ?? "", undefined);
	expect(await throughX(atX, { accountId: ADA.id })).toMatchObject({ kind: "signed-up" });
});

test.each([
	["before its link is reserved", 1],
	["before its link is confirmed", 2],
])("a purge %s leaves no half of a link", async (_, purgeBefore) => {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	let writes = 0;
	let purge: () => Promise<unknown> = async () => {};
	const storage: HostStorage = {
		get: (key) => memory.get(key),
		take: (key) => memory.take(key),
		list: (prefix, options) => memory.list(prefix, options),
		commit: async (commit) => {
			if (commit.sets?.some(({ key }) => key.includes("link"))) {
				writes += 1;
				if (writes === purgeBefore) {
					await purge();
				}
			}
			return memory.commit(commit);
		},
	};
	const { host } = await openHouse({ clock, storage });
	purge = () => host.plugin.purgeLinks("brand");

	const response = await throughX(host.newBrowser(), { accountId: ADA.id });

	expect(writes).toBe(purgeBefore);
	expect(response).toMatchObject({ kind: "refused", code: "sign-up-refused" });
	expect(JSON.stringify(await everything(memory))).not.toMatch(/x:\d|"ada"/);
});

test("100 log-ins during a purge leave whole links or none", async () => {
	const people = accountsAtX(100);
	const { host } = await openHouse({ accounts: people });
	const comings = people.map(async ({ id }, index) => {
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser), { accountId: id });
		if (index % 25 === 0) {
			await host.plugin.purgeLinks("brand");
		}
		await browser.openCallback(callback);
	});
	await Promise.all(comings);

	const halves = async (kind: string) =>
		(await host.storage.list([kind], { limit: 1000 })).entries.map(({ key }) => key.at(-1)).sort();
	expect(await halves("link")).toEqual(await halves("links-of-user"));
});

test("uninstalling keeps everything, or leaves no data that identifies anybody", async () => {
	const { host } = await openHouse({ brands: BRANDS });
	await comeIn(host, "one", ADA.id);
	await throughX(host.newBrowser({ brandId: "two" }), { accountId: NO_EMAIL.id });
	await goToX(host.newBrowser({ brandId: "two" }));
	const before = await everything(host.storage);

	await host.plugin.onUninstall("keep");
	expect(await everything(host.storage)).toEqual(before);

	await host.plugin.onUninstall("purge");
	expect((await everything(host.storage)).map(({ key, value }) => ({ key, value }))).toEqual([
		{ key: ["brand-epoch", "one"], value: null },
		{ key: ["brand-epoch", "two"], value: null },
	]);
	host.clock.advance(60 * 60_000);
	expect(await everything(host.storage)).toEqual([]);
});
