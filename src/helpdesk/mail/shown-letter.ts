import type { MailMessage } from "../../contract/mail.ts";
import type { Said } from "../locale/said.ts";
import { saidAgain } from "../locale/stored-message.ts";
import { messageIn } from "./letter-delivery.ts";
import type { FoundLetter } from "./letter-store.ts";
import {
	dueAt,
	isBeingSent,
	type LetterEnd,
	type StoredLetter,
	usefulUntil,
} from "./stored-letter.ts";

/** A stored letter, as operators see it. Its text is empty unless they may read it. */
export interface KeptLetter extends MailMessage {
	readonly id: string;
	/** Whether operators read the text, because nobody else can: there was no mail server when it was written, and is none. */
	readonly isReadable: boolean;
	/** When it was written. Milliseconds since the epoch, as all times here. */
	readonly at: number;
	/** Why the last try to deliver it failed; undefined before the first try, and once it is delivered. */
	readonly problem: Said | undefined;
	/** `waits`: for a try, or for the operators to read. Others are not tried again, and their texts are gone. */
	readonly state: "waits" | LetterEnd;
	readonly isBeingSent: boolean;
	/** How often it could not be delivered. */
	readonly failures: number;
	/** When a letter that waits is tried next. */
	readonly nextTryAt: number;
	/** When it ceases to be of use. */
	readonly usefulUntil: number;
	readonly endedAt: number | undefined;
	/** What the mail server said when it took the letter. */
	readonly answer: string | undefined;
	/** How often operators had it sent again. */
	readonly resends: number;
}

export function shownLetter(
	{ id, value }: FoundLetter,
	hasServer: boolean,
	now: number,
): KeptLetter {
	const isReadable = !hasServer && mayBeRead(value);
	const { failures = 0, resends = 0, endedAt, answer, ended } = value;
	const isWrong = value.problem !== null && ended !== "delivered";
	return {
		...{ ...messageIn(value), text: isReadable ? value.text : "", id, isReadable, at: value.at },
		problem: isWrong ? problemOf(value) : undefined,
		state: ended ?? "waits",
		isBeingSent: isBeingSent(value, now),
		...{ failures, resends, endedAt, answer },
		nextTryAt: dueAt(value),
		usefulUntil: usefulUntil(value),
	};
}

/** Why a letter could not be delivered; undefined before the first try. */
export function problemOf({ problem, said }: StoredLetter): Said | undefined {
	return problem === null ? undefined : saidAgain(said ?? null, problem);
}

/** A letter that a mail server was meant to take may hold a code or a link that still works, and is its reader's alone. */
function mayBeRead({ forServer, problem, ended }: StoredLetter): boolean {
	return forServer !== true && problem === null && ended === undefined;
}
