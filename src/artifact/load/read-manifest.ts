import { satisfies, valid, validRange } from "semver";
import manifestSchema from "../../contract/manifest.schema.json" with { type: "json" };
import { CONTRACT_VERSION, type Manifest } from "../../contract/manifest.ts";
import { finding, type Report } from "../finding.ts";
import { compileSchema } from "../json-schema.ts";
import { readJsonFile } from "./json-file.ts";

export const MANIFEST = "plugin.json";

const checkManifest = compileSchema<Manifest>(manifestSchema);

/** The manifest, or `undefined` when it is not one. */
export function readManifest(
	files: ReadonlyMap<string, Uint8Array>,
	report: Report,
): Manifest | undefined {
	const manifest = readJsonFile(files, MANIFEST, checkManifest, "invalid-manifest", report);
	// By its pattern it may still be none: "1.0.0-01", or numbers that are too large to be compared.
	if (manifest !== undefined && valid(manifest.version) === null) {
		const message = `/version "${manifest.version}" is no version by semver.org`;
		report(finding("invalid-manifest", message, { file: MANIFEST }));
		return undefined;
	}
	return manifest;
}

/** @param nodeVersion of the process that would run the plugin; any, where nobody is about to. */
export function checkEngines(
	{ engines }: Manifest,
	nodeVersion: string | undefined,
	report: Report,
): void {
	const versions = { contract: CONTRACT_VERSION, node: nodeVersion };
	for (const name of ["contract", "node"] as const) {
		const [range, version] = [engines[name], versions[name]];
		if (validRange(range) === null) {
			const message = `engines.${name} "${range}" is not a range of versions`;
			report(finding("incompatible", message, { file: MANIFEST }));
		} else if (version !== undefined && !satisfies(version, range)) {
			const message = `it needs ${name} ${range}, but here is ${version}`;
			report(finding("incompatible", message, { file: MANIFEST }));
		}
	}
}
