import { randomUUID } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Mail, MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit, StorageKey } from "../../contract/storage.ts";
import type { Message } from "../locale/locale.ts";
import type { Said } from "../locale/said.ts";
import type { Vault } from "../settings/vault.ts";
import { KeptTexts } from "./kept-texts.ts";
import { LetterDelivery, type MailRoute } from "./letter-delivery.ts";
import { DUE, placeOfAddress, placeOfPlugin } from "./letter-index.ts";
import { LetterStore } from "./letter-store.ts";
import { LettersOfOperators } from "./letters-of-operators.ts";
import { type LetterWriter, MOST_LETTERS, OutboxBounds } from "./outbox-bounds.ts";
import { problemOf } from "./shown-letter.ts";
import { isTo, KEPT_MS, type StoredLetter, USEFUL_MS } from "./stored-letter.ts";
import { UnindexedLetters } from "./unindexed-letters.ts";

/** How often the outbox looks for letters to try again. */
const RETRY_MS = 60_000;
/** How often letters above the bound are deleted. */
const TRIM_MS = 60_000;
const INDEXED_FOR_DUTY = 200;
/** How many letters are looked at for why they wait. */
const FIRST_DUE = 5;

interface OutboxParts {
	/** The storage of the helpdesk. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly route: MailRoute;
	/** Seals the texts of letters that have ended. */
	readonly vault: Vault;
	/**
	 * Called for stored letters that cannot be read and are left out, for the first of the letters in a row that cannot be
	 * delivered, and for each that is not tried again. It never gets an address.
	 */
	readonly report: (what: string, error: unknown) => void;
	/** The most letters that are kept. */
	readonly most?: number;
}

/** Room for letters that are about to be written. */
export interface LetterRoom {
	/** Whether there is a mail server, so that operators never read the letters. */
	readonly forServer: boolean;
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
		run: async (): Promise<Message | undefined> => {
			await this.unindexed.index(INDEXED_FOR_DUTY);
			const dropped = await this.bounds.trim((await this.route()) !== undefined);
			return dropped === 0
				? undefined
				: { key: "duty.outgoing.deleted", values: { count: dropped } };
		},
	};
	/** What operators see of the letters and do with them. */
	readonly letters: LettersOfOperators;
	private readonly clock: Clock;
	private readonly route: MailRoute;
	private readonly store: LetterStore;
	private readonly unindexed: UnindexedLetters;
	private readonly bounds: OutboxBounds;
	private readonly delivery: LetterDelivery;
	private readonly timer: NodeJS.Timeout;

	constructor({ storage, clock, route, vault, report, most = MOST_LETTERS }: OutboxParts) {
		this.clock = clock;
		this.route = route;
		const store = new LetterStore(storage, report);
		const unindexed = new UnindexedLetters(storage, store, clock, report);
		const texts = new KeptTexts(storage, vault);
		const delivery = new LetterDelivery(store, unindexed, clock, route, texts, report);
		this.store = store;
		this.unindexed = unindexed;
		this.bounds = new OutboxBounds(storage, store, clock, most);
		this.delivery = delivery;
		this.letters = new LettersOfOperators({ store, unindexed, clock, route, texts, delivery });
		this.timer = setInterval(() => {
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
	 * minutes of the commit.
	 *
	 * @param pluginId null for a letter of the helpdesk itself.
	 * @param room what {@link expectRoom} gave.
	 */
	letterSets(
		message: MailMessage,
		pluginId: string | null,
		room: LetterRoom,
	): NonNullable<StorageCommit["sets"]> {
		const { id, letter } = this.newLetter(message, pluginId, room);
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
	async expectRoom(letters = 1, writer: LetterWriter = "visitors"): Promise<LetterRoom> {
		const forServer = (await this.route()) !== undefined;
		await (forServer && this.bounds.take(letters, writer));
		return { forServer };
	}

	/** How many letters wait for the mail server, counted up to a bound. */
	countWaiting(most: number): Promise<number> {
		return this.bounds.countWaiting(most);
	}

	/** Why a letter that is among the first to be tried again could not be delivered. @returns undefined for none. */
	async waitingProblem(): Promise<Said | undefined> {
		const { letters } = await this.store.page(DUE, { limit: FIRST_DUE });
		const letter = letters.find(({ value }) => value.problem !== null)?.value;
		return letter && problemOf(letter);
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
		await this.delivery.deliverAll();
	}

	close(): void {
		clearInterval(this.timer);
	}

	private async post(
		message: MailMessage,
		pluginId: string | null,
		storage?: HostStorage,
	): Promise<void> {
		const room = await this.expectRoom();
		const isNow = room.forServer && this.delivery.hasHands();
		const { id, letter } = this.newLetter(message, pluginId, room);
		const written = isNow ? this.delivery.held(letter) : letter;
		await this.store.add(id, written, storage);
		if (isNow) {
			void this.delivery.deliverHeld(id, written);
		}
	}

	private newLetter(
		{ brandId, to, subject, text, usefulForMs = USEFUL_MS }: MailMessage,
		pluginId: string | null,
		{ forServer }: LetterRoom,
	): { readonly id: string; readonly letter: StoredLetter } {
		const at = this.clock.now();
		const id = `${String(at).padStart(16, "0")}-${randomUUID()}`;
		const about = { brandId, to, subject, text, pluginId, ...(forServer && { forServer }) };
		const usefulUntil = at + Math.min(usefulForMs, KEPT_MS);
		return { id, letter: { ...about, at, problem: null, heldUntil: 0, usefulUntil } };
	}

	private async drop(place: StorageKey, isMeant: (letter: StoredLetter) => boolean): Promise<void> {
		await this.unindexed.index();
		for await (const letters of this.store.pagesAt(place)) {
			await this.store.drop(letters.filter(({ value }) => isMeant(value)));
		}
	}
}
