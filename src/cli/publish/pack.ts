import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../../artifact/finding.ts";
import { readManifest } from "../../artifact/load/read-manifest.ts";
import { packPlugin, SBOM } from "../../artifact/pack/pack-plugin.ts";
import { type Metafile, sbomOf } from "../../artifact/pack/sbom.ts";
import { PluginError, refuseErrors } from "../../artifact/plugin-error.ts";
import { readPrivateKey, signArchive } from "../../artifact/zip/signature.ts";
import { CommandError } from "../command-error.ts";
import { readCommandLine } from "../command-line.ts";
import { readPluginPath, readText } from "../plugin-path.ts";

/**
 * `pack DIR`: the artifact of the plugin in a folder, into the working directory or `--out DIR`. With `--sign KEYFILE` its
 * signature beside it; with `--metafile FILE` a bill of what esbuild bundled, run in the working directory. Ends with 1
 * when the folder holds no plugin that a helpdesk would load.
 */
export async function pack(args: readonly string[]): Promise<void> {
	const { path, json, valuesOf } = readCommandLine(args, ["sign", "out", "metafile"]);
	const folder = await readPluginPath(path);
	if (folder.kind === "zip") {
		throw new CommandError(`${path} is a file; pack takes the folder of a plugin`);
	}
	const key = await readSigningKey(valuesOf("sign").at(-1));
	try {
		refuseErrors(folder.findings);
		const bill = await readBill(valuesOf("metafile").at(-1), folder.files);
		const { fileName, zip } = packPlugin(bill ? folder.files.set(SBOM, bill) : folder.files);
		const file = join(valuesOf("out").at(-1) ?? ".", fileName);
		await write(file, zip);
		if (key !== undefined) {
			await write(`${file}.sig`, signArchive(zip, key));
		}
		const signature = key && `${file}.sig`;
		const sha256 = createHash("sha256").update(zip).digest("hex");
		console.log(
			json
				? JSON.stringify({ zip: file, bytes: zip.length, sha256, signature: signature ?? null })
				: [
						`${file}, ${zip.length} bytes, SHA-256 ${sha256}`,
						...(signature ? [signature] : []),
					].join("\n"),
		);
	} catch (error) {
		if (!(error instanceof PluginError)) {
			throw error;
		}
		console.error(error.problems.join("\n"));
		process.exitCode = 1;
	}
}

async function readSigningKey(file: string | undefined) {
	const pem = file === undefined ? undefined : await readText(file);
	try {
		return pem === undefined ? undefined : readPrivateKey(pem);
	} catch (cause) {
		throw new CommandError(`--sign ${file} is no private key for Ed25519 in PEM`, { cause });
	}
}

async function readBill(
	metafile: string | undefined,
	files: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array | undefined> {
	if (metafile === undefined) {
		return undefined;
	}
	const findings: Finding[] = [];
	const manifest = readManifest(files, (found) => findings.push(found));
	refuseErrors(findings);
	const text = await readText(metafile);
	try {
		const { id: name = "", version = "", license = "" } = manifest ?? {};
		return await sbomOf(JSON.parse(text) as Metafile, ".", { name, version, license });
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(
			`--metafile ${metafile} is not what esbuild wrote when it was run here: ${why}`,
			{ cause },
		);
	}
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
	try {
		await writeFile(file, bytes);
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(`${file} cannot be written: ${why}`, { cause });
	}
}
