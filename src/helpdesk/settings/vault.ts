import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { type Secret, secret } from "../../contract/secret.ts";
import { SaidError } from "../locale/said.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** How many secrets stay decrypted in memory, including replaced ones. A helpdesk has a few, and every log-in needs them. */
const KEPT_OPEN = 100;

/**
 * Encrypts stored secrets with AES-256-GCM, each bound to the place where it is stored. The first key encrypts and all keys
 * decrypt, so that a new key can be added before the old one while secrets of the old one are still stored.
 */
export class Vault {
	private readonly keys: readonly { readonly id: string; readonly key: Uint8Array }[];
	/** Opened secrets, by place and sealed text. A secret that is sealed again has another nonce. */
	private readonly opened = new Map<string, Secret>();

	/** @param keys of 32 bytes each, the newest first. */
	constructor(keys: readonly Uint8Array[]) {
		if (keys.length === 0 || keys.some((key) => key.length !== 32)) {
			throw new Error("AES-256 needs at least one key, and each key needs 32 bytes");
		}
		this.keys = keys.map((key) => ({ id: idOf(key), key }));
	}

	seal(value: Secret, place: string): string {
		const [current] = this.keys;
		if (current === undefined) {
			throw new Error("there is no key to encrypt with");
		}
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv("aes-256-gcm", current.key, nonce).setAAD(Buffer.from(place));
		const sealed = Buffer.concat([cipher.update(value.reveal(), "utf8"), cipher.final()]);
		const bytes = Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
		return `${current.id}.${bytes.toString("base64url")}`;
	}

	/** @throws Error when it was sealed with an unknown key or for another place, or was changed. */
	open(sealed: string, place: string): Secret {
		const sealedThere = `${place} ${sealed}`;
		const known = this.opened.get(sealedThere);
		if (known !== undefined) {
			return known;
		}
		const opened = this.decrypted(sealed, place);
		if (this.opened.size >= KEPT_OPEN) {
			this.opened.clear();
		}
		this.opened.set(sealedThere, opened);
		return opened;
	}

	/** Whether it was sealed with a key other than the first one. */
	isOutdated(sealed: string): boolean {
		return sealed.split(".")[0] !== this.keys[0]?.id;
	}

	/** Seals with the first key what another key has sealed. What no key opens stays, in case its key comes back. */
	resealed(sealed: string, place: string): string {
		try {
			return this.isOutdated(sealed) ? this.seal(this.open(sealed, place), place) : sealed;
		} catch {
			return sealed;
		}
	}

	private decrypted(sealed: string, place: string): Secret {
		const [id = "", text = ""] = sealed.split(".");
		const bytes = Buffer.from(text, "base64url");
		const nonce = bytes.subarray(0, NONCE_BYTES);
		const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
		try {
			const known = this.keys.find((each) => each.id === id);
			if (known === undefined) {
				throw new Error(`no key ${id}`);
			}
			const decipher = createDecipheriv("aes-256-gcm", known.key, nonce)
				.setAAD(Buffer.from(place))
				.setAuthTag(tag);
			const opened = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
			return secret(Buffer.concat([opened, decipher.final()]).toString("utf8"));
		} catch (cause) {
			throw new SaidError({ key: "problem.sealed", values: { place } }, { cause });
		}
	}
}

/** Names a key without revealing it. */
function idOf(key: Uint8Array): string {
	return createHash("sha256").update("key id").update(key).digest("hex").slice(0, 8);
}
