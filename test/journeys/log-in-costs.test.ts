import { describe, expect, test } from "vitest";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { NO_EMAIL, openHouse, type ProtocolSetting } from "../kit/plugin/open-house.ts";
import { CountingStorage } from "../kit/storage/counting-storage.ts";

type House = Awaited<ReturnType<typeof openCountedHouse>>;

async function openCountedHouse(protocol: ProtocolSetting = "oauth1") {
	const clock = new MockClock();
	// The first two parts are the namespace of the plugin.
	const storage = new CountingStorage(new MemoryStorage(clock), (key) => key[2] ?? "");
	const { host, fakeX } = await openHouse({ clock, storage, protocol });
	/** The calls to X and the storage operations since the last call of this function. */
	const costs = () => {
		const calls = Object.entries(fakeX.stats().calls).filter(([, count]) => count > 0);
		fakeX.resetStats();
		return { calls: Object.fromEntries(calls), storage: storage.costsSoFar().counts };
	};
	return { host, costs };
}

/** Opens a callback. @returns the cost of the callback alone. */
async function costsOfCallback(
	{ costs }: House,
	browser: MockBrowser,
	callback: string,
	expected: object,
): Promise<ReturnType<House["costs"]>> {
	costs();
	expect(await browser.openCallback(callback)).toMatchObject(expected);
	return costs();
}

// These figures are version 0.1.0's, but those of a forged callback. A change of one of them is a decision, never a side
// effect.

test("the button costs one call to X and one commit", async () => {
	const { host, costs } = await openCountedHouse();

	await goToX(host.newBrowser());

	expect(costs()).toEqual({ calls: { request_token: 1 }, storage: { "commit pending": 1 } });
});

// Since 0.3.0 one read more: the account may have been claimed since a crash interrupted its sign-up.
test("the callback of a new visitor costs two calls to X, seven reads and three commits", async () => {
	const house = await openCountedHouse();
	const browser = house.host.newBrowser();
	const callback = await approveAtX(await goToX(browser));

	expect(await costsOfCallback(house, browser, callback, { kind: "signed-up" })).toEqual({
		calls: { access_token: 1, verify_credentials: 1 },
		storage: {
			"take pending": 1,
			"get link": 3,
			"get profiles": 1,
			"commit profiles": 1,
			"get brand-epoch": 1,
			"commit brand-epoch link": 1,
			"get link-epoch": 1,
			"commit link link-epoch links-of-user": 1,
		},
	});
});

test("the callback of a returning visitor costs one call to X and two reads", async () => {
	const house = await openCountedHouse();
	const browser = house.host.newBrowser();
	await throughX(browser);
	browser.signOut();
	const callback = await approveAtX(await goToX(browser));

	expect(await costsOfCallback(house, browser, callback, { kind: "signed-in" })).toEqual({
		calls: { access_token: 1 },
		storage: { "take pending": 1, "get link": 1 },
	});
});

test("a denied callback costs one read", async () => {
	const house = await openCountedHouse();
	const browser = house.host.newBrowser();
	const callback = await cancelAtX(await goToX(browser));

	expect(await costsOfCallback(house, browser, callback, { kind: "cancelled" })).toEqual({
		calls: {},
		storage: { "take pending": 1 },
	});
});

test("a forged callback is counted: it costs no call to X, one read, and a commit if it is among the first 20 of its network", async () => {
	const house = await openCountedHouse();
	const visitor = house.host.newBrowser();
	const callback = await approveAtX(await goToX(house.host.newBrowser()));
	const refused = { kind: "refused", code: "unknown-login" };
	const recorded = { "get strays": 1, "commit strays": 1 };

	expect(await costsOfCallback(house, visitor, callback, refused)).toEqual({
		calls: {},
		storage: recorded,
	});

	await goToX(visitor);
	expect(await costsOfCallback(house, visitor, callback, refused)).toEqual({
		calls: {},
		storage: { "take pending": 1, ...recorded },
	});

	const stranger = house.host.newBrowser();
	for (let each = 2; each < 20; each += 1) {
		await stranger.openCallback(callback);
	}
	expect(await costsOfCallback(house, stranger, callback, refused)).toEqual({
		calls: {},
		storage: { "get strays": 1 },
	});
});

describe("under OAuth 2.0", () => {
	/** A house whose app has worked before. */
	async function openKnownHouse() {
		const house = await openCountedHouse("oauth2");
		await throughX(house.host.newBrowser(), { accountId: NO_EMAIL.id });
		house.costs();
		return house;
	}

	// As long as nobody has come back, the log-ins that begin are counted: a wrong Client ID ends on X's own page.
	test("the button of an app that nobody has come back from costs no call, two reads and two commits", async () => {
		const { host, costs } = await openCountedHouse("oauth2");
		await goToX(host.newBrowser());
		expect(costs()).toEqual({
			calls: {},
			storage: { "get oauth2": 2, "commit oauth2": 1, "commit pending": 1 },
		});
	});

	test("the button costs no call, one read and one commit", async () => {
		const { host, costs } = await openKnownHouse();
		await goToX(host.newBrowser());
		expect(costs()).toEqual({ calls: {}, storage: { "get oauth2": 1, "commit pending": 1 } });
	});

	test("the callback of a new visitor costs two calls to X, seven reads and three commits", async () => {
		const house = await openKnownHouse();
		const browser = house.host.newBrowser();
		const callback = await approveAtX(await goToX(browser));

		expect(await costsOfCallback(house, browser, callback, { kind: "signed-up" })).toEqual({
			calls: { oauth2_token: 1, users_me: 1 },
			storage: {
				"take pending": 1,
				"get link": 3,
				"get profiles": 1,
				"commit profiles": 1,
				"get brand-epoch": 1,
				"commit brand-epoch link": 1,
				"get link-epoch": 1,
				"commit link link-epoch links-of-user": 1,
			},
		});
	});

	test("the callback of a returning visitor costs two calls to X and two reads", async () => {
		const house = await openKnownHouse();
		const browser = house.host.newBrowser();
		await throughX(browser);
		browser.signOut();
		const callback = await approveAtX(await goToX(browser));

		expect(await costsOfCallback(house, browser, callback, { kind: "signed-in" })).toEqual({
			calls: { oauth2_token: 1, users_me: 1 },
			storage: { "take pending": 1, "get link": 1 },
		});
	});

	test("a denied callback costs one read", async () => {
		const house = await openKnownHouse();
		const browser = house.host.newBrowser();
		const callback = await cancelAtX(await goToX(browser));

		expect(await costsOfCallback(house, browser, callback, { kind: "cancelled" })).toEqual({
			calls: {},
			storage: { "take pending": 1 },
		});
	});
});
