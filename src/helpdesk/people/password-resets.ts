import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import { countAttempt } from "../../contract/count-attempt.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { networkDigest } from "./client-address.ts";

const MAX_LETTERS = 5;
const LETTER_WINDOW_MS = 60 * 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The account whose password a link sets. */
export type PasswordReset = {
	readonly userId: string;
	readonly sessionEpoch: number;
};

const RESET: StoredKind<PasswordReset> = { name: "password-resets/reset", read: readReset };

/**
 * Links in letters that let a user choose a password. Each works once, and for a limited time. All links of an account
 * end together: with the first one that sets a password, and whenever all sessions of the account end.
 */
export class PasswordResets {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/**
	 * @param sessionEpoch of the account. The link works as long as it is the same.
	 * @param lifetimeMs how long the link works, in milliseconds.
	 * @param reason each reason has its own limit, so that nobody uses up the letters that the helpdesk writes unasked.
	 * @param network of the visitor who asked, see `clientNetwork`. Each has its own limit, so that a stranger does not use
	 * up the letters of the account's owner. Empty for letters that nobody asked for.
	 * @returns the token for the link; undefined when five letters went out within the last hour.
	 */
	async start(
		userId: string,
		sessionEpoch: number,
		lifetimeMs: number,
		reason: "asked" | "last-way-in" = "asked",
		network = "",
	): Promise<string | undefined> {
		const { storage, clock } = this;
		const key = ["letters", reason, userId, ...(network === "" ? [] : [networkDigest(network)])];
		const letters = { key, most: MAX_LETTERS, windowMs: LETTER_WINDOW_MS };
		if ((await countAttempt({ storage, clock }, letters)) > 0) {
			return undefined;
		}
		const token = Buffer.from(this.random.bytes(32)).toString("base64url");
		const expiresAt = this.clock.now() + lifetimeMs;
		await this.storage.commit({
			sets: [{ key: keyOf(token), value: { userId, sessionEpoch }, expiresAt }],
		});
		return token;
	}

	async find(token: string): Promise<PasswordReset | undefined> {
		const entry = TOKEN.test(token) ? await this.storage.get(keyOf(token)) : undefined;
		return entry && readEntry(entry, RESET);
	}

	/** Deletes a link that has set a password. The account's new session epoch has ended it already. */
	async end(token: string): Promise<void> {
		await this.storage.commit({ deletes: [keyOf(token)] });
	}
}

function keyOf(token: string): StorageKey {
	return ["reset", digestOf(token)];
}

/** Neither links nor addresses of people are stored in clear. */
function digestOf(text: string): string {
	return createHash("sha256").update(text).digest("base64url");
}

function readReset(value: StorageValue): PasswordReset | undefined {
	const { userId, sessionEpoch } = fieldsOf(value);
	return typeof userId === "string" && typeof sessionEpoch === "number"
		? { userId, sessionEpoch }
		: undefined;
}
