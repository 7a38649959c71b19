import { languagesOf, type PluginLanguage } from "../../artifact/validate/languages-of.ts";
import { validateArchive, validateFiles } from "../../artifact/validate/validate-plugin.ts";
import { ArchiveError } from "../../artifact/zip/archive-error.ts";
import { readArchive } from "../../artifact/zip/read-archive.ts";
import { readCommandLine } from "../command-line.ts";
import { readPluginPath } from "../plugin-path.ts";
import { printFindings } from "./print-findings.ts";

/**
 * `validate PATH`: lists the problems of a plugin, packed or not, and says how complete its languages are. Exits with 1 if a
 * marketplace would refuse it.
 */
export async function validate(args: readonly string[]): Promise<void> {
	const { path, json } = readCommandLine(args, []);
	const plugin = await readPluginPath(path);
	const findings =
		plugin.kind === "zip"
			? validateArchive(plugin.zip)
			: [...plugin.findings, ...validateFiles(plugin.files)];
	const languages = languagesOf(plugin.kind === "zip" ? filesIn(plugin.zip) : plugin.files);
	printFindings(findings, { json, result: { path, languages }, praise: "no problems found" });
	if (!json && languages.length > 0) {
		console.log(`languages: ${languages.map(inWords).join(", ")}`);
	}
}

/** What is wrong with a zip that cannot be read is among the findings. */
function filesIn(zip: Uint8Array): ReadonlyMap<string, Uint8Array> {
	try {
		return readArchive(zip);
	} catch (error) {
		if (error instanceof ArchiveError) {
			return new Map();
		}
		throw error;
	}
}

function inWords({ tag, texts, of }: PluginLanguage): string {
	return texts === of ? `${tag} complete` : `${tag} ${texts} of ${of} texts`;
}
