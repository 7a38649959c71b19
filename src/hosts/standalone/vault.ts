import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type Secret, secret } from "../../contract/secret.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts secrets at rest with AES-256-GCM, each bound to the place where it is stored. */
export class Vault {
	/** @param key of 32 bytes. */
	constructor(private readonly key: Uint8Array) {
		if (key.length !== 32) {
			throw new Error(`the encryption key has ${key.length} bytes, but AES-256 needs 32`);
		}
	}

	seal(value: Secret, place: string): string {
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv("aes-256-gcm", this.key, nonce).setAAD(Buffer.from(place));
		const sealed = Buffer.concat([cipher.update(value.reveal(), "utf8"), cipher.final()]);
		return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
	}

	/** @throws Error when it was sealed with another key or for another place, or was changed. */
	open(sealed: string, place: string): Secret {
		const bytes = Buffer.from(sealed, "base64url");
		const nonce = bytes.subarray(0, NONCE_BYTES);
		const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
		try {
			const decipher = createDecipheriv("aes-256-gcm", this.key, nonce)
				.setAAD(Buffer.from(place))
				.setAuthTag(tag);
			const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
			return secret(Buffer.concat([text, decipher.final()]).toString("utf8"));
		} catch (cause) {
			throw new Error(
				`the secret of ${place} cannot be decrypted: the key file is another one than when it was saved. Put the old key file back, or save the secret again`,
				{ cause },
			);
		}
	}
}
