import { packPlugin, SBOM } from "../../../src/artifact/pack/pack-plugin.ts";
import { tinyPlugin } from "./tiny-plugin.ts";

/**
 * The files of a tiny plugin that a marketplace would accept. The given files replace some; `undefined` leaves one out.
 */
export function soundPlugin(
	changes: Readonly<Record<string, string | undefined>> = {},
): Map<string, Uint8Array> {
	return tinyPlugin({
		"README.md": "# Tiny\n",
		"CHANGELOG.md": "# Changelog\n",
		LICENSE: "MIT\n",
		[SBOM]: "{}\n",
		"icon.svg":
			'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
		...changes,
	});
}

/** The zip of this plugin. */
export function soundZip(changes: Readonly<Record<string, string | undefined>> = {}): Uint8Array {
	return packPlugin(soundPlugin(changes)).zip;
}
