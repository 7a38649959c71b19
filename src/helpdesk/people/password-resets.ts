import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";

const MAX_LETTERS = 5;
const LETTER_WINDOW_MS = 60 * 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The account whose password a link sets. */
export type PasswordReset = {
	readonly userId: string;
	readonly sessionEpoch: number;
};

type LetterCount = {
	readonly count: number;
	/** When the count starts again. Milliseconds since the epoch. */
	readonly until: number;
};

const RESET: StoredKind<PasswordReset> = { name: "password-resets/reset", read: readReset };
const LETTERS: StoredKind<LetterCount> = { name: "password-resets/letters", read: readLetterCount };

/** Links in letters that let a user choose a password. Each works once, and for a limited time. */
export class PasswordResets {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/**
	 * @param sessionEpoch of the account. Once a new password has raised it, the link no longer works.
	 * @param lifetimeMs how long the link works, in milliseconds.
	 * @param reason each reason has its own limit, so that nobody uses up the letters that the helpdesk writes unasked.
	 * @returns the token for the link; undefined when five letters went out within the last hour.
	 */
	async start(
		userId: string,
		sessionEpoch: number,
		lifetimeMs: number,
		reason: "asked" | "last-way-in" = "asked",
	): Promise<string | undefined> {
		if (!(await this.countLetter(userId, reason))) {
			return undefined;
		}
		const token = Buffer.from(this.random.bytes(32)).toString("base64url");
		const expiresAt = this.clock.now() + lifetimeMs;
		await this.storage.commit({
			sets: [{ key: keyOf(token), value: { userId, sessionEpoch }, expiresAt }],
		});
		return token;
	}

	private async countLetter(userId: string, reason: string): Promise<boolean> {
		const key = ["letters", reason, userId];
		const entry = await this.storage.get(key);
		const { count, until } =
			entry === undefined
				? { count: 0, until: this.clock.now() + LETTER_WINDOW_MS }
				: readEntry(entry, LETTERS);
		return (
			count < MAX_LETTERS &&
			this.storage.commit({
				checks: [{ key, version: entry?.version ?? null }],
				sets: [{ key, value: { count: count + 1, until }, expiresAt: until }],
			})
		);
	}

	async find(token: string): Promise<PasswordReset | undefined> {
		const entry = await this.entryOf(token);
		return entry && readEntry(entry, RESET);
	}

	/** Finds a link and uses it up. Of several simultaneous calls one gets it. */
	async take(token: string): Promise<PasswordReset | undefined> {
		const entry = await this.entryOf(token);
		if (entry === undefined) {
			return undefined;
		}
		const { key, version } = entry;
		// Reading comes first, because a value that cannot be read stays in the storage.
		const reset = readEntry(entry, RESET);
		const taken = await this.storage.commit({ checks: [{ key, version }], deletes: [key] });
		return taken ? reset : undefined;
	}

	private async entryOf(token: string): Promise<StorageEntry | undefined> {
		return TOKEN.test(token) ? this.storage.get(keyOf(token)) : undefined;
	}
}

function keyOf(token: string): StorageKey {
	return ["reset", createHash("sha256").update(token).digest("base64url")];
}

function readReset(value: StorageValue): PasswordReset | undefined {
	const { userId, sessionEpoch } = fieldsOf(value);
	return typeof userId === "string" && typeof sessionEpoch === "number"
		? { userId, sessionEpoch }
		: undefined;
}

function readLetterCount(value: StorageValue): LetterCount | undefined {
	const { count, until } = fieldsOf(value);
	return typeof count === "number" && typeof until === "number" ? { count, until } : undefined;
}
