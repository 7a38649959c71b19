import { readFile } from "node:fs/promises";
import { checkSignature } from "../../artifact/zip/signature.ts";
import { verifyArchive, verifyFiles } from "../../artifact/zip/verify-archive.ts";
import { readCommandLine } from "../command-line.ts";
import { readPluginPath } from "../plugin-path.ts";
import { readTrustedKey } from "../trusted-key.ts";
import { printFindings } from "./print-findings.ts";

/**
 * `verify PATH`: checks that a plugin is what its publisher packed. The signature lies next to the zip. Exits with 1 if the
 * plugin was changed, or if `--key` is given and none of these keys signed it.
 */
export async function verify(args: readonly string[]): Promise<void> {
	const { path, json, valuesOf } = readCommandLine(args, ["key"]);
	const trustedKeys = await Promise.all(
		valuesOf("key").map((file) => readTrustedKey("--key", file)),
	);
	const plugin = await readPluginPath(path);
	if (plugin.kind === "folder") {
		const unsigned = checkSignature(new Uint8Array(), undefined, trustedKeys) ?? [];
		const findings = [...plugin.findings, ...verifyFiles(plugin.files), unsigned].flat();
		printFindings(findings, { json, result: { path, signature: "unsigned" }, praise: "" });
		return;
	}
	const signature = await readFile(`${path}.sig`).catch(() => undefined);
	const findings = verifyArchive(plugin.zip, { ...(signature && { signature }), trustedKeys });
	const untrusted = checkSignature(plugin.zip, signature, trustedKeys);
	printFindings(findings, {
		json,
		result: { path, signature: untrusted?.code ?? "trusted" },
		praise: "it is what its publisher packed, and a key you trust signed it",
	});
}
