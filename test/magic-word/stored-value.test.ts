import { beforeAll, expect, test } from "vitest";
import type { MockHost } from "x-login/testing";
import { buildMagicWord, logIn, openHouse, userIdOf } from "./open-house.ts";

/** A value that no version of the plugin stores. */
const BROKEN = { canary: true };

let zip: Uint8Array;

beforeAll(async () => {
	({ zip } = await buildMagicWord());
});

/** Replaces all stored values of a kind with an unreadable one. */
async function breakAll({ storage }: MockHost, kind: string): Promise<void> {
	const { entries } = await storage.list([kind]);
	expect(entries).not.toEqual([]);
	await storage.commit({ sets: entries.map(({ key }) => ({ key, value: BROKEN })) });
}

async function valuesOf({ storage }: MockHost, kind: string): Promise<unknown[]> {
	return (await storage.list([kind])).entries.map(({ value }) => value);
}

test.each(["nickname", "guesses"])(
	"a log-in that meets a broken value of %s fails, and the value stays",
	async (kind) => {
		const host = await openHouse(zip);
		await logIn(host.newBrowser(), "ada");
		await breakAll(host, kind);

		await expect(logIn(host.newBrowser(), "ada")).rejects.toThrow(`stays as it is: ${kind}`);

		expect(await valuesOf(host, kind)).toEqual([BROKEN]);
		expect(host.users.all()).toHaveLength(1);
	},
);

test("a broken attempt is refused, and stays until it expires", async () => {
	const host = await openHouse(zip);
	const browser = host.newBrowser();
	await browser.pressButton();
	await breakAll(host, "attempt");

	await expect(browser.submitForm({ nickname: "ada" })).rejects.toThrow("stays as it is: attempt");

	expect(await valuesOf(host, "attempt")).toEqual([BROKEN]);
});

test("lists leave out broken values and report them, and a purge deletes them", async () => {
	const host = await openHouse(zip);
	const { plugin, events } = host;
	const userId = userIdOf(await logIn(host.newBrowser(), "ada"));
	await breakAll(host, "nickname");

	expect(await plugin.describeImpact({ kind: "deactivate" })).toEqual({ brands: [] });
	await breakAll(host, "nicknames-of");
	expect(await plugin.listLinkedAccounts(userId)).toEqual([]);
	await plugin.onUserDeleted(userId);

	expect(await valuesOf(host, "nickname")).toEqual([BROKEN]);
	expect(await valuesOf(host, "nicknames-of")).toEqual([BROKEN]);
	const reports = events.filter(({ name }) => name === "storage.unreadable");
	expect(new Set(reports.map(({ fields }) => fields["kind"]))).toEqual(
		new Set(["nickname", "nicknames-of"]),
	);
	await plugin.purgeLinks("acorn");
	expect(await valuesOf(host, "nickname")).toEqual([]);
});
