import { packPlugin } from "../../../src/artifact/pack/pack-plugin.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import type { Manifest } from "../../../src/contract/manifest.ts";
import type { SettingsSchema } from "../../../src/contract/settings-schema.ts";
import { builtArtifact } from "./built-artifact.ts";
import { soundZip } from "./sound-plugin.ts";
import { TINY_MANIFEST } from "./tiny-plugin.ts";

/** The code of hooks, by hook. It can use `host`, and the hook's argument as `given`. */
type Hooks = Readonly<Record<string, string>>;

/** The event that {@link HANGS} emits, for tests that wait for it. */
export const HANGING = "it hangs now";
export const HANGS = `host.events.emit({ name: "hangs", level: "info", message: "${HANGING}", fields: {} }); await new Promise(() => {});`;

/** A plugin without a log-in, with these hooks. */
export function tinyZip(
	hooks: Hooks,
	changes: Partial<Pick<Manifest, "id" | "name" | "version" | "capabilities">> = {},
	files: Readonly<Record<string, string>> = {},
): Uint8Array {
	const manifest = {
		...TINY_MANIFEST,
		capabilities: { ...TINY_MANIFEST.capabilities, ports: ["storage", "settings", "mail"] },
		hooks: Object.keys(hooks).map((hook) => ({ hook, method: hook })),
		...changes,
	};
	const code = `export function createPlugin(host) { return { ${methodsOf(hooks)} }; }`;
	return soundZip({ "plugin.json": JSON.stringify(manifest), "main.mjs": code, ...files });
}

/** The built plugin as a later version with other hooks, which can use the built one as `built`. */
export async function laterX(
	version: string,
	hooks: Hooks = {},
	change: (schema: SettingsSchema) => SettingsSchema = (schema) => schema,
): Promise<Uint8Array> {
	const files = readArchive(await builtArtifact());
	const text = (name: string): string => new TextDecoder().decode(files.get(name));
	const set = (name: string, value: string): void => {
		files.set(name, new TextEncoder().encode(value));
	};
	const manifest = JSON.parse(text("plugin.json")) as Manifest;
	const added = Object.keys(hooks).filter((name) =>
		manifest.hooks.every(({ hook }) => hook !== name),
	);
	const all = [...manifest.hooks, ...added.map((hook) => ({ hook, method: hook }))];
	set("plugin.json", JSON.stringify({ ...manifest, version, hooks: all }));
	const schema = JSON.parse(text(manifest.settingsSchema)) as SettingsSchema;
	const changed = change(schema);
	set(manifest.settingsSchema, JSON.stringify(changed));
	if (changed !== schema) {
		// It names settings that may be gone.
		for (const name of [...files.keys()]) {
			if (name === "settings-page.json" || name.startsWith("guide/")) {
				files.delete(name);
			}
		}
	}
	const wrapped = text(manifest.main).replace(
		/export\s*\{\s*(\w+) as createPlugin\s*(?:,([^}]*))?\}/,
		(_, name: string, others = "") => `export {${others}};
const createBuilt = ${name};
export function createPlugin(host, locales) { const built = createBuilt(host, locales); return { ...built, ${methodsOf(hooks)} }; }`,
	);
	if (!wrapped.includes("createBuilt")) {
		throw new Error("the bundle exports createPlugin in another way");
	}
	set(manifest.main, wrapped);
	return packPlugin(files).zip;
}

function methodsOf(hooks: Hooks): string {
	return Object.entries(hooks)
		.map(([hook, body]) => `async ${hook}(given) { ${body} }`)
		.join(", ");
}
