import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import { comparedAddress } from "./email-key.ts";
import { type Deliver, LetterDelivery, messageIn } from "./letter-delivery.ts";
import { NEWEST, placeOfAddress, placeOfPlugin } from "./letter-index.ts";
import { LetterStore } from "./letter-store.ts";
import { type LetterWriter, MOST_LETTERS, OutboxBounds } from "./outbox-bounds.ts";
import { KEPT_MS, type StoredLetter, USEFUL_MS, usefulUntil } from "./stored-letter.ts";
import { UnindexedLetters } from "./unindexed-letters.ts";

/** How often the outbox looks for letters to try again. */
const RETRY_MS = 60_000;
/** How often letters above the bound are deleted. */
const TRIM_MS = 60_000;
/** How many letters operators see at once. */
const SHOWN_LETTERS = 25;
/** How many lists a page spends on letters that are not in the index yet. */
const INDEXED_FOR_PAGE = 4;
const INDEXED_FOR_DUTY = 200;

type Report = (what: string, error: unknown) => void;

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

export interface KeptLetters {
	/** The newest first. */
	readonly letters: readonly KeptLetter[];
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
	/** Whether letters that an earlier version stored may be missing, because they are not in the index yet. */
	readonly isPartial: boolean;
}

/**
 * Letters are stored before they are sent, so that a crash loses none. The node that delivers a letter holds it
 * meanwhile, so that no other node sends it again. After a failure a letter waits longer each time, as long as it is of use.
 * Without a way to deliver them letters stay, for the operators to read.
 */
export class Outbox implements Mail {
	/** Deletes letters above the bound. Any node may run it, at any time. */
	readonly trimming = {
		name: "trim-mail",
		everyMs: TRIM_MS,
		run: async (): Promise<string | undefined> => {
			await this.unindexed.index(INDEXED_FOR_DUTY);
			const dropped = await this.bounds.trim(this.delivery !== undefined);
			return dropped === 0 ? undefined : `E-mails deleted because there were too many: ${dropped}`;
		},
	};
	private readonly store: LetterStore;
	private readonly unindexed: UnindexedLetters;
	private readonly bounds: OutboxBounds;
	/** Undefined where letters are only kept. */
	private readonly delivery: LetterDelivery | undefined;
	private readonly timer: NodeJS.Timeout | undefined;

	/**
	 * @param storage the storage of the helpdesk.
	 * @param deliver undefined: letters are only kept.
	 * @param report called for stored letters that cannot be read and are left out, for the first of the letters in a row that
	 * cannot be delivered, and for each that is not tried again. It never gets an address.
	 * @param most the most letters that are kept.
	 */
	constructor(
		storage: HostStorage,
		private readonly clock: Clock,
		deliver: Deliver | undefined,
		report: Report,
		most = MOST_LETTERS,
	) {
		this.store = new LetterStore(storage, report);
		this.unindexed = new UnindexedLetters(storage, this.store, clock, report);
		this.bounds = new OutboxBounds(storage, this.store, clock, most);
		this.delivery =
			deliver && new LetterDelivery(this.store, this.unindexed, clock, deliver, report);
		this.timer =
			deliver &&
			setInterval(() => {
				// The letters wait until the storage answers again.
				this.deliverAll().catch(() => undefined);
			}, RETRY_MS).unref();
	}

	/** @throws StorageError also when too many letters wait for the mail server. */
	async send(message: MailMessage): Promise<void> {
		await this.post(message, null);
	}

	/**
	 * The outbox for the letters of one plugin.
	 *
	 * @param guarded the storage of the helpdesk, which refuses commits once nothing more is to be stored for the plugin.
	 */
	of(pluginId: string, guarded: HostStorage): Mail {
		return { send: (message) => this.post(message, pluginId, guarded) };
	}

	/**
	 * A letter with its index as a part of a commit to the storage of the helpdesk: at most five keys. It goes out within
	 * minutes of the commit. Ask {@link expectRoom} first.
	 *
	 * @param pluginId null for a letter of the helpdesk itself.
	 */
	letterSets(message: MailMessage, pluginId: string | null): NonNullable<StorageCommit["sets"]> {
		const { id, letter } = this.newLetter(message, pluginId, 0);
		return this.store.setsOf(id, letter);
	}

	/**
	 * Takes room for letters that {@link letterSets} is about to make. Without a mail server there is always room, because
	 * the oldest letters make it.
	 *
	 * @param letters at most 200. 0 only asks whether there is room for one, for a request whose letter is written after the
	 * answer.
	 * @param writer for jobs only half of the room is there.
	 * @throws StorageError when too many letters wait for the mail server.
	 */
	async expectRoom(letters = 1, writer: LetterWriter = "visitors"): Promise<void> {
		if (this.delivery !== undefined) {
			await this.bounds.take(letters, writer);
		}
	}

	/**
	 * Some of the stored letters, the newest first.
	 *
	 * @param options.to only letters to this address, in any spelling.
	 * @param options.cursor the cursor of the page before.
	 * @param options.report takes letters that cannot be read, instead of the report of the constructor.
	 * @throws TypeError for a cursor that is not of this list.
	 */
	async page(
		options: {
			readonly to?: string | undefined;
			readonly cursor?: string | undefined;
			readonly report?: Report;
		} = {},
	): Promise<KeptLetters> {
		const { to, cursor, report } = options;
		const isWhole = await this.unindexed.index(INDEXED_FOR_PAGE);
		const place = to === undefined ? NEWEST : placeOfAddress(to);
		const page = await this.store.page(place, { cursor, limit: SHOWN_LETTERS }, report);
		const letters = page.letters
			.filter(({ value }) => to === undefined || isTo(value, to))
			.map(({ value }) => shown(value));
		return { letters, next: page.next, isPartial: !isWhole };
	}

	/** How many letters wait for the mail server, counted up to a bound. */
	countWaiting(most: number): Promise<number> {
		return this.bounds.countWaiting(most);
	}

	/** Deletes the letters to a user who is deleted. */
	async forget(brandId: string, address: string): Promise<void> {
		await this.drop(
			placeOfAddress(address),
			(letter) => letter.brandId === brandId && isTo(letter, address),
		);
	}

	/** Deletes the letters of a plugin at one brand or at all. They may name people's accounts at the provider. */
	async forgetOf(pluginId: string, brandId?: string): Promise<void> {
		await this.drop(placeOfPlugin(pluginId, brandId), () => true);
	}

	/** Delivers the letters that a crash or an absent mail server left behind. */
	async deliverAll(): Promise<void> {
		await this.delivery?.deliverAll();
	}

	close(): void {
		clearInterval(this.timer);
	}

	private async post(
		message: MailMessage,
		pluginId: string | null,
		storage?: HostStorage,
	): Promise<void> {
		await this.expectRoom();
		const heldMs = this.delivery?.holdsForMs() ?? 0;
		const { id, letter } = this.newLetter(message, pluginId, heldMs);
		await this.store.add(id, letter, storage);
		if (heldMs > 0) {
			void this.delivery?.deliverHeld(id, letter);
		}
	}

	/** @param heldMs how long only this node may deliver it. */
	private newLetter(
		{ brandId, to, subject, text, usefulForMs = USEFUL_MS }: MailMessage,
		pluginId: string | null,
		heldMs: number,
	): { readonly id: string; readonly letter: StoredLetter } {
		const at = this.clock.now();
		const id = `${String(at).padStart(16, "0")}-${randomUUID()}`;
		const heldUntil = heldMs === 0 ? 0 : at + heldMs;
		const about = { brandId, to, subject, text, pluginId };
		const usefulUntil = at + Math.min(usefulForMs, KEPT_MS);
		return { id, letter: { ...about, at, problem: null, heldUntil, usefulUntil } };
	}

	private async drop(place: StorageKey, isMeant: (letter: StoredLetter) => boolean): Promise<void> {
		await this.unindexed.index();
		for await (const letters of this.store.pagesAt(place)) {
			await this.store.drop(letters.filter(({ value }) => isMeant(value)));
		}
	}
}

function shown(letter: StoredLetter): KeptLetter {
	return {
		...messageIn(letter),
		at: letter.at,
		problem: letter.problem ?? undefined,
		state: letter.ended ?? "waits",
		usefulUntil: usefulUntil(letter),
	};
}

/** Whether a letter goes to an address, in any spelling. Look-alikes of an address have the same place in the index. */
function isTo({ to }: StoredLetter, address: string): boolean {
	return comparedAddress(to) === comparedAddress(address);
}
