import { satisfies, valid, validRange } from "semver";
import { CONTRACT_VERSION, type Manifest } from "../../contract/manifest.ts";
import { finding, type Report } from "../finding.ts";
import { isManifest } from "./contract-validators.js";
import { readJsonFile } from "./json-file.ts";

export const MANIFEST = "plugin.json";

/** The manifest. `undefined` when it is not valid. */
export function readManifest(
	files: ReadonlyMap<string, Uint8Array>,
	report: Report,
): Manifest | undefined {
	const manifest = readJsonFile(files, MANIFEST, isManifest, "invalid-manifest", report);
	// The pattern lets some through that are no versions: "1.0.0-01", or numbers that are too large to compare.
	if (manifest !== undefined && valid(manifest.version) === null) {
		const message = `/version "${manifest.version}" is not a version as semver.org defines it`;
		report(finding("invalid-manifest", message, { file: MANIFEST }));
		return undefined;
	}
	return manifest;
}

/** @param nodeVersion the version of the Node that would run the plugin. Undefined: any version will do. */
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
			const message = `it needs ${name} ${range}, but this is ${version}`;
			report(finding("incompatible", message, { file: MANIFEST }));
		}
	}
}
