/** The files of the smallest possible plugin. The given files replace some; `undefined` leaves one out. */
export function tinyPlugin(
	changes: Readonly<Record<string, string | undefined>> = {},
): Map<string, Uint8Array> {
	const files: Record<string, string | undefined> = {
		"plugin.json": JSON.stringify(TINY_MANIFEST),
		"main.mjs": `export function createPlugin({ clock }) {
			return { onActivate: async () => ({ state: clock.now() > 0 ? "ready" : "needs-setup" }) };
		}`,
		"settings.json": JSON.stringify({
			$schema: "https://json-schema.org/draft/2020-12/schema",
			type: "object",
			additionalProperties: false,
			properties: { word: { type: "string" } },
		}),
		"locales/en.json": JSON.stringify({
			about: "A {thing}",
			"settings.word.label": "Word",
			"settings.word.help": "Any",
		}),
		"icon.svg": "<svg/>",
		...changes,
	};
	const present = Object.entries(files).flatMap(([name, text]): [string, Uint8Array][] =>
		text === undefined ? [] : [[name, new TextEncoder().encode(text)]],
	);
	return new Map(present);
}

export const TINY_MANIFEST = {
	manifestVersion: 1,
	id: "tiny",
	name: "Tiny",
	version: "1.0.0",
	author: { name: "Somebody" },
	license: "MIT",
	links: {},
	engines: { contract: "^1.0.0", node: ">=20" },
	icon: "icon.svg",
	main: "main.mjs",
	settingsSchema: "settings.json",
	locales: { directory: "locales", default: "en" },
	texts: { description: "about", prerequisites: [], steps: [], privacy: "about" },
	hooks: [{ hook: "onActivate", method: "onActivate" }],
	lifecycle: { activation: "manual", onDeactivate: "keep-data" },
	capabilities: { network: [], navigation: [], ports: [] },
};
