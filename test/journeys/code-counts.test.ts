// What is counted while visitors ask for codes and enter them: forms, a whole brand, and what is stored of it.
import { expect, test } from "vitest";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import type { HostStorage } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import type { MockBrowser } from "../../src/testing/mock-host/mock-browser.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { titleOf } from "../kit/plugin/at-x.ts";
import {
	accounts,
	alertIn,
	askForCode,
	comeFromX,
	delegating,
	FIFTH,
	FIRST,
	FOURTH,
	guess,
	hashOf,
	MINUTE,
	SECOND,
	statusOf,
	THIRD,
	WRONG,
} from "../kit/plugin/code-forms.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

test("hammering: a log-in may send 60 forms an hour, and can always be cancelled", async () => {
	const { host } = await openHouse({ accounts });
	const browser = await comeFromX(host, FIRST);
	for (let sent = 1; sent <= 60; sent += 1) {
		browser.clientAddress = `192.0.2.${sent}`;
		expect(statusOf(await browser.submit("email", { email: "none" }))).toBe(400);
	}

	const refused = await browser.submit("email", { email: "ada@example.com" });

	expect(statusOf(refused)).toBe(429);
	// The log-in is over before more forms are allowed, so the page promises no time.
	expect(alertIn(refused)).toBe(
		"You have sent this form too often. Press “Cancel” and start again.",
	);
	expect(host.mail.sent).toEqual([]);
	expect(await browser.submit("cancel")).toMatchObject({ kind: "cancelled" });
});

test("hammering: a network may send 300 forms an hour, and another one is not affected", async () => {
	const { host } = await openHouse({ accounts });
	for (const account of [FIRST, SECOND, THIRD, FOURTH, FIFTH]) {
		const browser = await comeFromX(host, account);
		for (let sent = 1; sent <= 60; sent += 1) {
			expect(statusOf(await browser.submit("email", { email: "none" }))).toBe(400);
		}
	}
	const browser = await comeFromX(host, FIRST);

	const refused = await browser.submit("email", { email: "ada@example.com" });

	expect(statusOf(refused)).toBe(429);
	expect(alertIn(refused)).toContain("People in your network have sent this form too often");
	expect(host.mail.sent).toEqual([]);
	expect(await browser.submit("cancel")).toMatchObject({ kind: "cancelled" });
	await askForCode(host, FIRST, "ada@example.com", { network: "198.51.100.1" });
});

test.each([
	["letters", (browser: MockBrowser) => browser.submit("send-code")],
	["wrong-codes", (browser: MockBrowser) => browser.submit("code", { code: WRONG })],
])(
	"an attack on a whole brand is reported once an hour, and refuses nobody: %s",
	async (what, act) => {
		const { host } = await openHouse({ accounts });
		const browser = await askForCode(host, FIRST, "new@example.com");
		const until = host.clock.now() + 60 * MINUTE;
		const key = ["code-counts", `${what}-of-brand`, hashOf("brand")];
		await host.storage.commit({ sets: [{ key, value: { count: 199, until }, expiresAt: until }] });
		const reports = () => host.events.filter(({ name }) => name === "codes.many");
		expect(reports()).toEqual([]);

		await act(browser);
		await act(browser);

		const report = { level: "warn", brandId: "brand", fields: { what, count: 200 } };
		expect(reports()).toMatchObject([report]);
		expect((await host.storage.get(key))?.value).toEqual({ count: 200, until });
		await act(browser);
		expect((await host.storage.get(key))?.value).toEqual({ count: 200, until });
		expect(JSON.stringify(reports())).not.toMatch(/example|x:\d|nobody/);
		expect(titleOf(browser.seen as LoginResponse)).toBe("Enter the code");
		host.clock.advance(60 * MINUTE);
		await host.storage.commit({
			sets: [{ key, value: { count: 199, until: until + 60 * MINUTE } }],
		});
		await act(await askForCode(host, SECOND, "other@example.com"));
		expect(reports()).toHaveLength(2);
	},
);

test("the count of a brand makes no visitor wait for another: it is written once, or left out", async () => {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let tries = 0;
	const commit: HostStorage["commit"] = async (change) => {
		const isBrands = change.sets?.some(({ key }) => key.includes("letters-of-brand")) === true;
		tries += isBrands ? 1 : 0;
		return isBrands ? false : inner.commit(change);
	};
	const storage = { ...delegating(inner), commit };
	const { host } = await openHouse({ accounts, clock, storage });

	await askForCode(host, FIRST, "new@example.com");

	expect(host.mail.sent).toHaveLength(1);
	expect(tries).toBe(1);
});

test("counts hold no address, network, brand or X id, and end after an hour", async () => {
	const { host } = await openHouse({ accounts });
	await guess(await askForCode(host, FIRST, "new@example.com"), 1);

	const { entries } = await host.storage.list(["code-counts"], { limit: 100 });

	expect(new Set(entries.map(({ key }) => key[1]))).toEqual(
		new Set([
			...["letters-of-network", "letters-of-account", "letters-of-address", "letters-of-brand"],
			...["guesses-of-network", "guesses-of-account", "wrong-codes-of-brand"],
			...["forms-of-network", "forms-of-log-in"],
		]),
	);
	expect(JSON.stringify(entries)).not.toMatch(/example|192\.0|x:|100|nobody/);
	host.clock.advance(60 * MINUTE);
	expect((await host.storage.list(["code-counts"])).entries).toEqual([]);
});

test("deletion: the counts of a user's X account and address are forgotten, and nobody else's", async () => {
	const { host } = await openHouse({ accounts });
	const counted = async () =>
		(await host.storage.list(["code-counts"], { limit: 100 })).entries
			.map(({ key }) => key[1])
			.filter((what) => what?.endsWith("-of-account") || what?.endsWith("-of-address"))
			.sort();
	const browser = await askForCode(host, FIRST, "ada@example.com");
	await browser.submit("code", { code: host.mail.codeFor("ada@example.com") });
	await askForCode(host, SECOND, "ada@example.com");
	await askForCode(host, THIRD, "bea@example.com");
	const ofStrangers = ["letters-of-account", "letters-of-account"];
	expect(await counted()).toEqual([
		"guesses-of-account",
		...["letters-of-account", ...ofStrangers],
		...["letters-of-address", "letters-of-address", "letters-of-address"],
	]);

	await host.plugin.onUserDeleted(browser.currentUserId ?? "");

	expect(await counted()).toEqual([...ofStrangers, "letters-of-address"]);
	await host.plugin.purgeLinks("brand");
	expect(await counted()).toEqual(["letters-of-address"]);
	await host.plugin.onUninstall("purge");
	expect((await host.storage.list(["code-counts"])).entries).toEqual([]);
});
