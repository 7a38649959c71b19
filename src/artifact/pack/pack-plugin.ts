import type { Manifest } from "../../contract/manifest.ts";
import { type Finding, finding } from "../finding.ts";
import { MANIFEST } from "../load/read-manifest.ts";
import { inspectPlugin } from "../load/read-plugin.ts";
import { refuseErrors } from "../plugin-error.ts";
import { clashesOf, isPlainName } from "../zip/file-names.ts";
import { INTEGRITY, integrityOf } from "../zip/integrity.ts";
import { packArchive } from "../zip/pack-archive.ts";

/** The bill of materials inside an artifact, CycloneDX in JSON. */
export const SBOM = "sbom.cdx.json";

/** What people expect to read before they install something. */
export const DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE"];

export interface PackedPlugin {
	/** `<id>-<version>.zip` */
	readonly fileName: string;
	readonly zip: Uint8Array;
}

/**
 * The artifact of a plugin: of the given files those that `plugin.json` names, its documents, and a list of them all.
 * The same files give the same bytes, whatever the time, the zone and the machine.
 *
 * @param files by their names from the plugin's folder, with forward slashes; more of them than belong into the
 * artifact do no harm.
 * @throws PluginError naming everything for which no helpdesk would load it.
 */
export function packPlugin(files: ReadonlyMap<string, Uint8Array>): PackedPlugin {
	const { manifest, findings } = inspectPlugin(files);
	refuseErrors(findings);
	if (manifest === undefined) {
		throw new Error("a plugin without a finding has a manifest");
	}
	const names = [...files.keys()].filter((name) => isPartOf(manifest, name));
	refuseErrors([...unsafeNames(names), ...clashesOf(names)]);
	const packed = new Map(names.map((name) => [name, files.get(name) ?? new Uint8Array()]));
	packed.set(INTEGRITY, integrityOf(packed));
	return {
		fileName: `${manifest.id}-${manifest.version}.zip`,
		zip: packArchive(packed),
	};
}

/** Whether a file of the plugin's folder belongs into its artifact. */
export function isPartOf(manifest: Manifest, name: string): boolean {
	const { main, icon, settingsSchema, locales } = manifest;
	const named = [MANIFEST, main, icon, settingsSchema, ...DOCUMENTS, "package.json", SBOM];
	return (
		named.includes(name) ||
		(name.startsWith(`${locales.directory}/`) && /^[^/]+\/[^/]+\.json$/.test(name))
	);
}

function unsafeNames(names: readonly string[]): Finding[] {
	return names
		.filter((name) => !isPlainName(name))
		.map((name) => finding("unsafe-path", `${JSON.stringify(name)} is no plain relative name`));
}
