import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "../../artifact/finding.ts";
import { compileSchema, problemsOf } from "../../artifact/json-schema.ts";
import { readManifest } from "../../artifact/load/read-manifest.ts";
import { packPlugin, SBOM } from "../../artifact/pack/pack-plugin.ts";
import { type Metafile, sbomOf } from "../../artifact/pack/sbom.ts";
import { PluginError, refuseErrors } from "../../artifact/plugin-error.ts";
import { readPrivateKey, signArchive } from "../../artifact/zip/signature.ts";
import { CommandError } from "../command-error.ts";
import { readCommandLine } from "../command-line.ts";
import { readPluginPath, readText } from "../plugin-path.ts";

const record = (value: object): object => ({ type: "object", additionalProperties: value });
const object = (properties: Readonly<Record<string, object>>): object => ({
	type: "object",
	required: Object.keys(properties),
	properties,
});

const checkMetafile = compileSchema<Metafile>(
	object({
		inputs: record(
			object({ imports: { type: "array", items: object({ path: { type: "string" } }) } }),
		),
		outputs: record(object({ inputs: record(object({ bytesInOutput: { type: "number" } })) })),
	}),
);

/**
 * `pack DIR`: packs the plugin in a folder, into the working directory or into `--out DIR`. With `--sign KEYFILE` it writes
 * the signature next to the zip. With `--metafile FILE` it adds a bill of what esbuild bundled in the working directory.
 * Exits with 1 if the folder holds no plugin that a helpdesk would load.
 */
export async function pack(args: readonly string[]): Promise<void> {
	const { path, json, valuesOf } = readCommandLine(args, ["sign", "out", "metafile"]);
	try {
		const { zip, bytes, sha256, signature } = await packFolder(path, {
			keyFile: valuesOf("sign").at(-1),
			metafile: valuesOf("metafile").at(-1),
			out: valuesOf("out").at(-1) ?? ".",
		});
		const lines = [`${zip}, ${bytes} bytes, SHA-256 ${sha256}`, signature ?? []].flat();
		console.log(json ? JSON.stringify({ zip, bytes, sha256, signature }) : lines.join("\n"));
	} catch (error) {
		if (!(error instanceof PluginError)) {
			throw error;
		}
		console.error(error.problems.join("\n"));
		process.exitCode = 1;
	}
}

interface PackOptions {
	readonly keyFile: string | undefined;
	readonly metafile: string | undefined;
	/** The folder to write to. */
	readonly out: string;
}

/** The files that were written. */
interface Packed {
	readonly zip: string;
	readonly bytes: number;
	/** The SHA-256 of the zip in hexadecimal. */
	readonly sha256: string;
	readonly signature: string | null;
}

/** @throws PluginError when no helpdesk would load the plugin. */
async function packFolder(path: string, { keyFile, metafile, out }: PackOptions): Promise<Packed> {
	const folder = await readPluginPath(path);
	if (folder.kind === "zip") {
		throw new CommandError(`${path} is a file; pack takes the folder of a plugin`);
	}
	const key = await readSigningKey(keyFile);
	refuseErrors(folder.findings);
	const bill = await readBill(metafile, folder.files);
	const { fileName, zip } = packPlugin(bill ? folder.files.set(SBOM, bill) : folder.files);
	const file = join(out, fileName);
	await write(file, zip);
	if (key !== undefined) {
		await write(`${file}.sig`, signArchive(zip, key));
	}
	return {
		zip: file,
		bytes: zip.length,
		sha256: createHash("sha256").update(zip).digest("hex"),
		signature: key === undefined ? null : `${file}.sig`,
	};
}

async function readSigningKey(file: string | undefined) {
	const pem = file === undefined ? undefined : await readText(file);
	try {
		return pem === undefined ? undefined : readPrivateKey(pem);
	} catch (cause) {
		throw new CommandError(
			`--sign ${file} is not a private key for Ed25519 in PEM; keygen makes one`,
			{ cause },
		);
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
		const bundled: unknown = JSON.parse(text);
		if (!checkMetafile(bundled)) {
			throw new Error(problemsOf(checkMetafile).join("; "));
		}
		return await sbomOf(bundled, ".", { name, version, license });
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(
			`--metafile ${metafile} is not a metafile that esbuild wrote in this folder: ${why}`,
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
