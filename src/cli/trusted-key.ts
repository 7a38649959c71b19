import type { KeyObject } from "node:crypto";
import { readPublicKey } from "../artifact/zip/signature.ts";
import { CommandError } from "./command-error.ts";
import { readText } from "./plugin-path.ts";

/** Reads a publisher's public key. @param flag the flag that named the file, for the error. */
export async function readTrustedKey(flag: string, file: string): Promise<KeyObject> {
	const pem = await readText(file);
	try {
		return readPublicKey(pem);
	} catch (cause) {
		throw new CommandError(
			`${flag} ${file} is not a public key for Ed25519 in PEM; give the file FILE.pub that keygen made`,
			{ cause },
		);
	}
}
