import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type {
	HostStorage,
	StorageEntry,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import {
	fieldsOf,
	type ReadEntry,
	readEntry,
	type StoredKind,
} from "../../storage/stored-value.ts";
import { randomCode } from "./mailed-code.ts";

/** How long a code works. */
export const CODE_LIFETIME_MS = 10 * 60_000;
const MAX_GUESSES = 5;
/** How long a browser stays at its address after the last letter. */
const LIFETIME_MS = 30 * 60_000;
/** The letters after which the address stays the same, so that nobody tries out a list of them. */
const LETTERS_UNTIL_FIXED = 2;

/** A code that was sent to prove an address. */
export type PendingProof = {
	readonly userId: string;
	/** The session epoch of the account when the code was asked for. Under another one the code proves nothing. */
	readonly sessionEpoch: number;
	/** In its canonical form. */
	readonly email: string;
	/** The letters that were asked for in this browser. */
	readonly letters: number;
	/** See `hashOf`. */
	readonly codeHash: string;
	/** When the letter was asked for. Milliseconds since the epoch. */
	readonly sentAt: number;
	/** The codes that were entered since. */
	readonly guesses: number;
};

const PENDING: StoredKind<PendingProof> = { name: "address-proofs/pending", read: readPending };

/** Whose browser it is. A code works in no other one, and for no other user. */
export interface Prover {
	readonly userId: string;
	readonly sessionEpoch: number;
	/** The token that the browser has in its session cookie. */
	readonly browserToken: string;
}

/** How a guess ended. `spent`: the code no longer works; `none`: no code was sent for this user in this browser. */
export type Guess =
	| { readonly kind: "right"; readonly email: string }
	| { readonly kind: "wrong" | "spent" | "none" };

/** Codes on their way, one for each browser. Entries expire. */
export class PendingProofs {
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly random: Random,
	) {}

	/** @returns undefined when this user asked for no code in this browser, or all sessions of the account ended since. */
	async find(prover: Prover): Promise<PendingProof | undefined> {
		return (await this.entryOf(prover))?.value;
	}

	/**
	 * Makes a code, which takes the place of the one before.
	 *
	 * @param before see {@link find}.
	 * @returns undefined when another request made one meanwhile.
	 */
	async newCode(
		prover: Prover,
		email: string,
		before: PendingProof | undefined,
	): Promise<string | undefined> {
		const entry = await this.storage.get(keyOf(prover));
		if (proofIn(entry, prover)?.letters !== before?.letters) {
			return undefined;
		}
		const code = randomCode(this.random);
		const { userId, sessionEpoch } = prover;
		const codeHash = hashOf(prover, code);
		const letters = (before?.letters ?? 0) + 1;
		const sentAt = this.clock.now();
		const value = { userId, sessionEpoch, email, letters, codeHash, sentAt, guesses: 0 };
		const made = await this.store(prover, entry?.version ?? null, value);
		return made ? code : undefined;
	}

	/** Commits the count of the guess before comparing, so that simultaneous guesses cannot exceed the limit. */
	async guess(prover: Prover, code: string): Promise<Guess> {
		const counted = await updateEntry<PendingProof | "spent" | "none">(this.storage, async () => {
			const entry = await this.entryOf(prover);
			if (entry === undefined || !this.isUsable(entry.value)) {
				return { result: entry === undefined ? "none" : "spent" };
			}
			const { key, version, value: found } = entry;
			const value = { ...found, guesses: found.guesses + 1 };
			const sets = [{ key, value, expiresAt: found.sentAt + LIFETIME_MS }];
			return { commit: { checks: [{ key, version }], sets }, result: value };
		});
		if (typeof counted === "string") {
			return { kind: counted };
		}
		if (isSame(counted.codeHash, hashOf(prover, code))) {
			return { kind: "right", email: counted.email };
		}
		return { kind: this.isUsable(counted) ? "wrong" : "spent" };
	}

	/** Deletes the code of this browser. */
	async end(prover: Prover): Promise<void> {
		await this.storage.commit({ deletes: [keyOf(prover)] });
	}

	/** Whether a guess can still be right. */
	isUsable({ guesses, sentAt }: PendingProof): boolean {
		return guesses < MAX_GUESSES && this.clock.now() < sentAt + CODE_LIFETIME_MS;
	}

	private async entryOf(prover: Prover): Promise<ReadEntry<PendingProof> | undefined> {
		const entry = await this.storage.get(keyOf(prover));
		const value = proofIn(entry, prover);
		return entry && value && { ...entry, value };
	}

	private async store(
		prover: Prover,
		version: string | null,
		value: PendingProof,
	): Promise<boolean> {
		const key = keyOf(prover);
		const sets = [{ key, value, expiresAt: value.sentAt + LIFETIME_MS }];
		return this.storage.commit({ checks: [{ key, version }], sets });
	}
}

/** Whether the address stays the same until the entry expires. */
export function isFixed({ letters }: PendingProof): boolean {
	return letters >= LETTERS_UNTIL_FIXED;
}

/** An entry of another user, or from before all sessions of the account ended, counts as none. */
function proofIn(
	entry: StorageEntry | undefined,
	{ userId, sessionEpoch }: Prover,
): PendingProof | undefined {
	const value = entry && readEntry(entry, PENDING);
	const isOwn = value?.userId === userId && value.sessionEpoch === sessionEpoch;
	return isOwn ? value : undefined;
}

function keyOf({ browserToken }: Prover): StorageKey {
	return ["pending", digestOf(`address proof ${browserToken}`)];
}

/** Hashes the code with the browser's token. That is not stored, so a reader of the storage cannot try all codes. */
function hashOf({ browserToken }: Prover, code: string): string {
	return digestOf(`address code ${browserToken} ${code}`);
}

function digestOf(text: string): string {
	return createHash("sha256").update(text).digest("base64url");
}

function isSame(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a), Buffer.from(b)];
	return left.length === right.length && timingSafeEqual(left, right);
}

function readPending(value: StorageValue): PendingProof | undefined {
	const { userId, sessionEpoch, email, letters, codeHash, sentAt, guesses } = fieldsOf(value);
	return typeof userId === "string" &&
		typeof sessionEpoch === "number" &&
		typeof email === "string" &&
		typeof letters === "number" &&
		typeof codeHash === "string" &&
		typeof sentAt === "number" &&
		typeof guesses === "number"
		? { userId, sessionEpoch, email, letters, codeHash, sentAt, guesses }
		: undefined;
}
