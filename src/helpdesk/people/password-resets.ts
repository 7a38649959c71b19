import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import { attemptToCount } from "../../contract/count-attempt.ts";
import type { Random } from "../../contract/random.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageKey,
	StorageValue,
} from "../../contract/storage.ts";
import { movedCommit } from "../../contract/storage-copies.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { merged } from "../../storage/merged-commit.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import { NAMESPACES } from "../namespaces.ts";
import { networkDigest } from "./client-address.ts";

const MAX_LETTERS = 5;
const LETTER_WINDOW_MS = 60 * 60_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The account whose password a link sets. */
export type PasswordReset = {
	readonly userId: string;
	readonly sessionEpoch: number;
};

/** Whose link it is, how long it works and why it is made, see {@link PasswordResets.start}. */
type LinkTerms = [
	userId: string,
	sessionEpoch: number,
	lifetimeMs: number,
	reason?: "asked" | "last-way-in",
	network?: string,
];

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
	async start(...about: LinkTerms): Promise<string | undefined> {
		return updateEntry(this.storage, async () => {
			const link = await this.newLink(...about);
			return { commit: link?.commit, result: link?.token };
		});
	}

	/**
	 * Like {@link start}, for somebody else's commit to the storage of the helpdesk. The commit has one check and two sets.
	 * It fails when another link for the same reason was made meanwhile.
	 */
	async startIn(
		...about: LinkTerms
	): Promise<{ readonly token: string; readonly commit: StorageCommit } | undefined> {
		const link = await this.newLink(...about);
		return (
			link && {
				token: link.token,
				commit: movedCommit(link.commit, (key) => [...NAMESPACES.passwordResets, ...key]),
			}
		);
	}

	private async newLink(
		...[userId, sessionEpoch, lifetimeMs, reason = "asked", network = ""]: LinkTerms
	): Promise<{ readonly token: string; readonly commit: StorageCommit } | undefined> {
		const { storage, clock } = this;
		const key = ["letters", reason, userId, ...(network === "" ? [] : [networkDigest(network)])];
		const letters = { key, most: MAX_LETTERS, windowMs: LETTER_WINDOW_MS };
		const { commit: counted } = await attemptToCount({ storage, clock }, letters);
		if (counted === undefined) {
			return undefined;
		}
		const token = Buffer.from(this.random.bytes(32)).toString("base64url");
		const expiresAt = clock.now() + lifetimeMs;
		const link = { key: keyOf(token), value: { userId, sessionEpoch }, expiresAt };
		return { token, commit: merged(counted, { sets: [link] }) };
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
