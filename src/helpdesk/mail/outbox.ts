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
import { type ReadEntry, readableEntries } from "../../storage/stored-value.ts";
import { comparedAddress } from "./email-key.ts";
import { STORED_LETTER, type StoredLetter } from "./stored-letter.ts";

const KEPT_MS = 7 * 24 * 60 * 60_000;
const RETRY_MS = 60_000;
/** Mail servers limit how many connections one client may open. */
const MAX_AT_ONCE = 10;
/** Longer than a mail server takes to accept a letter. */
const HELD_MS = 5 * 60_000;

/** Delivers one letter; rejects when it could not. */
export type Deliver = (message: MailMessage) => Promise<void>;

export interface KeptLetter extends MailMessage {
	/** When it was written. Milliseconds since the epoch. */
	readonly at: number;
	/** Why the last try to deliver it failed; undefined before the first try. */
	readonly problem: string | undefined;
}

/**
 * Letters are stored before they are sent, so that a crash loses none. The node that delivers a letter holds it
 * meanwhile, so that no other node sends it again. Without a way to deliver them letters stay, for the operators to read.
 */
export class Outbox implements Mail {
	private readonly timer: NodeJS.Timeout | undefined;
	private busy = false;
	private sending = 0;
	private isFailing = false;

	/**
	 * @param deliver undefined: letters are only kept.
	 * @param report called for stored letters that cannot be read and are left out, and for the first of the letters in a
	 * row that cannot be delivered. It never gets an address.
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
			.map(({ value: { brandId, to, subject, text, at, problem } }) => ({
				...{ brandId, to, subject, text, at },
				problem: problem ?? undefined,
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
				const held = { ...value, heldUntil: now + HELD_MS };
				if (value.heldUntil <= now && (await this.store(key, held, version))) {
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
		{ brandId, to, subject, text }: MailMessage,
		pluginId: string | null,
		heldMs: number,
	): { readonly key: StorageKey; readonly value: StoredLetter } {
		const at = this.clock.now();
		const key = [`${String(at).padStart(16, "0")}-${randomUUID()}`];
		const heldUntil = heldMs === 0 ? 0 : at + heldMs;
		const about = { brandId, to, subject, text, pluginId };
		return { key, value: { ...about, at, problem: null, heldUntil } };
	}

	private async deliverHeld(key: StorageKey, letter: StoredLetter): Promise<void> {
		const { brandId, to, subject, text } = letter;
		this.sending += 1;
		try {
			await this.deliver?.({ brandId, to, subject, text });
			this.isFailing = false;
			await this.storage.commit({ deletes: [key] });
		} catch (error) {
			const problem = error instanceof Error ? error.message : String(error);
			if (!this.isFailing) {
				this.isFailing = true;
				this.report("letters wait", "a letter stays in the mailbox, which says why");
			}
			// If the storage failed, the letter stays held until its time is over.
			await this.release(key, { ...letter, problem, heldUntil: 0 }).catch(() => undefined);
		} finally {
			this.sending -= 1;
		}
	}

	/** A letter that was deleted meanwhile does not come back. */
	private async release(key: StorageKey, letter: StoredLetter): Promise<void> {
		const entry = await this.storage.get(key);
		if (entry !== undefined) {
			await this.store(key, letter, entry.version);
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
