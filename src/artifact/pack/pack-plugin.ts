import type { Manifest } from "../../contract/manifest.ts";
import type { Locales } from "../../contract/plugin.ts";
import { type Finding, finding } from "../finding.ts";
import { MANIFEST } from "../load/read-manifest.ts";
import { type InspectedPlugin, inspectPlugin } from "../load/read-plugin.ts";
import { drawingsOf, SETTINGS_PAGE } from "../load/read-settings-page.ts";
import { refuseErrors } from "../plugin-error.ts";
import { clashesOf, isPlainName } from "../zip/file-names.ts";
import { INTEGRITY, integrityOf } from "../zip/integrity.ts";
import { packArchive } from "../zip/pack-archive.ts";

/** The bill of materials inside an artifact, CycloneDX in JSON. */
export const SBOM = "sbom.cdx.json";

/** Documents that people expect to read before they install a plugin. */
export const DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE"];
/** A document that is packed where there is one: what people with disabilities can do with the plugin. */
const REPORT = "ACCESSIBILITY.md";

export interface PackedPlugin {
	/** `<id>-<version>.zip` */
	readonly fileName: string;
	readonly zip: Uint8Array;
}

/**
 * The artifact of a plugin: the files that `plugin.json` names, the documents, and a list of them all. The same files give
 * the same bytes, at any time and on any machine.
 *
 * @param files named from the plugin's folder, with forward slashes. Files that are not part of the artifact are left out.
 * @throws PluginError that names every reason why a helpdesk would not load it.
 */
export function packPlugin(files: ReadonlyMap<string, Uint8Array>): PackedPlugin {
	const inspected = inspectPlugin(files);
	const { manifest, locales, findings } = inspected;
	refuseErrors(findings);
	if (manifest === undefined) {
		throw new Error("a plugin without a finding has a manifest");
	}
	const names = [...files.keys()].filter((name) => isPartOf(inspected, name));
	refuseErrors([...unsafeNames(names), ...clashesOf(names)]);
	const packed = new Map([
		...names.map((name) => [name, files.get(name) ?? new Uint8Array()] as const),
		...compiledLocales(manifest, locales),
	]);
	packed.set(INTEGRITY, integrityOf(packed));
	return {
		fileName: `${manifest.id}-${manifest.version}.zip`,
		zip: packArchive(packed),
	};
}

/**
 * The files of locales that have ICU messages, with texts in their place: helpdesks of a contract before 1.3 know `{name}`
 * alone.
 */
function compiledLocales(
	{ locales: { directory } }: Manifest,
	locales: Locales = new Map(),
): readonly (readonly [string, Uint8Array])[] {
	const hasMessages = [...locales.values()].some((texts) =>
		Object.keys(texts).some((key) => key.endsWith("#")),
	);
	return hasMessages
		? [...locales].map(([tag, texts]) => {
				const json = `${JSON.stringify(texts)}\n`;
				return [`${directory}/${tag}.json`, new TextEncoder().encode(json)] as const;
			})
		: [];
}

/** Whether a file of the plugin's folder is part of its artifact. */
export function isPartOf(
	{ manifest, settingsPage }: Pick<InspectedPlugin, "manifest" | "settingsPage">,
	name: string,
): boolean {
	if (manifest === undefined) {
		return false;
	}
	const { main, icon, settingsSchema, locales } = manifest;
	const drawings = settingsPage === undefined ? [] : drawingsOf(settingsPage);
	const named = [
		...[MANIFEST, main, icon, settingsSchema, SETTINGS_PAGE, ...drawings],
		...[...DOCUMENTS, REPORT, "package.json", SBOM],
	];
	return (
		named.includes(name) ||
		(name.startsWith(`${locales.directory}/`) && /^[^/]+\/[^/]+\.json$/.test(name))
	);
}

function unsafeNames(names: readonly string[]): Finding[] {
	return names
		.filter((name) => !isPlainName(name))
		.map((name) => finding("unsafe-path", `${JSON.stringify(name)} is not a plain relative name`));
}
