import { expect, test, vi } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import type { SettingsSchema } from "../../../src/contract/settings-schema.ts";
import { ALL_BRANDS, PluginSettings } from "../../../src/helpdesk/settings/plugin-settings.ts";
import { STORED_SETTINGS } from "../../../src/helpdesk/settings/stored-settings.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { readEntry, UnreadableValueError } from "../../../src/storage/stored-value.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

const SCHEMA: SettingsSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
	properties: {
		name: { type: "string" },
		mode: { type: "string", enum: ["a", "b"], default: "a" },
		token: { type: "string", writeOnly: true },
	},
	required: ["name", "token"],
};
const OLD = cryptoRandom.bytes(32);
const NEW = cryptoRandom.bytes(32);
const LONG_SECRET = "a-long-secret-that-ends-in-WXYZ";

const reported: string[] = [];

function open(
	keys = [OLD],
	clock = new MockClock(),
	storage = new MemoryStorage(clock),
	schema = SCHEMA,
) {
	const settings = new PluginSettings(storage, schema, new Vault(keys), clock, (what, error) =>
		reported.push(`${what}: ${error}`),
	);
	return { settings, clock, storage };
}

test("a brand has the settings of all brands until it has its own, and each value names its source", async () => {
	const { settings } = open();
	await settings.save(ALL_BRANDS, { values: { name: "all", mode: "b" }, secrets: {} });
	await settings.save("acorn", { values: { name: "own" }, secrets: {} });

	expect(await settings.read("acorn")).toMatchObject({
		values: { name: "own", mode: "b" },
		sources: { name: "brand", mode: "default" },
	});
	expect(await settings.read("harbor")).toMatchObject({
		values: { name: "all", mode: "b" },
		sources: { name: "default", mode: "default" },
	});
	expect(await open().settings.read("acorn")).toMatchObject({
		values: { mode: "a" },
		sources: { mode: "schema" },
	});
});

test("the version changes with the brand's settings and with those of all brands, and otherwise not", async () => {
	const { settings } = open();
	const version = async () => (await settings.read("acorn")).version;
	const first = await version();
	await settings.save("harbor", { values: { name: "h" }, secrets: {} });
	expect(await version()).toBe(first);
	await settings.save(ALL_BRANDS, { values: {}, secrets: { token: secret("t") } });
	const second = await version();
	await settings.save("acorn", { values: {}, secrets: {} });

	expect(new Set([first, second, await version()]).size).toBe(3);
});

test("saving keeps a secret that is not named, replaces it by a text and removes it by null; a brand's own comes first", async () => {
	const { settings } = open();
	const token = async () => (await settings.get("acorn", "token"))?.reveal();
	await settings.save(ALL_BRANDS, { values: { name: "n" }, secrets: { token: secret("common") } });
	expect([await token(), await settings.isComplete("acorn")]).toEqual(["common", true]);
	await settings.save("acorn", { values: {}, secrets: { token: secret("own") } });
	await settings.save("acorn", { values: {}, secrets: {} });
	expect(await token()).toBe("own");
	await settings.save("acorn", { values: {}, secrets: { token: secret("other") } });
	expect(await token()).toBe("other");
	await settings.save("acorn", { values: {}, secrets: { token: null } });
	expect(await token()).toBe("common");
	await settings.save(ALL_BRANDS, { values: { name: "n" }, secrets: { token: null } });
	expect([await token(), await settings.isComplete("acorn")]).toEqual([undefined, false]);
});

test("a secret shows its date and its end, and a short one only its date", async () => {
	const { settings, clock, storage } = open();
	await settings.save("acorn", { values: {}, secrets: { token: secret(LONG_SECRET) } });

	expect(await settings.secretState("acorn", "token")).toEqual({
		source: "brand",
		setAt: clock.now(),
		ends: "WXYZ",
		readable: true,
	});
	expect(JSON.stringify((await storage.list([])).entries)).not.toContain("WXYZ");
	await settings.save("acorn", { values: {}, secrets: { token: secret("short") } });
	expect(await settings.secretState("acorn", "token")).toMatchObject({ ends: "" });
});

test("a key is rotated while both keys are there: nothing is lost, and the old key can be removed", async () => {
	const { settings, clock, storage } = open([OLD]);
	await settings.save("acorn", { values: {}, secrets: { token: secret(LONG_SECRET) } });

	const both = open([NEW, OLD], clock, storage).settings;
	expect((await both.get("acorn", "token"))?.reveal()).toBe(LONG_SECRET);
	expect(await open([NEW], clock, storage).settings.get("acorn", "token")).toBeUndefined();
	expect(reported.join()).toContain("Put the old key back");
	await both.reseal();

	const alone = open([NEW], clock, storage).settings;
	expect((await alone.get("acorn", "token"))?.reveal()).toBe(LONG_SECRET);
	expect(await alone.secretState("acorn", "token")).toMatchObject({ ends: "WXYZ" });
});

test("a secret that no key opens is kept, shown as stored, and can be replaced", async () => {
	const { settings, clock, storage } = open([OLD]);
	await settings.save("acorn", { values: {}, secrets: { token: secret(LONG_SECRET) } });
	const other = open([NEW], clock, storage).settings;

	await other.reseal();
	expect(await other.secretState("acorn", "token")).toMatchObject({ ends: "", readable: false });
	expect((await settings.get("acorn", "token"))?.reveal()).toBe(LONG_SECRET);
	await other.save("acorn", { values: {}, secrets: { token: secret("again") } });
	expect((await other.get("acorn", "token"))?.reveal()).toBe("again");
});

test("reading a brand's settings and secret at once reads the storage once, and the next read sees a save", async () => {
	const { settings, storage } = open();
	await settings.save("acorn", { values: {}, secrets: { token: secret("before") } });
	const get = vi.spyOn(storage, "get");

	const [{ version }, before] = await Promise.all([
		settings.read("acorn"),
		settings.get("acorn", "token"),
	]);
	expect(before?.reveal()).toBe("before");
	expect(get.mock.calls.filter(([key]) => key.at(-1) === "acorn")).toHaveLength(1);

	await settings.save("acorn", { values: {}, secrets: { token: secret("after") } });
	expect((await settings.get("acorn", "token"))?.reveal()).toBe("after");
	expect((await settings.read("acorn")).version).not.toBe(version);
});

test.each([
	["not an object", "on"],
	["a switch that is not a boolean", { enabled: "yes", values: {}, secrets: {} }],
	["values that are not an object", { enabled: true, values: ["n"], secrets: {} }],
	["a value that no setting has", { enabled: true, values: { name: null }, secrets: {} }],
	["a secret that is not sealed", { enabled: true, values: {}, secrets: { token: "plain" } }],
])("broken settings (%s) are refused, reported and kept as they are", async (_, value) => {
	const { settings, storage } = open([NEW, OLD]);
	await storage.commit({ sets: [{ key: ["acorn"], value }] });
	const planted = JSON.stringify(await storage.get(["acorn"]));
	const old = open([OLD], new MockClock(), storage).settings;
	await old.save("harbor", { values: { name: "h" }, secrets: { token: secret(LONG_SECRET) } });
	reported.length = 0;

	const refused = new UnreadableValueError("plugin-settings");
	await expect(settings.read("acorn")).rejects.toThrow(refused);
	await expect(settings.get("acorn", "token")).rejects.toThrow(refused);
	await expect(settings.save("acorn", { values: {}, secrets: {} })).rejects.toThrow(refused);
	await expect(settings.enable("acorn", true)).rejects.toThrow(refused);
	await settings.reseal();

	expect(reported).toEqual([expect.stringContaining("a value under plugin-settings")]);
	expect(JSON.stringify(await storage.get(["acorn"]))).toBe(planted);
	const newest = open([NEW], new MockClock(), storage).settings;
	expect((await newest.get("harbor", "token"))?.reveal()).toBe(LONG_SECRET);
});

test("saving and sealing again keep what this version of the plugin does not know", async () => {
	const { settings, clock, storage } = open();
	await settings.save("acorn", { values: { name: "own", mode: "b" }, secrets: {} });
	const token = { ...(await sealedToken()), hint: "of a later version" };
	const later = { enabled: true, values: { name: "own", region: "eu" }, secrets: { token } };
	await storage.commit({ sets: [{ key: ["acorn"], value: later }] });

	await settings.save("acorn", { values: { mode: "a" }, secrets: {} });
	await open([NEW, OLD], clock, storage).settings.reseal();

	expect((await storage.get(["acorn"]))?.value).toEqual({
		enabled: true,
		values: { mode: "a", region: "eu" },
		secrets: { token: { ...token, sealed: expect.not.stringContaining(token.sealed) } },
	});
	expect((await settings.read("acorn")).values).toEqual({ mode: "a" });
});

/** A secret as version 0.1.0 stores it. */
async function sealedToken(): Promise<{ readonly sealed: string; readonly setAt: number }> {
	const { settings, storage } = open();
	await settings.save("acorn", { values: {}, secrets: { token: secret(LONG_SECRET) } });
	const entry = await storage.get(["acorn"]);
	const { token } = entry === undefined ? {} : readEntry(entry, STORED_SETTINGS).secrets;
	return { sealed: "", setAt: 0, ...token };
}

/** A setting and a secret that only some modes use; the secret is not required. */
const BY_MODE: SettingsSchema = {
	...SCHEMA,
	properties: {
		...SCHEMA.properties,
		mode: { type: "string", enum: ["a", "b", "c"], default: "a" },
		name: { type: "string", onlyWith: { setting: "mode", values: ["a", "c"] } },
		token: { type: "string", writeOnly: true, onlyWith: { setting: "mode", values: ["a"] } },
		spare: { type: "string", writeOnly: true, onlyWith: { setting: "mode", values: ["b", "c"] } },
	},
};

test("a required setting is missing only while it is of use, by the brand's own choice or that of all brands", async () => {
	const clock = new MockClock();
	const { settings } = open([OLD], clock, new MemoryStorage(clock), BY_MODE);
	const missing = async () => (await settings.missing("acorn"))?.map(({ name }) => name);

	expect(await missing()).toEqual(["name", "token"]);
	await settings.save(ALL_BRANDS, { values: { mode: "b" }, secrets: {} });
	expect([await missing(), await settings.isComplete("acorn")]).toEqual([[], true]);
	await settings.save("acorn", { values: { mode: "c" }, secrets: {} });
	expect(await missing()).toEqual(["name"]);
	await settings.save("acorn", { values: { mode: "a", name: "n" }, secrets: {} });
	expect(await missing()).toEqual(["token"]);
	await settings.save("acorn", { values: { mode: "b" }, secrets: {} });
	expect(await missing()).toEqual([]);
});

test("a stored secret that no key opens is missing while it is of use, even if it is not required", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const values = { name: "n", mode: "c" };
	const before = open([OLD], clock, storage, BY_MODE).settings;
	await before.save("acorn", { values, secrets: { spare: secret(LONG_SECRET) } });
	expect(await before.isComplete("acorn")).toBe(true);

	const { settings } = open([NEW], clock, storage, BY_MODE);
	expect(await settings.missing("acorn")).toEqual([{ name: "spare", isSealed: true }]);
	await settings.save("acorn", { values: { ...values, mode: "a" }, secrets: {} });
	expect(await settings.missing("acorn")).toEqual([{ name: "token", isSealed: false }]);
	await settings.save("acorn", { values, secrets: { spare: null } });
	expect(await settings.missing("acorn")).toEqual([]);
});
