import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";
import type {
	HostStorage,
	StorageCommit,
	StorageEntry,
	StorageKey,
} from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { fieldsOf, type ReadEntry, readableEntries } from "../../storage/stored-value.ts";
import { comparedAddress } from "./email-key.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";
import { STORED_LETTER, type StoredLetter } from "./stored-letter.ts";

const KEPT_MS = 7 * 24 * 60 * 60_000;
/** How often the outbox looks for letters to try again. */
const RETRY_MS = 60_000;
/** Each failure doubles the wait, from one minute to an hour. */
const LONGEST_WAIT_MS = 60 * 60_000;
/** How long a letter is of use that does not say it. */
const USEFUL_MS = 24 * 60 * 60_000;
/** Mail servers limit how many connections one client may open. */
const MAX_AT_ONCE = 10;
/** Longer than a mail server takes to accept a letter. */
const HELD_MS = 5 * 60_000;

/** Delivers one letter; rejects when it could not, with a {@link LetterRefusedError} when it never will. */
export type Deliver = (message: MailMessage) => Promise<void>;

export interface KeptLetter extends MailMessage {
	/** When it was written. Milliseconds since the epoch. */
	readonly at: number;
	/** Why the last try to deliver it failed; undefined before the first try. */
	readonly problem: string | undefined;
	/**
	 * `waits`: for a try, or for the operators to read. `refused`: the mail server will never take it; `late`: it was not
	 * delivered while it was of use. Neither is tried again, and their texts are gone.
	 */
	readonly state: "waits" | NonNullable<StoredLetter["ended"]>;
	/** When it ceases to be of use. Milliseconds since the epoch. */
	readonly usefulUntil: number;
}

/**
 * Letters are stored before they are sent, so that a crash loses none. The node that delivers a letter holds it
 * meanwhile, so that no other node sends it again. After a failure a letter waits longer each time, as long as it is of use.
 * Without a way to deliver them letters stay, for the operators to read.
 */
export class Outbox implements Mail {
	private readonly timer: NodeJS.Timeout | undefined;
	private busy = false;
	private sending = 0;
	private isFailing = false;

	/**
	 * @param deliver undefined: letters are only kept.
	 * @param report called for stored letters that cannot be read and are left out, for the first of the letters in a row that
	 * cannot be delivered, and for each that is not tried again. It never gets an address.
	 */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly deliver: Deliver | undefined,
		private readonly report: (what: string, error: unknown) => void,
	) {
		this.timer =
			deliver &&
			setInterval(() => {
				// The letters wait until the storage answers again.
				this.deliverAll().catch(() => undefined);
			}, RETRY_MS).unref();
	}

	async send(message: MailMessage): Promise<void> {
		await this.post(message, null);
	}

	/**
	 * The outbox for the letters of one plugin.
	 *
	 * @param guarded the storage of this outbox, which refuses commits once nothing more is to be stored for the
	 * plugin.
	 */
	of(pluginId: string, guarded: HostStorage): Mail {
		return { send: (message) => this.post(message, pluginId, guarded) };
	}

	/** A letter of a plugin as part of a commit; it goes out within minutes. */
	letterOf(message: MailMessage, pluginId: string): NonNullable<StorageCommit["sets"]>[number] {
		const { key, value } = this.newLetter(message, pluginId, 0);
		return { key, value, expiresAt: value.at + KEPT_MS };
	}

	/**
	 * The stored letters, newest first.
	 *
	 * @param report takes letters that cannot be read, instead of the report of the constructor.
	 */
	async kept(report = this.report): Promise<KeptLetter[]> {
		return (await this.stored(report))
			.map(({ value }) => ({
				...messageIn(value),
				at: value.at,
				problem: value.problem ?? undefined,
				state: value.ended ?? ("waits" as const),
				usefulUntil: usefulUntil(value),
			}))
			.sort((a, b) => b.at - a.at);
	}

	/** Deletes the letters to a user who is deleted. */
	async forget(brandId: string, address: string): Promise<void> {
		const theirs = comparedAddress(address);
		await this.drop(
			(letter) => letter.brandId === brandId && comparedAddress(letter.to) === theirs,
		);
	}

	/** Deletes the letters of a plugin at one brand or at all. They may name people's accounts at the provider. */
	async forgetOf(pluginId: string, brandId?: string): Promise<void> {
		await this.drop(
			(letter) =>
				letter.pluginId === pluginId && (brandId === undefined || letter.brandId === brandId),
		);
	}

	/** Delivers the letters that a crash or an absent mail server left behind. */
	async deliverAll(): Promise<void> {
		if (this.busy) {
			return;
		}
		this.busy = true;
		try {
			for (const { key, version, value } of await this.stored()) {
				const now = this.clock.now();
				if (value.ended !== undefined || value.heldUntil > now) {
					continue;
				}
				if (usefulUntil(value) <= now) {
					await this.end(key, value, version, "late");
					continue;
				}
				const held = { ...value, heldUntil: now + HELD_MS };
				if (await this.store(key, held, version)) {
					await this.deliverHeld(key, held);
				}
			}
		} finally {
			this.busy = false;
		}
	}

	close(): void {
		clearInterval(this.timer);
	}

	private async post(
		message: MailMessage,
		pluginId: string | null,
		storage = this.storage,
	): Promise<void> {
		// Beyond the limit, letters wait for the timer.
		const isSentNow = this.deliver !== undefined && this.sending < MAX_AT_ONCE;
		const { key, value } = this.newLetter(message, pluginId, isSentNow ? HELD_MS : 0);
		await this.store(key, value, null, storage);
		if (isSentNow) {
			void this.deliverHeld(key, value);
		}
	}

	/** @param heldMs how long only this node may deliver it. */
	private newLetter(
		{ brandId, to, subject, text, usefulForMs = USEFUL_MS }: MailMessage,
		pluginId: string | null,
		heldMs: number,
	): { readonly key: StorageKey; readonly value: StoredLetter } {
		const at = this.clock.now();
		const key = [`${String(at).padStart(16, "0")}-${randomUUID()}`];
		const heldUntil = heldMs === 0 ? 0 : at + heldMs;
		const about = { brandId, to, subject, text, pluginId };
		const usefulUntil = at + Math.min(usefulForMs, KEPT_MS);
		return { key, value: { ...about, at, problem: null, heldUntil, usefulUntil } };
	}

	private async deliverHeld(key: StorageKey, letter: StoredLetter): Promise<void> {
		this.sending += 1;
		try {
			await this.deliver?.(messageIn(letter));
			this.isFailing = false;
			await this.storage.commit({ deletes: [key] });
		} catch (error) {
			// If the storage failed, the letter stays held until its time is over.
			await this.release(key, letter, error).catch(() => undefined);
		} finally {
			this.sending -= 1;
		}
	}

	/** Notes why a letter could not be delivered. One that was deleted meanwhile does not come back. */
	private async release(key: StorageKey, letter: StoredLetter, error: unknown): Promise<void> {
		const problem = error instanceof Error ? error.message : String(error);
		const isRefused = error instanceof LetterRefusedError;
		if (!isRefused && !this.isFailing) {
			this.isFailing = true;
			this.report("letters wait", "a letter stays in the mailbox, which says why");
		}
		const entry = await this.storage.get(key);
		// Another node has it if this one took too long.
		if (entry === undefined || fieldsOf(entry.value)["heldUntil"] !== letter.heldUntil) {
			return;
		}
		const failed = { ...letter, problem, failures: (letter.failures ?? 0) + 1 };
		if (isRefused) {
			return this.end(key, failed, entry.version, "refused");
		}
		const wait = Math.min(RETRY_MS * 2 ** (failed.failures - 1), LONGEST_WAIT_MS);
		const heldUntil = Math.min(this.clock.now() + wait, usefulUntil(letter));
		await this.store(key, { ...failed, heldUntil }, entry.version);
	}

	/** Marks a letter that is not tried again. Earlier versions do not know the mark, so they find it held. */
	private async end(
		key: StorageKey,
		letter: StoredLetter,
		version: string,
		ended: NonNullable<StoredLetter["ended"]>,
	): Promise<void> {
		const kept = { ...letter, text: "", ended, heldUntil: letter.at + KEPT_MS };
		if (await this.store(key, kept, version)) {
			this.report("a letter was not delivered", "it is not tried again; the mailbox says why");
		}
	}

	private store(
		key: StorageKey,
		letter: StoredLetter,
		version: string | null,
		storage = this.storage,
	): Promise<boolean> {
		return storage.commit({
			checks: [{ key, version }],
			sets: [{ key, value: letter, expiresAt: letter.at + KEPT_MS }],
		});
	}

	private async drop(isMeant: (letter: StoredLetter) => boolean): Promise<void> {
		for (const { key, value } of await this.stored()) {
			if (isMeant(value)) {
				await this.storage.commit({ deletes: [key] });
			}
		}
	}

	private async stored(report = this.report): Promise<ReadEntry<StoredLetter>[]> {
		const entries: StorageEntry[] = [];
		for await (const page of pagesOf(this.storage, [])) {
			entries.push(...page);
		}
		return readableEntries(entries, STORED_LETTER, report);
	}
}

function messageIn({ brandId, to, subject, text }: StoredLetter): MailMessage {
	return { brandId, to, subject, text };
}

/** When a letter ceases to be of use. Milliseconds since the epoch. */
function usefulUntil({ at, usefulUntil: until = at + USEFUL_MS }: StoredLetter): number {
	return until;
}
