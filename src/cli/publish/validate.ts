import { validateArchive, validateFiles } from "../../artifact/validate/validate-plugin.ts";
import { readCommandLine } from "../command-line.ts";
import { readPluginPath } from "../plugin-path.ts";
import { printFindings } from "./print-findings.ts";

/** `validate PATH`: lists the problems of a plugin, packed or not. Exits with 1 if a marketplace would refuse it. */
export async function validate(args: readonly string[]): Promise<void> {
	const { path, json } = readCommandLine(args, []);
	const plugin = await readPluginPath(path);
	const findings =
		plugin.kind === "zip"
			? validateArchive(plugin.zip)
			: [...plugin.findings, ...validateFiles(plugin.files)];
	printFindings(findings, { json, result: { path }, praise: "no problems found" });
}
