// What a plugin says its log-ins cost: an export that helpdesks of contract 1.0 do not read.
import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";

const PRICES = {
	currency: "EUR",
	source: "about",
	readOn: "2026-08-22",
	protocols: [{ protocol: "saml", name: "SAML", perPersonAndDay: 0.5 }],
};
const [PRICE] = PRICES.protocols;

function load(code: string) {
	const main = `export const createPlugin = () => ({ onActivate: async () => ({ state: "ready" }) });\n`;
	return loadPlugin(packArchive(tinyPlugin({ "main.mjs": `${main}${code}` })));
}

const exported = (prices: unknown) => load(`export const logInPrices = ${JSON.stringify(prices)};`);

test("a loaded plugin has a copy of the prices that its module exports", async () => {
	const { logInPrices } = await load(
		`export const logInPrices = { ...${JSON.stringify(PRICES)}, get extra() { return 1; } };`,
	);

	expect(logInPrices).toEqual({ ...PRICES, extra: 1 });
});

test("a plugin of contract 1.0 has no prices", async () => {
	expect((await load("")).logInPrices).toBeUndefined();
});

test.each([
	["no object", "free", "the top level must be object"],
	["null", null, "the top level must be object"],
	["a currency that is none", { ...PRICES, currency: "dollars" }, "/currency must match pattern"],
	["a source that is no text", { ...PRICES, source: 1 }, "/source must be string"],
	["a day that is none", { ...PRICES, readOn: "2026-22-08" }, "/readOn must match pattern"],
	["no protocol", { ...PRICES, protocols: [] }, "/protocols must NOT have fewer than 1 items"],
	[
		"a price below zero",
		{ ...PRICES, protocols: [{ ...PRICE, perPersonAndDay: -1 }] },
		"/protocols/0/perPersonAndDay must be >= 0",
	],
	[
		"a price in words",
		{ ...PRICES, protocols: [{ ...PRICE, perPersonAndDay: "0.5" }] },
		"/protocols/0/perPersonAndDay must be number,null",
	],
	[
		"a protocol that no event can have",
		{ ...PRICES, protocols: [{ ...PRICE, protocol: "SAML 2" }] },
		"/protocols/0/protocol must match pattern",
	],
])("prices with %s are refused", async (_, prices, problem) => {
	await expect(exported(prices)).rejects.toThrow(`its export logInPrices: ${problem}`);
});

test("prices that are no plain data are refused", async () => {
	await expect(load("export const logInPrices = [1n];")).rejects.toThrow(
		"its export logInPrices is not plain data",
	);
});

test.each(["nowhere", "__proto__", "toString"])(
	"prices whose source is %s, a text that the plugin does not have, are refused",
	async (source) => {
		await expect(exported({ ...PRICES, source })).rejects.toThrow(
			`its export logInPrices names the text "${source}", which its locales do not have`,
		);
	},
);
