import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, readText, type StoredKind } from "../../storage/stored-value.ts";

const LIFETIME_MS = 14 * 24 * 60 * 60 * 1000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The user or operator who is logged in, and since when. */
export type Session = {
	/** The id of a user, or the address of an operator. */
	readonly subjectId: string;
	/** When they last proved who they are. Milliseconds since the epoch. */
	readonly provenAt: number;
	/** The session epoch of the account when the session began. Another epoch ends the session. */
	readonly epoch: number;
	/** Names the session in storage, and opens nothing. It stays when the user proves again who they are. */
	readonly id: string;
};

/** Sessions that were not continued, and those of earlier versions, have the hash of their token as their id. */
type StoredSession = Omit<Session, "id"> & Partial<Pick<Session, "id">>;

const SESSION: StoredKind<StoredSession> = { name: "sessions", read: readSession };
const CONTINUED: StoredKind<string> = { name: "sessions/continued", read: readText };

/**
 * The users and operators who are logged in, by browser. Every browser has a token of 256 bits. A record is stored only
 * for a browser in which somebody is logged in, under the token's hash.
 */
export class Sessions {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
		/** The keys for the CSRF proofs of forms: the first one makes proofs, all of them accept proofs. */
		private readonly keys: readonly Uint8Array[],
	) {}

	/** A token for a browser in which nobody is logged in. */
	newToken(): string {
		return Buffer.from(this.random.bytes(32)).toString("base64url");
	}

	/**
	 * Opens a session under a new token, so that a token planted before (session fixation) is worth nothing.
	 *
	 * @param epoch the session epoch of the account that was checked. A session under another one is over at once, so it
	 * makes no difference what happens between the check and this call.
	 * @param provenAt when the person last proved who they are. Milliseconds since the epoch. Left out: now.
	 * @param continued the id of the session of the same person that this one goes on with. Left out: a new id.
	 */
	async open(
		oldToken: string | undefined,
		subjectId: string,
		epoch = 0,
		provenAt = this.clock.now(),
		continued?: string,
	): Promise<string> {
		const token = this.newToken();
		const at = hashOf(token);
		const expiresAt = this.clock.now() + LIFETIME_MS;
		const session: StoredSession = { subjectId, provenAt, epoch };
		await this.storage.commit({
			sets:
				continued === undefined
					? [{ key: [at], value: session, expiresAt }]
					: [
							{ key: [at], value: { ...session, id: continued }, expiresAt },
							{ key: continuedKey(continued), value: at, expiresAt },
						],
			deletes: oldToken === undefined ? [] : [[hashOf(oldToken)]],
		});
		return token;
	}

	async find(token: string): Promise<Session | undefined> {
		return this.at(hashOf(token));
	}

	/** The id of a session that was opened with a token, and that continues no other. */
	idOf(token: string): string {
		return hashOf(token);
	}

	/** @param id see {@link Session.id}. */
	async findById(id: string): Promise<Session | undefined> {
		if (!TOKEN.test(id)) {
			return undefined;
		}
		const session = await this.at(id);
		if (session !== undefined) {
			return session;
		}
		const entry = await this.storage.get(continuedKey(id));
		return entry && this.at(readEntry(entry, CONTINUED));
	}

	async close(token: string): Promise<void> {
		await this.storage.commit({ deletes: [[hashOf(token)]] });
	}

	/** The CSRF proof of a browser. It is computed from the token, so nothing is stored for it. */
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

	/** @param at the hash of the session's token. */
	private async at(at: string): Promise<Session | undefined> {
		const entry = await this.storage.get([at]);
		return entry && { id: at, ...readEntry(entry, SESSION) };
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

function continuedKey(id: string): StorageKey {
	return ["continued", id];
}

function readSession(value: StorageValue): StoredSession | undefined {
	const { subjectId, provenAt, epoch = 0, id } = fieldsOf(value);
	const isReadable =
		typeof subjectId === "string" &&
		typeof provenAt === "number" &&
		typeof epoch === "number" &&
		(id === undefined || typeof id === "string");
	return isReadable ? { subjectId, provenAt, epoch, ...(id !== undefined && { id }) } : undefined;
}
