import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../contract/clock.ts";
import type { Random } from "../../../contract/random.ts";
import type { HostStorage, StorageKey } from "../../../contract/storage.ts";

/** How long a page with a challenge can be open before its button is pressed. Milliseconds. */
const LIFETIME_MS = 30 * 60_000;
/** No clock of a node is so wrong that a spent challenge would count again. Milliseconds. */
const CLOCK_ERROR_MS = 30 * 60_000;
/** 128 bits (WebAuthn Level 3, section 13.4.3). */
const RANDOM_BYTES = 16;
const TIME_BYTES = 6;
const SIGNED_BYTES = RANDOM_BYTES + TIME_BYTES;
const SIGNATURE_BYTES = 32;

/** What a passkey is asked for. A challenge for one is worth nothing for another. */
export interface Asked {
	/** Such as `log in` with the id of the brand. */
	readonly use: string;
	/** The token that the browser has in its session cookie. */
	readonly browser: string;
}

/**
 * What authenticators sign. A challenge says itself until when it is good and for which browser, so that nothing is stored
 * for the many pages that nobody sends on. What is stored is that one was used: it counts once.
 */
export class PasskeyChallenges {
	/**
	 * @param storage a namespace whose entries expire.
	 * @param keys the first one signs, all of them verify.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly keys: readonly Uint8Array[],
	) {}

	make(asked: Asked): Uint8Array<ArrayBuffer> {
		const signed = Buffer.alloc(SIGNED_BYTES);
		signed.set(this.random.bytes(RANDOM_BYTES));
		signed.writeUIntBE(this.clock.now() + LIFETIME_MS, RANDOM_BYTES, TIME_BYTES);
		return Uint8Array.from([
			...signed,
			...signature(signed, asked, this.keys[0] ?? new Uint8Array()),
		]);
	}

	/** Whether a challenge was made for this, and is not too old. It may have been used. @param challenge in base64url. */
	isFor(challenge: string, asked: Asked): boolean {
		const bytes = Buffer.from(challenge, "base64url");
		if (bytes.length !== SIGNED_BYTES + SIGNATURE_BYTES) {
			return false;
		}
		const signed = bytes.subarray(0, SIGNED_BYTES);
		const given = bytes.subarray(SIGNED_BYTES);
		return (
			this.clock.now() < signed.readUIntBE(RANDOM_BYTES, TIME_BYTES) &&
			this.keys.some((key) => timingSafeEqual(given, signature(signed, asked, key)))
		);
	}

	/** @param challenge one that {@link isFor} takes. @returns false for one that was used before, on whatever node. */
	async spend(challenge: string): Promise<boolean> {
		const bytes = Buffer.from(challenge, "base64url");
		const key: StorageKey = ["used", createHash("sha256").update(bytes).digest("base64url")];
		const expiresAt = this.clock.now() + LIFETIME_MS + CLOCK_ERROR_MS;
		return this.storage.commit({
			checks: [{ key, version: null }],
			sets: [{ key, value: true, expiresAt }],
		});
	}
}

function signature(signed: Uint8Array, { use, browser }: Asked, key: Uint8Array): Buffer {
	const about = JSON.stringify([use, browser]);
	return createHmac("sha256", key).update(signed).update(about).digest();
}
