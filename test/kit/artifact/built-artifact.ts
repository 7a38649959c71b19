import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import manifest from "../../../plugin.json" with { type: "json" };

/** The zip that `npm run build` made, as a marketplace would deliver it. */
export function builtArtifact(): Promise<Uint8Array> {
	const name = `../../../dist/${manifest.id}-${manifest.version}.zip`;
	return readFile(fileURLToPath(new URL(name, import.meta.url)));
}
