import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";

const LIFETIME_MS = 14 * 24 * 60 * 60 * 1000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * Who is signed in in which browser. Every browser has a token of 256 bits; a record is stored, under the token's
 * hash, only for one in which somebody is signed in.
 */
export class Sessions {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly key: Uint8Array,
	) {}

	/** A token for a browser in which nobody is signed in. */
	newToken(): string {
		return Buffer.from(this.random.bytes(32)).toString("base64url");
	}

	/** Signs in under a new token, so that one planted before (session fixation) is worth nothing. */
	async open(oldToken: string | undefined, subjectId: string): Promise<string> {
		const token = this.newToken();
		const expiresAt = this.clock.now() + LIFETIME_MS;
		await this.storage.commit({
			sets: [{ key: [hashOf(token)], value: subjectId, expiresAt }],
			deletes: oldToken === undefined ? [] : [[hashOf(oldToken)]],
		});
		return token;
	}

	async subjectOf(token: string): Promise<string | undefined> {
		const entry = await this.storage.get([hashOf(token)]);
		return entry === undefined ? undefined : String(entry.value);
	}

	async close(token: string): Promise<void> {
		await this.storage.commit({ deletes: [[hashOf(token)]] });
	}

	/** The CSRF proof of a browser: follows from its token, so that nothing is stored for it. */
	csrfOf(token: string): string {
		return createHmac("sha256", this.key).update(`csrf ${token}`).digest("base64url");
	}

	isCsrfOf(token: string, proof: string): boolean {
		const expected = Buffer.from(this.csrfOf(token));
		const given = Buffer.from(proof);
		return given.length === expected.length && timingSafeEqual(given, expected);
	}
}

export function isSessionToken(value: string | undefined): value is string {
	return value !== undefined && TOKEN.test(value);
}

function hashOf(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}
