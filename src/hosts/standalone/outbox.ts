import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageKey } from "../../contract/storage.ts";

const KEPT_MS = 7 * 24 * 60 * 60_000;
const RETRY_MS = 60_000;
const MAX_AT_ONCE = 10;

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
}

interface Stored {
	readonly key: StorageKey;
	readonly version: string;
	readonly letter: StoredLetter;
}

/**
 * Letters are stored before they are sent, so that none is lost in a crash. Without a way to deliver them they stay,
 * for the operators to read.
 */
export class Outbox implements Mail {
	private readonly timer: NodeJS.Timeout | undefined;
	private busy = false;
	/** Those on their way, so that none goes twice. */
	private readonly sending = new Set<string>();

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

	/** For the letters of one plugin. */
	of(pluginId: string): Mail {
		return { send: (message) => this.post(message, pluginId) };
	}

	private async post(
		{ brandId, to, subject, text }: MailMessage,
		pluginId: string | null,
	): Promise<void> {
		const at = this.clock.now();
		const key = [`${String(at).padStart(16, "0")}-${randomUUID()}`];
		const value: StoredLetter = { brandId, to, subject, text, at, problem: null, pluginId };
		await this.storage.commit({ sets: [{ key, value, expiresAt: at + KEPT_MS }] });
		// A heap of letters waits for its turn: a mail server takes no heap of connections.
		if (this.deliver !== undefined && this.sending.size < MAX_AT_ONCE) {
			const entry = await this.storage.get(key);
			void (entry && this.deliverOne({ key, version: entry.version, letter: value }));
		}
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
			const theirs = letter.to.toLowerCase() === address.toLowerCase();
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
			for (const stored of await this.stored()) {
				await this.deliverOne(stored);
			}
		} finally {
			this.busy = false;
		}
	}

	close(): void {
		clearInterval(this.timer);
	}

	private async deliverOne({ key, version, letter }: Stored): Promise<void> {
		const { brandId, to, subject, text, at } = letter;
		const name = key.join();
		if (this.sending.has(name)) {
			return;
		}
		this.sending.add(name);
		try {
			await this.deliver?.({ brandId, to, subject, text });
			await this.storage.commit({ deletes: [key] });
		} catch (error) {
			const problem = error instanceof Error ? error.message : String(error);
			const value = { ...letter, problem };
			// The storage may be what failed; then the letter is as it was.
			await this.storage
				.commit({
					checks: [{ key, version }],
					sets: [{ key, value, expiresAt: at + KEPT_MS }],
				})
				.catch(() => undefined);
		} finally {
			this.sending.delete(name);
		}
	}

	private async stored(): Promise<Stored[]> {
		const letters: Stored[] = [];
		let cursor: string | undefined;
		do {
			const page = await this.storage.list([], cursor === undefined ? {} : { cursor });
			for (const { key, version, value } of page.entries) {
				letters.push({ key, version, letter: value as StoredLetter });
			}
			cursor = page.cursor;
		} while (cursor !== undefined);
		return letters;
	}
}
