import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";

const LIFETIME_MS = 24 * 60 * 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What a person typed to register, until the owner of the address opens the link in the letter. */
export type PendingRegistration = {
	readonly brandId: string;
	readonly name: string;
	/** In its canonical form. */
	readonly email: string;
	/** BCP 47. */
	readonly locale: string;
	/** Hashed. */
	readonly password: string;
	/** The browser that registered, see {@link browserOf}. */
	readonly browser: string;
	/** The path of the portal that the visitor wanted to see. Records of version 0.2.0 have none. */
	readonly returnPath?: string;
};

const PENDING: StoredKind<PendingRegistration> = {
	name: "pending-registrations",
	read: readPending,
};

/**
 * Registrations that wait for the owner of the address, for one day. There is no account until then, so that nobody can
 * make one with somebody else's address, and nobody learns who has one.
 */
export class PendingRegistrations {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/** @returns the token for the link in the letter. */
	async start(registration: PendingRegistration): Promise<string> {
		const token = Buffer.from(this.random.bytes(32)).toString("base64url");
		const expiresAt = this.clock.now() + LIFETIME_MS;
		await this.storage.commit({ sets: [{ key: keyOf(token), value: registration, expiresAt }] });
		return token;
	}

	async find(token: string): Promise<PendingRegistration | undefined> {
		const entry = TOKEN.test(token) ? await this.storage.get(keyOf(token)) : undefined;
		return entry && readEntry(entry, PENDING);
	}

	async end(token: string): Promise<void> {
		await this.storage.commit({ deletes: [keyOf(token)] });
	}
}

/** A browser as it is stored. @param token the one that the browser has in its session cookie. */
export function browserOf(token: string): string {
	return createHash("sha256").update(`registration ${token}`).digest("base64url");
}

function keyOf(token: string): StorageKey {
	return [createHash("sha256").update(token).digest("base64url")];
}

function readPending(value: StorageValue): PendingRegistration | undefined {
	const { brandId, name, email, locale, password, browser, returnPath } = fieldsOf(value);
	return typeof brandId === "string" &&
		typeof name === "string" &&
		typeof email === "string" &&
		typeof locale === "string" &&
		typeof password === "string" &&
		typeof browser === "string"
		? {
				...{ brandId, name, email, locale, password, browser },
				...(typeof returnPath === "string" && { returnPath }),
			}
		: undefined;
}
