import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	type KeyObject,
	sign,
	verify,
} from "node:crypto";
import { type Finding, finding } from "../finding.ts";

const SIGNATURE = /^ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\n$/;

/** A publisher's private key and its public key, in PEM as `openssl pkey` reads it. */
export function newKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	return {
		privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
		publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
	};
}

/** @throws Error when the PEM holds no private Ed25519 key. */
export function readPrivateKey(pem: string): KeyObject {
	return ed25519(createPrivateKey(pem));
}

/** Takes a private key as well, and returns its public half. @throws Error when the PEM holds no Ed25519 key. */
export function readPublicKey(pem: string): KeyObject {
	return ed25519(createPublicKey(pem));
}

function ed25519(key: KeyObject): KeyObject {
	if (key.asymmetricKeyType !== "ed25519") {
		throw new Error(`it is a key for ${key.asymmetricKeyType}, not for ed25519`);
	}
	return key;
}

/** The 32 bytes of a public key in hexadecimal, so that people can compare keys. */
export function keyId(key: KeyObject): string {
	const { x = "" } = (key.type === "public" ? key : createPublicKey(key)).export({ format: "jwk" });
	return Buffer.from(x, "base64url").toString("hex");
}

/** The signature of every byte of a zip, as one line: `ed25519 <public key> <signature>`. */
export function signArchive(zip: Uint8Array, privateKey: KeyObject): Uint8Array {
	const signature = sign(null, zip, privateKey).toString("hex");
	return new TextEncoder().encode(`ed25519 ${keyId(privateKey)} ${signature}\n`);
}

/**
 * The finding that says why the zip is not from a trusted publisher. `undefined` when it is. A zip without a signature
 * is an error where keys are trusted, and a warning where no key is.
 */
export function checkSignature(
	zip: Uint8Array,
	signature: Uint8Array | undefined,
	trustedKeys: readonly KeyObject[],
): Finding | undefined {
	const isDemanded = trustedKeys.length > 0;
	if (signature === undefined) {
		return finding("unsigned", "it is unsigned, so it may come from anybody", {
			severity: isDemanded ? "error" : "warning",
		});
	}
	const [, id = "", hex = ""] = SIGNATURE.exec(Buffer.from(signature).toString("latin1")) ?? [];
	if (id === "") {
		return finding("wrong-signature", "its signature is not `ed25519 <public key> <signature>`");
	}
	if (!isSignedBy(zip, id, hex)) {
		return finding("wrong-signature", `the signature by key ${id} does not match the zip`);
	}
	if (!isDemanded) {
		const message = `key ${id} signed it, but no key is trusted here, so it counts as unsigned`;
		return finding("unsigned", message);
	}
	return trustedKeys.some((key) => keyId(key) === id)
		? undefined
		: finding("untrusted-key", `key ${id} signed it, and that key is not trusted here`);
}

/** The key whose signature matches this zip, in hexadecimal. Undefined where it does not match. */
export function signerOf(zip: Uint8Array, signature: Uint8Array): string | undefined {
	const [, id = "", hex = ""] = SIGNATURE.exec(Buffer.from(signature).toString("latin1")) ?? [];
	return id !== "" && isSignedBy(zip, id, hex) ? id : undefined;
}

function isSignedBy(zip: Uint8Array, id: string, signature: string): boolean {
	const x = Buffer.from(id, "hex").toString("base64url");
	try {
		const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
		return verify(null, zip, key, Buffer.from(signature, "hex"));
	} catch {
		// Not every 32 bytes are a key.
		return false;
	}
}
