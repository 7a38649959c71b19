// The layout of a plugin's settings: `settings-page.json` and the drawings of its guide.
import { expect, test } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { packPlugin } from "../../../src/artifact/pack/pack-plugin.ts";
import { PluginError } from "../../../src/artifact/plugin-error.ts";
import { validateArchive, validateFiles } from "../../../src/artifact/validate/validate-plugin.ts";
import { packArchive } from "../../../src/artifact/zip/pack-archive.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import type { SettingsPageLayout } from "../../../src/contract/settings-page.ts";
import { soundPlugin } from "../../kit/artifact/sound-plugin.ts";

const TEXTS = {
	about: "A {thing}",
	"settings.word.label": "Word",
	"settings.word.help": "Any",
	word: "The word",
};
const DRAWING =
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>';
const LAYOUT: SettingsPageLayout = {
	sections: [{ title: "word", settings: ["word"] }],
	guide: [
		{
			title: "word",
			text: "about",
			drawings: [{ file: "guide/word.svg", caption: "word", description: "about" }],
		},
	],
	mostCallbackUrls: 3,
	remedies: { about: "word", word: "callback-url" },
};

function pluginWith(
	layout: object = LAYOUT,
	changes: Readonly<Record<string, string | undefined>> = {},
): Map<string, Uint8Array> {
	return soundPlugin({
		"locales/en.json": JSON.stringify(TEXTS),
		"settings-page.json": JSON.stringify(layout),
		"guide/word.svg": DRAWING,
		...changes,
	});
}

test("a layout is packed with its drawings and no others, validates, and is loaded", async () => {
	const { zip } = packPlugin(pluginWith(LAYOUT, { "guide/other.svg": DRAWING }));

	expect([...readArchive(zip).keys()]).toEqual(
		expect.arrayContaining(["settings-page.json", "guide/word.svg"]),
	);
	expect(readArchive(zip).has("guide/other.svg")).toBe(false);
	expect(validateArchive(zip)).toEqual([]);
	const { settingsPage } = await loadPlugin(zip);
	expect(settingsPage).toEqual({ ...LAYOUT, drawings: new Map([["guide/word.svg", DRAWING]]) });
});

test("a plugin without a layout has none", async () => {
	expect((await loadPlugin(packArchive(soundPlugin()))).settingsPage).toBeUndefined();
});

const [section] = LAYOUT.sections;
const [step] = LAYOUT.guide ?? [];
test.each([
	["an unknown field", { ...LAYOUT, colour: "red" }, {}, "invalid-settings-page", '"colour"'],
	["no section", { sections: [] }, {}, "invalid-settings-page", "/sections"],
	[
		"an unknown setting in a section",
		{ sections: [{ ...section, settings: ["wurd"] }] },
		{},
		"invalid-settings-page",
		"wurd, which is not a setting",
	],
	[
		"an unknown setting as a remedy",
		{ ...LAYOUT, remedies: { about: "wurd" } },
		{},
		"invalid-settings-page",
		"wurd, which is not a setting",
	],
	[
		"a setting in two sections",
		{ sections: [section, section] },
		{},
		"invalid-settings-page",
		"word is in two sections",
	],
	[
		"21 drawings",
		{
			...LAYOUT,
			guide: Array.from({ length: 11 }, (_, index) => ({
				...step,
				drawings: [1, 2].map((each) => ({
					...{ file: `guide/${index}-${each}.svg`, caption: "word", description: "word" },
				})),
			})),
		},
		Object.fromEntries(
			Array.from({ length: 22 }, (_, index) => [
				`guide/${index >> 1}-${(index & 1) + 1}.svg`,
				DRAWING,
			]),
		),
		"invalid-settings-page",
		"22 drawings",
	],
	[
		"a drawing outside of the plugin",
		{
			...LAYOUT,
			guide: [{ ...step, drawings: [{ file: "../a.svg", caption: "word", description: "word" }] }],
		},
		{},
		"invalid-settings-page",
		"/guide/0/drawings/0/file",
	],
	["a missing drawing", LAYOUT, { "guide/word.svg": undefined }, "missing-file", "guide/word.svg"],
	[
		"a missing caption",
		{
			...LAYOUT,
			guide: [
				{ ...step, drawings: [{ file: "guide/word.svg", caption: "cap", description: "word" }] },
			],
		},
		{},
		"missing-text",
		'"cap" is missing',
	],
	[
		"a missing description",
		{
			...LAYOUT,
			guide: [
				{ ...step, drawings: [{ file: "guide/word.svg", caption: "word", description: "desc" }] },
			],
		},
		{},
		"missing-text",
		'"desc" is missing',
	],
	["a missing title", { sections: [{ ...section, title: "gone" }] }, {}, "missing-text", '"gone"'],
	[
		"a locale without the caption",
		LAYOUT,
		{ "locales/de.json": JSON.stringify({ ...TEXTS, word: undefined }) },
		"missing-text",
		'locales/de.json: "word" is missing',
	],
	[
		"a layout that is no JSON",
		LAYOUT,
		{ "settings-page.json": "{" },
		"invalid-settings-page",
		"JSON",
	],
])(
	"%s is found by the validator, and refused by helpdesks",
	async (_, layout, changes, code, says) => {
		const files = pluginWith(layout, changes);

		const found = validateFiles(files).filter((each) => each.code === code);
		expect(found.map(({ severity }) => severity)).toContain("error");
		const refusal = loadPlugin(packArchive(files));
		await expect(refusal).rejects.toThrow(PluginError);
		await expect(refusal).rejects.toMatchObject({
			problems: expect.arrayContaining([expect.stringContaining(says)]),
		});
	},
);

test.each([
	["a script", "<script>alert(1)</script>"],
	["an event handler", '<path d="M0 0" onclick="alert(1)"/>'],
	["a link", '<a href="https://evil.example"><path d="M0 0"/></a>'],
	["an image from elsewhere", '<image href="https://evil.example/a.png"/>'],
	["a reference to elsewhere", '<path d="M0 0" fill="url(https://evil.example/a.svg#b)"/>'],
	["HTML inside", "<foreignObject><p>a</p></foreignObject>"],
	["a style sheet", "<style>*{display:none}</style>"],
	["a style", '<path d="M0 0" style="position:fixed"/>'],
	["an id, which may be that of a field", '<path id="word" d="M0 0"/>'],
	["a class of the page", '<g class="notice"/>'],
	["a name that labels a field", '<g aria-label="Word"/>'],
])("a drawing with %s is found by the validator, and refused by helpdesks", async (_, inside) => {
	const files = pluginWith(LAYOUT, {
		"guide/word.svg": DRAWING.replace("<path", `${inside}<path`),
	});

	expect(validateFiles(files).map(({ code, file }) => `${code} ${file}`)).toContain(
		"unsafe-svg guide/word.svg",
	);
	await expect(loadPlugin(packArchive(files))).rejects.toMatchObject({ code: "unsafe-svg" });
});
