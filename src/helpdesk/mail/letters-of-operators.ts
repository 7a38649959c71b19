import type { Clock } from "../../contract/clock.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { merged } from "../../storage/merged-commit.ts";
import { type KeptTexts, keptTextKey } from "./kept-texts.ts";
import type { LetterDelivery, MailRoute } from "./letter-delivery.ts";
import { type LetterState, NEWEST, placeOfAddress, placeOfState, stateOf } from "./letter-index.ts";
import type { FoundLetter, LetterStore } from "./letter-store.ts";
import { type ResendRefusal, resendRefusal } from "./resend-rules.ts";
import { type KeptLetter, shownLetter } from "./shown-letter.ts";
import { isTo, type StoredLetter } from "./stored-letter.ts";
import type { UnindexedLetters } from "./unindexed-letters.ts";

/** How many letters operators see at once. */
const SHOWN_LETTERS = 25;
/** How many lists a page spends on letters that are not in the index yet. */
const INDEXED_FOR_PAGE = 4;

export interface KeptLetters {
	/** In the order of the list: the newest first, or those that wait by when the next try is due. */
	readonly letters: readonly KeptLetter[];
	/** The cursor of the next page; undefined on the last one. */
	readonly next: string | undefined;
	/** Whether letters that an earlier version stored may be missing, because they are not in the index yet. */
	readonly isPartial: boolean;
}

/** A letter, and why it cannot be sent again; undefined: it can. */
export interface OpenedLetter {
	readonly letter: KeptLetter;
	readonly refusal: ResendRefusal | undefined;
}

interface LetterParts {
	readonly store: LetterStore;
	readonly unindexed: UnindexedLetters;
	readonly clock: Clock;
	readonly route: MailRoute;
	readonly texts: KeptTexts;
	readonly delivery: LetterDelivery;
}

/** What operators see of stored letters and do with them. Where there is a mail server they see no texts. */
export class LettersOfOperators {
	constructor(private readonly parts: LetterParts) {}

	/**
	 * Some of the stored letters.
	 *
	 * @param options.to only letters to this address, in any spelling.
	 * @param options.state only letters of this state. Of those to an address a page may then have fewer than others.
	 * @param options.cursor the cursor of the page before.
	 * @param options.report takes letters that cannot be read, instead of the report of the outbox.
	 * @throws TypeError for a cursor that is not of this list.
	 */
	async page(
		options: {
			readonly to?: string | undefined;
			readonly state?: LetterState | undefined;
			readonly cursor?: string | undefined;
			readonly report?: (what: string, error: unknown) => void;
		} = {},
	): Promise<KeptLetters> {
		const { to, state, cursor, report } = options;
		const { store, unindexed } = this.parts;
		const isWhole = await unindexed.index(INDEXED_FOR_PAGE);
		const list = state === undefined ? NEWEST : placeOfState(state);
		const place = to === undefined ? list : placeOfAddress(to);
		const page = await store.page(place, { cursor, limit: SHOWN_LETTERS }, report);
		const isMeant = ({ value }: FoundLetter): boolean =>
			(to === undefined || isTo(value, to)) && (state === undefined || stateOf(value) === state);
		const hasServer = await this.hasServer();
		const letters = page.letters.filter(isMeant).map((found) => this.shown(found, hasServer));
		return { letters, next: page.next, isPartial: !isWhole };
	}

	async find(id: string): Promise<OpenedLetter | undefined> {
		const found = await this.parts.store.find(id);
		if (found === undefined) {
			return undefined;
		}
		const hasServer = await this.hasServer();
		const text = await this.textOf(found);
		return {
			letter: this.shown(found, hasServer),
			refusal: this.refusalOf(found.value, text, hasServer),
		};
	}

	/**
	 * Sends a letter again as it is: to the same address, with the same text. It ends as it would have before.
	 *
	 * @returns `gone` where there is no such letter any more.
	 */
	async resend(id: string): Promise<"sent" | "gone" | ResendRefusal> {
		const { store, clock, delivery } = this.parts;
		const hasServer = await this.hasServer();
		const resent = await updateEntry<StoredLetter | "gone" | ResendRefusal>(store, async () => {
			const found = await store.find(id);
			if (found === undefined) {
				return { result: "gone" };
			}
			const { ended: _, endedAt: _at, answer: _answer, ...letter } = found.value;
			const text = await this.textOf(found);
			const refusal = this.refusalOf(found.value, text, hasServer);
			if (refusal !== undefined || text === undefined) {
				return { result: refusal ?? "text-gone" };
			}
			const [resends, resentAt] = [(letter.resends ?? 0) + 1, clock.now()];
			const held = delivery.held({ ...letter, text, forServer: true, resends, resentAt });
			const deletes = [keptTextKey(id)];
			return { commit: merged(store.changing(found, held), { deletes }), result: held };
		});
		if (typeof resent === "string") {
			return resent;
		}
		void delivery.deliverHeld(id, resent);
		return "sent";
	}

	/** @returns false where there is no such letter any more. */
	async remove(id: string): Promise<boolean> {
		const found = await this.parts.store.find(id);
		await (found && this.parts.store.drop([found]));
		return found !== undefined;
	}

	private shown(found: FoundLetter, hasServer: boolean): KeptLetter {
		return shownLetter(found, hasServer, this.parts.clock.now());
	}

	private refusalOf(
		letter: StoredLetter,
		text: string | undefined,
		hasServer: boolean,
	): ResendRefusal | undefined {
		const hasText = text !== undefined;
		return resendRefusal(letter, { hasText, hasServer, now: this.parts.clock.now() });
	}

	private async hasServer(): Promise<boolean> {
		return (await this.parts.route()) !== undefined;
	}

	/** @returns undefined once the text of a letter that has ended is gone. */
	private async textOf({ id, value }: FoundLetter): Promise<string | undefined> {
		return value.ended === undefined ? value.text : this.parts.texts.find(id);
	}
}
