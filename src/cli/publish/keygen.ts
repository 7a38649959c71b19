import { writeFile } from "node:fs/promises";
import { keyId, newKeyPair, readPublicKey } from "../../artifact/zip/signature.ts";
import { CommandError } from "../command-error.ts";
import { readCommandLine } from "../command-line.ts";

/** `keygen FILE`: makes a publisher's key for `pack --sign`, and in `FILE.pub` the key for `verify --key`. Overwrites nothing. */
export async function keygen(args: readonly string[]): Promise<void> {
	const { path, json } = readCommandLine(args, []);
	const { privateKey, publicKey } = newKeyPair();
	await writeNew(path, privateKey, 0o600);
	await writeNew(`${path}.pub`, publicKey, 0o644);
	const id = keyId(readPublicKey(publicKey));
	console.log(
		json
			? JSON.stringify({ privateKey: path, publicKey: `${path}.pub`, id })
			: `${path} is the private key. Keep it secret.\n${path}.pub is the public key ${id}`,
	);
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
	try {
		await writeFile(file, text, { mode, flag: "wx" });
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new CommandError(`${file} cannot be written: ${why}`, { cause });
	}
}
