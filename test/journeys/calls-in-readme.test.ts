// The calls in the plugin's README, which it shows beside their price, are those that X counts.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { throughX } from "../kit/plugin/at-x.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

interface Calls {
	readonly new: number;
	readonly returning: number;
}

/** The calls of a log-in, from the file that the README's table is made of. */
async function callsBy(protocol: string): Promise<Calls | undefined> {
	const file = new URL("../../src/plugin/log-in-costs.json", import.meta.url);
	const { protocols } = JSON.parse(await readFile(file, "utf8"));
	return protocols.find((each: { readonly protocol: string }) => each.protocol === protocol)?.calls;
}

test.each(["oauth1", "oauth2"] as const)(
	"the README shows the calls of a log-in by %s",
	async (protocol) => {
		const { host, fakeX } = await openHouse({ protocol });
		const browser = host.newBrowser();
		fakeX.resetStats();

		expect(await throughX(browser)).toMatchObject({ kind: "signed-up" });
		const first = fakeX.stats().total;
		browser.signOut();
		expect(await throughX(browser)).toMatchObject({ kind: "signed-in" });

		const calls: Calls = { new: first, returning: fakeX.stats().total - first };
		expect(await callsBy(protocol)).toEqual(calls);
	},
);
