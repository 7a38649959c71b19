import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { comparedAddress } from "./email-key.ts";

const KEPT_MS = 7 * 24 * 60 * 60_000;
const RETRY_MS = 60_000;
/** A mail server takes no heap of connections. */
const MAX_AT_ONCE = 10;
/** Longer than a mail server takes to accept a letter. */
const HELD_MS = 5 * 60_000;

/** Brings one letter on its way; rejects when it could not. */
export type Deliver = (message: MailMessage) => Promise<void>;

export interface KeptLetter extends MailMessage {
	readonly at: number;
	/** Why it is still here; undefined where there is no way to deliver it. */
	readonly problem: string | undefined;
}

interface StoredLetter {
	readonly [name: string]: string | number | null;
	readonly brandId: string;
	readonly to: string;
	readonly subject: string;
	readonly text: string;
	readonly at: number;
	readonly problem: string | null;
	/** The plugin that wrote it; null for the helpdesk itself. */
	readonly pluginId: string | null;
	/** Until then a node is delivering it, unless it crashed. */
	readonly heldUntil: number;
}

interface Stored {
	readonly key: StorageKey;
	readonly version: string;
	readonly letter: StoredLetter;
}

/**
 * Letters are stored before they are sent, so that none is lost in a crash. The node that delivers one holds it
 * meanwhile, so that none goes twice. Without a way to deliver them they stay, for the operators to read.
 */
export class Outbox implements Mail {
	private readonly timer: NodeJS.Timeout | undefined;
	private busy = false;
	private sending = 0;

	/** @param deliver undefined: letters are only kept. */
	constructor(
		private readonly storage: HostStorage,
		private readonly clock: Clock,
		private readonly deliver: Deliver | undefined,
	) {
		this.timer =
			deliver &&
			setInterval(() => {
				// A storage that is away comes back; the letters wait.
				this.deliverAll().catch(() => undefined);
			}, RETRY_MS).unref();
	}

	async send(message: MailMessage): Promise<void> {
		await this.post(message, null);
	}

	/**
	 * For the letters of one plugin.
	 *
	 * @param guarded where this outbox is, as long as anything is to be stored for the plugin.
	 */
	of(pluginId: string, guarded: HostStorage): Mail {
		return { send: (message) => this.post(message, pluginId, guarded) };
	}

	/** What a commit sets, so that a letter of a plugin goes out within minutes. */
	letterOf(message: MailMessage, pluginId: string): NonNullable<StorageCommit["sets"]>[number] {
		const { key, letter } = this.newLetter(message, pluginId, 0);
		return { key, value: letter, expiresAt: letter.at + KEPT_MS };
	}

	private async post(
		message: MailMessage,
		pluginId: string | null,
		storage = this.storage,
	): Promise<void> {
		// A heap of letters waits for its turn.
		const isSentNow = this.deliver !== undefined && this.sending < MAX_AT_ONCE;
		const { key, letter } = this.newLetter(message, pluginId, isSentNow ? HELD_MS : 0);
		await this.store(key, letter, null, storage);
		if (isSentNow) {
			void this.deliverHeld(key, letter);
		}
	}

	/** @param heldMs for how long it is this node's to deliver. */
	private newLetter(
		{ brandId, to, subject, text }: MailMessage,
		pluginId: string | null,
		heldMs: number,
	): { key: StorageKey; letter: StoredLetter } {
		const at = this.clock.now();
		const key = [`${String(at).padStart(16, "0")}-${randomUUID()}`];
		const heldUntil = heldMs === 0 ? 0 : at + heldMs;
		const about = { brandId, to, subject, text, pluginId };
		return { key, letter: { ...about, at, problem: null, heldUntil } };
	}

	/** Newest first. */
	async kept(): Promise<KeptLetter[]> {
		return (await this.stored())
			.map(({ letter }) => ({ ...letter, problem: letter.problem ?? undefined }))
			.sort((a, b) => b.at - a.at);
	}

	/** Drops what was written to somebody who is deleted. */
	async forget(brandId: string, address: string): Promise<void> {
		for (const { key, letter } of await this.stored()) {
			const theirs = comparedAddress(letter.to) === comparedAddress(address);
			if (theirs && letter.brandId === brandId) {
				await this.storage.commit({ deletes: [key] });
			}
		}
	}

	/** Drops what a plugin wrote, which may name people's accounts elsewhere; at one brand, or at all of them. */
	async forgetOf(pluginId: string, brandId?: string): Promise<void> {
		for (const { key, letter } of await this.stored()) {
			if (letter.pluginId === pluginId && (brandId === undefined || letter.brandId === brandId)) {
				await this.storage.commit({ deletes: [key] });
			}
		}
	}

	/** What a crash or a mail server that was away left behind. */
	async deliverAll(): Promise<void> {
		if (this.busy) {
			return;
		}
		this.busy = true;
		try {
			for (const { key, version, letter } of await this.stored()) {
				const now = this.clock.now();
				const held = { ...letter, heldUntil: now + HELD_MS };
				if (letter.heldUntil <= now && (await this.store(key, held, version))) {
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

	private async deliverHeld(key: StorageKey, letter: StoredLetter): Promise<void> {
		const { brandId, to, subject, text } = letter;
		this.sending += 1;
		try {
			await this.deliver?.({ brandId, to, subject, text });
			await this.storage.commit({ deletes: [key] });
		} catch (error) {
			const problem = error instanceof Error ? error.message : String(error);
			// The storage may be what failed; then the letter is held until its time is over.
			await this.release(key, { ...letter, problem, heldUntil: 0 }).catch(() => undefined);
		} finally {
			this.sending -= 1;
		}
	}

	/** A letter that was dropped meanwhile does not come back. */
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

	private async stored(): Promise<Stored[]> {
		const letters: Stored[] = [];
		for await (const entries of pagesOf(this.storage, [])) {
			for (const { key, version, value } of entries) {
				letters.push({ key, version, letter: value as StoredLetter });
			}
		}
		return letters;
	}
}
