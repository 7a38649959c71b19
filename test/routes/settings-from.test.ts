import { inspect } from "node:util";
import { expect, test } from "vitest";
import { secret } from "../../src/contract/secret.ts";
import type { SettingsSchema } from "../../src/contract/settings-schema.ts";
import { type StoredBrandSettings, settingsFrom } from "../../src/routes/settings-from.ts";

const SCHEMA: SettingsSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
	properties: {
		motto: { type: "string", default: "none" },
		greeting: { type: "string" },
		rooms: { type: "integer" },
		quiet: { type: "boolean" },
		key: { type: "string", writeOnly: true },
		spare: { type: "string", writeOnly: true },
	},
};
const CANARY = "canary-of-a-secret";

const portsFor = (stored: StoredBrandSettings | undefined) => settingsFrom(SCHEMA, () => stored);

test("a brand without settings has the schema's defaults and is off", async () => {
	const { settings, secrets } = portsFor(undefined);

	expect(await settings.read("acorn")).toMatchObject({
		enabled: false,
		values: { motto: "none" },
		sources: { motto: "schema" },
	});
	expect(await secrets.has("acorn", "key")).toBe(false);
});

test("the brand's own settings come before those of all brands, and each names its source", async () => {
	const { settings, secrets } = portsFor({
		enabled: true,
		values: { motto: "own", rooms: 0, quiet: null, unknown: "left out" },
		secrets: { key: CANARY },
		allBrands: {
			values: { motto: "for all", greeting: "hello", quiet: false },
			secrets: { key: "for all", spare: secret("for all") },
		},
	});

	expect(await settings.read("acorn")).toMatchObject({
		enabled: true,
		values: { motto: "own", greeting: "hello", rooms: 0, quiet: false },
		sources: { motto: "brand", greeting: "default", rooms: "brand", quiet: "default" },
	});
	expect((await secrets.get("acorn", "key"))?.reveal()).toBe(CANARY);
	expect((await secrets.get("acorn", "spare"))?.reveal()).toBe("for all");
});

test("a secret is in no settings and does not print, even where it is stored among the values", async () => {
	const { settings, secrets } = portsFor({
		enabled: true,
		values: { key: CANARY },
		secrets: { key: CANARY, motto: CANARY },
	});
	const read = await settings.read("acorn");
	const key = await secrets.get("acorn", "key");

	expect(Object.keys(read.values)).toEqual(["motto"]);
	expect(`${inspect(read)} ${inspect(key)} ${JSON.stringify({ read, key })} ${key}`).not.toContain(
		CANARY,
	);
});

test.each(["motto", "nothing", "", "constructor", "toString", "__proto__"])(
	"there is no secret %j",
	async (name) => {
		const { secrets } = portsFor({ enabled: true, secrets: { motto: CANARY } });

		expect(await secrets.get("acorn", name)).toBeUndefined();
		expect(await secrets.has("acorn", name)).toBe(false);
	},
);

test("the version changes with every setting, secret and switch, and with nothing else", async () => {
	const states: StoredBrandSettings[] = [
		{ enabled: false },
		{ enabled: true },
		{ enabled: true, values: { motto: "none" } },
		{ enabled: true, values: { motto: "own" } },
		{ enabled: true, allBrands: { values: { motto: "own" } } },
		{ enabled: true, secrets: { key: "one" } },
		{ enabled: true, secrets: { key: "two" } },
		{ enabled: true, secrets: { spare: "two" } },
		{ enabled: true, allBrands: { secrets: { spare: "three" } } },
	];
	const versionOf = async (stored: StoredBrandSettings) =>
		(await portsFor(stored).settings.read("acorn")).version;
	const versions = await Promise.all(states.map(versionOf));

	expect(new Set(versions).size).toBe(states.length);
	expect(await Promise.all(states.map((each) => versionOf(structuredClone(each))))).toEqual(
		versions,
	);
	expect(versions.join()).not.toMatch(/one|two|three/);
});

test.each([
	["rooms", "3", "string", "integer"],
	["rooms", 1.5, "number", "integer"],
	["quiet", "false", "string", "boolean"],
	["motto", 1, "number", "string"],
])(
	"a stored %s of another type is an error that does not show its value",
	async (name, value, is, should) => {
		const { settings } = portsFor({ enabled: true, values: { [name]: value } });

		await expect(settings.read("acorn")).rejects.toThrow(
			new TypeError(
				`the stored setting "${name}" is a ${is}, and the plugin's schema says ${should}; store it as ${should}`,
			),
		);
	},
);
