import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";

const LIFETIME_MS = 14 * 24 * 60 * 60 * 1000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Who is signed in, and how sure of it the helpdesk is. */
export interface Session {
	readonly [name: string]: string | number;
	readonly subjectId: string;
	/** When they last proved who they are. Milliseconds since the epoch. */
	readonly provenAt: number;
	/** Of the account when the session began; a later one ends the session. */
	readonly epoch: number;
}

/**
 * Who is signed in in which browser. Every browser has a token of 256 bits; a record is stored, under the token's
 * hash, only for one in which somebody is signed in.
 */
export class Sessions {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		/** For the proofs of forms: the first one makes them, all of them are good. */
		private readonly keys: readonly Uint8Array[],
	) {}

	/** A token for a browser in which nobody is signed in. */
	newToken(): string {
		return Buffer.from(this.random.bytes(32)).toString("base64url");
	}

	/** Signs in under a new token, so that one planted before (session fixation) is worth nothing. */
	async open(oldToken: string | undefined, subjectId: string, epoch = 0): Promise<string> {
		const token = this.newToken();
		const provenAt = this.clock.now();
		const value: Session = { subjectId, provenAt, epoch };
		const expiresAt = provenAt + LIFETIME_MS;
		await this.storage.commit({
			sets: [{ key: [hashOf(token)], value, expiresAt }],
			deletes: oldToken === undefined ? [] : [[hashOf(oldToken)]],
		});
		return token;
	}

	async find(token: string): Promise<Session | undefined> {
		const entry = await this.storage.get([hashOf(token)]);
		return entry?.value as Session | undefined;
	}

	async close(token: string): Promise<void> {
		await this.storage.commit({ deletes: [[hashOf(token)]] });
	}

	/** The CSRF proof of a browser: follows from its token, so that nothing is stored for it. */
	csrfOf(token: string): string {
		return proofOf(token, this.keys[0] ?? new Uint8Array());
	}

	isCsrfOf(token: string, proof: string): boolean {
		const given = Buffer.from(proof);
		return this.keys.some((key) => {
			const expected = Buffer.from(proofOf(token, key));
			return given.length === expected.length && timingSafeEqual(given, expected);
		});
	}
}

function proofOf(token: string, key: Uint8Array): string {
	return createHmac("sha256", key).update(`csrf ${token}`).digest("base64url");
}

export function isSessionToken(value: string | undefined): value is string {
	return value !== undefined && TOKEN.test(value);
}

function hashOf(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}
