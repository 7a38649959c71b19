import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packPlugin } from "../../../src/artifact/pack/pack-plugin.ts";
import { PluginError } from "../../../src/artifact/plugin-error.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import {
	newKeyPair,
	readPrivateKey,
	readPublicKey,
	signArchive,
} from "../../../src/artifact/zip/signature.ts";
import { createMockHost } from "../../../src/testing/mock-host/mock-host.ts";
import { TINY_MANIFEST, tinyPlugin } from "../../kit/artifact/tiny-plugin.ts";

async function faultOf(files: Map<string, Uint8Array>): Promise<PluginError> {
	try {
		const plugin = await loadPlugin(packArchive(files));
		createMockHost({ plugin });
	} catch (error) {
		if (error instanceof PluginError) {
			return error;
		}
		throw error;
	}
	throw new Error("the plugin was accepted");
}

const manifestWith = (changes: object): string => JSON.stringify({ ...TINY_MANIFEST, ...changes });

test("a valid plugin loads, and gets a host", async () => {
	const plugin = await loadPlugin(packArchive(tinyPlugin()));

	expect(plugin.manifest.id).toBe("tiny");
	expect(plugin.locales.get("en")).toMatchObject({ about: "A {thing}" });
	expect(await createMockHost({ plugin }).plugin.onActivate()).toEqual({ state: "ready" });
});

test("a loaded plugin has the same limits in the mock host as in any other", async () => {
	const hooks = ["onActivate", "startLogin"].map((hook) => ({ hook, method: hook }));
	const plugin = await loadPlugin(
		packArchive(
			tinyPlugin({
				"plugin.json": manifestWith({ hooks }),
				"main.mjs": `export const createPlugin = (host) => ({
					onActivate: async () => host.storage,
					startLogin: async () => ({ kind: "redirect", location: "https://evil.example/?t=1" }),
				});`,
			}),
		),
	);
	const host = createMockHost({ plugin });

	await expect(host.plugin.onActivate()).rejects.toThrow(
		'the plugin needs the capability "storage"',
	);
	await expect(host.newBrowser().postStart([])).rejects.toThrow(
		'the plugin needs the capability "navigation: https://evil.example"',
	);
});

test("a plugin that changes the texts it is given does not change the helpdesk's", async () => {
	const plugin = await loadPlugin(
		packArchive(
			tinyPlugin({
				"main.mjs": `export function createPlugin(_, locales) {
					locales.delete("en");
					return { onActivate: async () => locales };
				}`,
			}),
		),
	);
	createMockHost({ plugin });

	expect(plugin.locales.get("en")).toHaveProperty("about");
});

test.each([
	["a missing manifest", { "plugin.json": undefined }, "missing-file", "plugin.json"],
	[
		"a manifest that is not JSON",
		{ "plugin.json": "{" },
		"invalid-manifest",
		"plugin.json: it is not JSON",
	],
	["an empty manifest", { "plugin.json": "{}" }, "invalid-manifest", "required property 'id'"],
	[
		"an unknown field",
		{ "plugin.json": manifestWith({ surprise: 1 }) },
		"invalid-manifest",
		'"surprise"',
	],
	...["1.0.0-01", "1.0.0-..", "99999999999999999999.0.0"].map(
		(version) =>
			[
				`the version ${version}, which cannot be compared`,
				{ "plugin.json": manifestWith({ version }) },
				"invalid-manifest",
				"/version",
			] as const,
	),
	[
		"an unknown hook",
		{ "plugin.json": manifestWith({ hooks: [{ hook: "onLunch", method: "a" }] }) },
		"invalid-manifest",
		"/hooks/0/hook",
	],
	[
		"an unknown capability",
		{
			"plugin.json": manifestWith({
				capabilities: { network: [], navigation: [], ports: ["sudo"] },
			}),
		},
		"invalid-manifest",
		"/capabilities/ports/0",
	],
	[
		"another contract",
		{ "plugin.json": manifestWith({ engines: { contract: "^2.0.0", node: ">=20" } }) },
		"incompatible",
		"contract ^2.0.0",
	],
	[
		"another Node",
		{ "plugin.json": manifestWith({ engines: { contract: "^1.0.0", node: ">=99" } }) },
		"incompatible",
		"node >=99",
	],
	[
		"no range",
		{ "plugin.json": manifestWith({ engines: { contract: "soon", node: ">=20" } }) },
		"incompatible",
		"soon",
	],
	[
		"a link file without a help text",
		{
			"plugin.json": manifestWith({
				linkFile: { idColumns: ["id"], handleColumns: ["handle"], help: "links.help" },
			}),
		},
		"missing-text",
		"links.help",
	],
	[
		"a column whose name cannot stand in a file",
		{
			"plugin.json": manifestWith({
				linkFile: { idColumns: ["id,email"], handleColumns: ["handle"], help: "about" },
			}),
		},
		"invalid-manifest",
		"/linkFile/idColumns/0",
	],
	["a missing bundle", { "main.mjs": undefined }, "missing-file", "main.mjs"],
	[
		"a settings schema of another dialect",
		{ "settings.json": '{"type":"array"}' },
		"invalid-settings-schema",
		"settings.json",
	],
	[
		"a setting without a label",
		{ "locales/en.json": '{"about":""}' },
		"missing-text",
		"settings.word.label",
	],
	[
		"a locale that lacks a sentence",
		{ "locales/de.json": "{}" },
		"missing-text",
		'locales/de.json: "about" is missing',
	],
	[
		"a locale with other placeholders",
		{ "locales/de.json": '{"about":"{sache}","settings.word.label":"","settings.word.help":""}' },
		"other-placeholders",
		"placeholders",
	],
	["code that does not parse", { "main.mjs": "export {" }, "invalid-module", "does not load"],
	[
		"code without createPlugin",
		{ "main.mjs": "export const a = 1;" },
		"invalid-module",
		"createPlugin",
	],
	[
		"a hook that is not a method",
		{ "main.mjs": "export const createPlugin = () => ({});" },
		"invalid-module",
		"onActivate",
	],
] as const)("%s is refused by name", async (_, changes, code, problem) => {
	const error = await faultOf(tinyPlugin(changes));

	expect(error.code).toBe(code);
	expect(error.problems.join()).toContain(problem);
});

test.each([
	["a negative length", { minLength: -1 }],
	["half a length", { maxLength: 1.5 }],
	["a length in words", { maxLength: "ten" }],
	["a length of nothing", { maxLength: 0 }],
	["a limit in words", { type: "integer", minimum: "1" }],
	["no choice", { enum: [] }],
	["a choice in one word", { enum: "red" }],
	["a keyword beyond the dialect", { multipleOf: 0 }],
	["a title", { title: 5 }],
	["a secret that is none", { writeOnly: "yes" }],
	["a type that there is not", { type: "strin" }],
	["an expression that does not end", { pattern: "(" }],
	["a number for an expression", { pattern: 5 }],
	["a number for a setting", 5],
])("a setting with %s is refused", async (_, setting) => {
	const settings = JSON.parse(Buffer.from(tinyPlugin().get("settings.json") ?? []).toString());
	const word = typeof setting === "number" ? setting : { type: "string", ...setting };

	const { code } = await faultOf(
		tinyPlugin({ "settings.json": JSON.stringify({ ...settings, properties: { word } }) }),
	);

	expect(code).toBe("invalid-settings-schema");
});

test("an error names every problem of every file", async () => {
	const error = await faultOf(tinyPlugin({ "locales/de.json": "{}", "main.mjs": undefined }));

	expect(error.problems.join()).toContain("locales/de.json");
	expect(error.problems.join()).toContain("main.mjs");
});

test("an artifact with its list of files loads, and one whose list is wrong does not", async () => {
	const { zip } = packPlugin(tinyPlugin());
	const files = readArchive(zip);

	expect((await loadPlugin(zip)).manifest.id).toBe("tiny");

	files.set("icon.svg", new TextEncoder().encode("<svg></svg>"));
	await expect(loadPlugin(packArchive(files))).rejects.toMatchObject({
		code: "integrity-mismatch",
		problems: ["icon.svg: it has changed since it was packed"],
	});
});

test("where keys are trusted, only zips that one of them signed are loaded", async () => {
	const { zip } = packPlugin(tinyPlugin());
	const { privateKey, publicKey } = newKeyPair();
	const signature = signArchive(zip, readPrivateKey(privateKey));
	const trustedKeys = [readPublicKey(newKeyPair().publicKey), readPublicKey(publicKey)];

	expect((await loadPlugin(zip, { signature, trustedKeys })).manifest.id).toBe("tiny");
	await expect(loadPlugin(zip, { trustedKeys })).rejects.toMatchObject({ code: "unsigned" });
	await expect(
		loadPlugin(zip, { signature, trustedKeys: trustedKeys.slice(0, 1) }),
	).rejects.toMatchObject({ code: "untrusted-key" });
	await expect(
		loadPlugin(packArchive(tinyPlugin()), { signature, trustedKeys }),
	).rejects.toMatchObject({ code: "wrong-signature" });
});
