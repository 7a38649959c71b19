import type { Clock } from "../../contract/clock.ts";
import type { MailMessage } from "../../contract/mail.ts";
import { DUE } from "./letter-index.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";
import type { FoundLetter, LetterStore } from "./letter-store.ts";
import { dueAt, KEPT_MS, type StoredLetter, usefulUntil } from "./stored-letter.ts";
import type { UnindexedLetters } from "./unindexed-letters.ts";

/** Each failure doubles the wait, from one minute to an hour. */
const SHORTEST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;
/** Mail servers limit how many connections one client may open. */
const MAX_AT_ONCE = 10;
/** Longer than a mail server takes to accept a letter. */
const HELD_MS = 5 * 60_000;

/** Delivers one letter; rejects when it could not, with a {@link LetterRefusedError} when it never will. */
export type Deliver = (message: MailMessage) => Promise<void>;

/** Delivers stored letters. The node that delivers a letter holds it meanwhile, so that no other node sends it again. */
export class LetterDelivery {
	private busy = false;
	private sending = 0;
	private isFailing = false;

	/** @param report see the constructor of the outbox. */
	constructor(
		private readonly store: LetterStore,
		private readonly unindexed: UnindexedLetters,
		private readonly clock: Clock,
		private readonly deliver: Deliver,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** How long a new letter is held to be delivered at once. 0: it waits, because enough letters are on their way. */
	holdsForMs(): number {
		return this.sending < MAX_AT_ONCE ? HELD_MS : 0;
	}

	/** Delivers the letters whose next try is due. */
	async deliverAll(): Promise<void> {
		if (this.busy) {
			return;
		}
		this.busy = true;
		try {
			await this.unindexed.index();
			for await (const letters of this.store.pagesAt(DUE)) {
				for (const letter of letters) {
					if (dueAt(letter.value) > this.clock.now()) {
						return;
					}
					await this.deliverDue(letter);
				}
			}
		} finally {
			this.busy = false;
		}
	}

	/** Delivers a letter whose time has come, if no other node is at it. */
	private async deliverDue(found: FoundLetter): Promise<void> {
		const now = this.clock.now();
		if (usefulUntil(found.value) <= now) {
			return this.end(found, found.value, "late");
		}
		const held = { ...found.value, heldUntil: now + HELD_MS };
		if (await this.store.change(found, held)) {
			await this.deliverHeld(found.id, held);
		}
	}

	/** Delivers a letter that this node holds. Never rejects. */
	async deliverHeld(id: string, letter: StoredLetter): Promise<void> {
		this.sending += 1;
		try {
			await this.deliver(messageIn(letter));
			this.isFailing = false;
			await this.store.drop([{ id, value: letter }]);
		} catch (error) {
			// If the storage failed, the letter stays held until its time is over.
			await this.release(id, letter, error).catch(() => undefined);
		} finally {
			this.sending -= 1;
		}
	}

	/** Notes why a letter could not be delivered. One that was deleted meanwhile does not come back. */
	private async release(id: string, letter: StoredLetter, error: unknown): Promise<void> {
		const problem = error instanceof Error ? error.message : String(error);
		const isRefused = error instanceof LetterRefusedError;
		if (!isRefused && !this.isFailing) {
			this.isFailing = true;
			this.report("letters wait", "a letter stays in Outgoing e-mail, which says why");
		}
		const found = await this.store.find(id);
		// Another node has it if this one took too long.
		if (found?.value.heldUntil !== letter.heldUntil) {
			return;
		}
		const failed = { ...found.value, problem, failures: (letter.failures ?? 0) + 1 };
		if (isRefused) {
			return this.end(found, failed, "refused");
		}
		const wait = Math.min(SHORTEST_WAIT_MS * 2 ** (failed.failures - 1), LONGEST_WAIT_MS);
		const heldUntil = Math.min(this.clock.now() + wait, usefulUntil(letter));
		await this.store.change(found, { ...failed, heldUntil });
	}

	/** Marks a letter that is not tried again. Earlier versions do not know the mark, so they find it held. */
	private async end(
		found: FoundLetter,
		letter: StoredLetter,
		ended: NonNullable<StoredLetter["ended"]>,
	): Promise<void> {
		const kept = { ...letter, text: "", ended, heldUntil: letter.at + KEPT_MS };
		if (await this.store.change(found, kept)) {
			this.report("a letter was not delivered", "it is not tried again; Outgoing e-mail says why");
		}
	}
}

export function messageIn({ brandId, to, subject, text }: StoredLetter): MailMessage {
	return { brandId, to, subject, text };
}
