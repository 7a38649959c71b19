import type { Clock } from "../../contract/clock.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { StorageCommit } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { merged } from "../../storage/merged-commit.ts";
import { inEnglish, saidBy } from "../locale/said.ts";
import { storedMessage } from "../locale/stored-message.ts";
import type { KeptTexts } from "./kept-texts.ts";
import { DUE } from "./letter-index.ts";
import { LetterRefusedError } from "./letter-refused-error.ts";
import type { FoundLetter, LetterStore } from "./letter-store.ts";
import { MailProblemError } from "./mail-problem-error.ts";
import { MOST_OF_REPLY } from "./server-reply.ts";
import { dueAt, KEPT_MS, type LetterEnd, type StoredLetter, usefulUntil } from "./stored-letter.ts";
import type { UnindexedLetters } from "./unindexed-letters.ts";

/** Each failure doubles the wait, from one minute to an hour. */
const SHORTEST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;
/** Mail servers limit how many connections one client may open. */
const MAX_AT_ONCE = 10;
/** Longer than a mail server takes to accept a letter. */
const HELD_MS = 5 * 60_000;
/** The most characters of why a letter was not delivered that are kept: a sentence, and what the mail server said. */
const MOST_OF_PROBLEM = 2 * MOST_OF_REPLY;

/**
 * Delivers one letter; rejects when it could not, with a {@link LetterRefusedError} when it never will. What it resolves to is
 * what the mail server said, where that is a text.
 */
export type Deliver = (message: MailMessage) => Promise<unknown>;

/** Asks how letters are delivered now. Undefined: there is no mail server, and letters are only kept. */
export type MailRoute = () => Promise<Deliver | undefined>;

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
		private readonly route: MailRoute,
		private readonly texts: KeptTexts,
		private readonly report: (what: string, error: unknown) => void,
	) {}

	/** Whether a new letter is delivered at once. Otherwise it waits, because enough letters are on their way. */
	hasHands(): boolean {
		return this.sending < MAX_AT_ONCE;
	}

	/** Delivers the letters whose next try is due. */
	async deliverAll(): Promise<void> {
		if (this.busy) {
			return;
		}
		this.busy = true;
		try {
			if ((await this.route()) === undefined) {
				return;
			}
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
		const held = this.held(found.value);
		if (await this.store.change(found, held)) {
			await this.deliverHeld(found.id, held);
		}
	}

	/** A letter as this node holds it while it delivers it. */
	held(letter: StoredLetter): StoredLetter {
		return { ...letter, heldUntil: this.clock.now() + HELD_MS, isBeingSent: true };
	}

	/** Delivers a letter that this node holds. Never rejects. */
	async deliverHeld(id: string, letter: StoredLetter): Promise<void> {
		this.sending += 1;
		// If the storage fails, the letter stays held until its time is over.
		await this.deliverNow(letter)
			.then(
				(answer) => this.noteDelivered(id, answer),
				(error) => this.release(id, letter, error),
			)
			.catch(() => undefined);
		this.sending -= 1;
	}

	/** @returns what the mail server said, if it said anything. */
	private async deliverNow(letter: StoredLetter): Promise<string | undefined> {
		const deliver = await this.route();
		if (deliver === undefined) {
			throw new MailProblemError({ key: "mail-problem.no-server" });
		}
		const answer = await deliver(messageIn(letter));
		this.isFailing = false;
		return typeof answer === "string" ? answer.slice(0, MOST_OF_REPLY) : undefined;
	}

	/** Also where another node has taken the letter over meanwhile, so that it goes out once less. */
	private async noteDelivered(id: string, answer: string | undefined): Promise<void> {
		await updateEntry(this.store, async () => {
			const found = await this.store.find(id);
			const commit = found && this.ending(found, found.value, "delivered", answer);
			return { commit, result: undefined };
		});
	}

	/** Notes why a letter could not be delivered. One that was deleted meanwhile does not come back. */
	private async release(id: string, letter: StoredLetter, error: unknown): Promise<void> {
		const why = saidBy(error);
		const problem = inEnglish(why).slice(0, MOST_OF_PROBLEM);
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
		const { isBeingSent: _, said: _said, ...value } = found.value;
		const said = storedMessage(why);
		const failures = (letter.failures ?? 0) + 1;
		const failed = { ...value, problem, failures, ...(said && { said }) };
		if (isRefused) {
			return this.end(found, failed, "refused");
		}
		const wait = Math.min(SHORTEST_WAIT_MS * 2 ** (failed.failures - 1), LONGEST_WAIT_MS);
		const heldUntil = Math.min(this.clock.now() + wait, usefulUntil(letter));
		await this.store.change(found, { ...failed, heldUntil });
	}

	private async end(
		found: FoundLetter,
		letter: StoredLetter,
		ended: "refused" | "late",
	): Promise<void> {
		if (await this.store.commit(this.ending(found, letter, ended))) {
			this.report("a letter was not delivered", "it is not tried again; Outgoing e-mail says why");
		}
	}

	/** Marks a letter that is not tried again. Earlier versions do not know the mark, so they find it held. */
	private ending(
		found: FoundLetter,
		{ isBeingSent: _, ...letter }: StoredLetter,
		ended: LetterEnd,
		answer?: string,
	): StorageCommit {
		const endedAt = this.clock.now();
		const kept = { ...letter, text: "", ended, endedAt, heldUntil: letter.at + KEPT_MS };
		const isUseful = usefulUntil(letter) > endedAt && letter.text !== "";
		return merged(
			this.store.changing(found, { ...kept, ...(answer !== undefined && { answer }) }),
			isUseful ? this.texts.keeping(found.id, letter) : {},
		);
	}
}

export function messageIn({ brandId, to, subject, text }: StoredLetter): MailMessage {
	return { brandId, to, subject, text };
}
