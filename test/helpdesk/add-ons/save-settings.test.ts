import { expect, test } from "vitest";
import type { Plugin } from "../../../src/contract/plugin.ts";
import type { SettingsChange } from "../../../src/contract/settings.ts";
import type { SettingSchema } from "../../../src/contract/settings-schema.ts";
import { saveSettings } from "../../../src/helpdesk/add-ons/save-settings.ts";
import { ALL_BRANDS } from "../../../src/helpdesk/settings/plugin-settings.ts";
import type { TypedSettings } from "../../../src/helpdesk/settings/typed-settings.ts";
import { type OpenCore, openCore } from "../../kit/helpdesk/open-core.ts";
import { ENGLISH } from "../../kit/helpdesk/said-in-english.ts";

const SECRET = "a secret of sixteen characters";
const SETTINGS = {
	key: { type: "string", writeOnly: true, maxLength: 40 },
	hours: { type: "integer", minimum: 1, maximum: 24 },
} as const satisfies Readonly<Record<string, SettingSchema>>;

function typed(texts: Readonly<Record<string, string>>, removed: readonly string[] = []) {
	const typed: TypedSettings = {
		text: (setting) => texts[setting] ?? "",
		removes: (setting) => removed.includes(setting),
	};
	return typed;
}

async function openSettings(hooks: Partial<Plugin> = {}): Promise<OpenCore> {
	const checkSetup: Plugin["checkSetup"] = async () => ({
		checks: [{ id: "word", state: "ok", message: "about", values: {} }],
	});
	return openCore(() => ({ checkSetup, ...hooks }), SETTINGS);
}

async function stored({ storage }: OpenCore): Promise<string> {
	return JSON.stringify((await storage.list(["plugin-settings"])).entries);
}

test("values are read by the schema and trimmed, and the secret is stored encrypted", async () => {
	const core = await openSettings();
	const texts = { word: "\u200b hello \r\n", hours: " 12", key: `\t${SECRET}` };

	const saved = await saveSettings(core.addOn, {
		brandId: "acorn",
		typed: typed(texts),
		tests: false,
		locale: ENGLISH,
	});

	expect(saved).toEqual({ kind: "saved", test: undefined });
	expect((await core.addOn.settings.read("acorn")).values).toEqual({ word: "hello", hours: 12 });
	expect((await core.addOn.settings.get("acorn", "key"))?.reveal()).toBe(SECRET);
	expect(await stored(core)).not.toContain(SECRET);
});

test("an empty text keeps a secret, unless it is to be removed", async () => {
	const core = await openSettings();
	const save = (entry: TypedSettings) =>
		saveSettings(core.addOn, { brandId: "acorn", typed: entry, tests: false, locale: ENGLISH });
	await save(typed({ key: SECRET, word: "hello" }));

	await save(typed({}));
	expect(await core.addOn.settings.has("acorn", "key")).toBe(true);
	expect((await core.addOn.settings.read("acorn")).values).toEqual({});

	await save(typed({}, ["key"]));
	expect(await core.addOn.settings.has("acorn", "key")).toBe(false);
});

test("a value that the schema refuses: nothing is stored, the plugin is not asked, and secrets do not come back", async () => {
	const asked: SettingsChange[] = [];
	const core = await openSettings({
		onSettingsWillSave: async (change) => {
			asked.push(change);
			return [];
		},
	});
	const before = await stored(core);

	const saved = await saveSettings(core.addOn, {
		brandId: "acorn",
		typed: typed({ word: "hello", hours: "25", key: SECRET }),
		tests: true,
		locale: ENGLISH,
	});

	expect(saved).toEqual({
		kind: "refused",
		problems: new Map([
			["hours", "Enter a whole number from 1 to 24."],
			["key", "Enter this again. Typed secrets are neither kept nor shown."],
		]),
		values: { word: "hello", hours: 25 },
		removed: new Set(),
	});
	expect(asked).toEqual([]);
	expect(await stored(core)).toBe(before);
	expect(await core.addOn.tests.last("acorn")).toBeUndefined();
});

test("a plugin gets what was typed and what is to be removed, and refuses single settings in its own words", async () => {
	const asked: SettingsChange[] = [];
	const core = await openSettings({
		onSettingsWillSave: async (change) => {
			asked.push(change);
			return [{ setting: "word", message: "settings.word.help" }];
		},
	});
	const before = await stored(core);

	const saved = await saveSettings(core.addOn, {
		brandId: "acorn",
		typed: typed({ word: "hello" }, ["key"]),
		tests: false,
		locale: ENGLISH,
	});

	expect(asked).toEqual([
		{ brandId: "acorn", inherited: {}, values: { word: "hello" }, secrets: { key: null } },
	]);
	expect(saved).toEqual({
		kind: "refused",
		problems: new Map([["word", "Any"]]),
		values: { word: "hello" },
		removed: new Set(["key"]),
	});
	expect(await stored(core)).toBe(before);
});

test("no settings are saved when the plugin fails", async () => {
	const core = await openSettings({
		onSettingsWillSave: () => Promise.reject(new Error("it failed")),
	});
	const before = await stored(core);

	const entry = {
		brandId: "acorn",
		typed: typed({ word: "hello" }),
		tests: false,
		locale: ENGLISH,
	};
	await expect(saveSettings(core.addOn, entry)).rejects.toThrow("it failed");
	expect(await stored(core)).toBe(before);
});

test("saving drops the last test of the brand, and tests again if asked to", async () => {
	const core = await openSettings();
	const save = (brandId: string, tests: boolean) =>
		saveSettings(core.addOn, { brandId, typed: typed({ word: "hello" }), tests, locale: ENGLISH });

	const { at } = await core.addOn.tests.run("harbor");
	const saved = await save("acorn", true);
	expect(saved).toMatchObject({ kind: "saved", test: { checks: [{ id: "word", state: "ok" }] } });
	expect(await core.addOn.tests.last("acorn")).toBeDefined();
	expect(await core.addOn.tests.last("harbor")).toMatchObject({ at });

	await save("acorn", false);
	expect(await core.addOn.tests.last("acorn")).toBeUndefined();
	expect(await core.addOn.tests.last("harbor")).toMatchObject({ at });
});

test("saving for all brands drops the tests of every brand, and tests none", async () => {
	const core = await openSettings();
	await core.addOn.tests.run("acorn");
	await core.addOn.tests.run("harbor");

	const saved = await saveSettings(core.addOn, {
		brandId: ALL_BRANDS,
		typed: typed({ word: "common" }),
		tests: true,
		locale: ENGLISH,
	});

	expect(saved).toEqual({ kind: "saved", test: undefined });
	expect(await core.addOn.tests.last("acorn")).toBeUndefined();
	expect(await core.addOn.tests.last("harbor")).toBeUndefined();
	expect((await core.addOn.settings.read("harbor")).values).toEqual({ word: "common" });
});
