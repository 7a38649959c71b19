import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import type { Message } from "../locale/locale.ts";
import { readMessage } from "../locale/stored-message.ts";
import { comparedAddress } from "./email-key.ts";

/**
 * `delivered`: the mail server has taken it. `refused`: the mail server will never take it. `late`: it was not delivered
 * while it was of use.
 */
export type LetterEnd = (typeof ENDS)[number];
const ENDS = ["delivered", "refused", "late"] as const;

export type StoredLetter = {
	readonly brandId: string;
	readonly to: string;
	readonly subject: string;
	readonly text: string;
	/** When it was written. Milliseconds since the epoch. */
	readonly at: number;
	/** Why the last try to deliver it failed. */
	readonly problem: string | null;
	/** The same for readers of other languages. It counts only where it says the same, see `shownLetter`. */
	readonly said?: Message;
	/** The plugin that wrote it; null for the helpdesk itself. */
	readonly pluginId: string | null;
	/** No node tries to deliver it before: one is at it, or it waits after a failure. Milliseconds since the epoch. */
	readonly heldUntil: number;
	/** From then on it is of no use. Milliseconds since the epoch. Letters of version 0.2.0 have none. */
	readonly usefulUntil?: number;
	/** How often it could not be delivered. Letters of version 0.2.0 have none. */
	readonly failures?: number;
	/** Why it is not tried again; its text is gone then, see `KeptTexts`. Letters of version 0.2.0 have none. */
	readonly ended?: LetterEnd;
	/** When it ended. Milliseconds since the epoch. */
	readonly endedAt?: number;
	/** What the mail server said when it took the letter. */
	readonly answer?: string;
	/** Whether a node is at it until `heldUntil`. A letter that waits after a failure is held, and nobody is at it. */
	readonly isBeingSent?: boolean;
	/** It was written while there was a mail server, so operators never read its text. Letters of version 0.2.0 have no mark. */
	readonly forServer?: true;
	/** How often operators had it sent again, and when they did last. */
	readonly resends?: number;
	readonly resentAt?: number;
	/** The index of outgoing mail leads to it. Letters of earlier versions have no mark and may not be in the index. */
	readonly indexed?: true;
};

/** How long a letter is kept. */
export const KEPT_MS = 7 * 24 * 60 * 60_000;
/** How long a letter is of use that does not say it. */
export const USEFUL_MS = 24 * 60 * 60_000;

/** When a letter ceases to be of use. Milliseconds since the epoch. */
export function usefulUntil({ at, usefulUntil: until = at + USEFUL_MS }: StoredLetter): number {
	return until;
}

/** When the next try to deliver a letter is due. Milliseconds since the epoch. */
export function dueAt({ at, heldUntil }: StoredLetter): number {
	return Math.max(at, heldUntil);
}

/** Whether a node is delivering a letter now. */
export function isBeingSent(letter: StoredLetter, now: number): boolean {
	return letter.isBeingSent === true && letter.heldUntil > now;
}

/** Whether a letter goes to an address, in any spelling. Look-alikes of an address have the same place in the index. */
export function isTo({ to }: Pick<StoredLetter, "to">, address: string): boolean {
	return comparedAddress(to) === comparedAddress(address);
}

export const STORED_LETTER: StoredKind<StoredLetter> = { name: "outbox", read: readLetter };

/** Keeps fields that a later version added. */
function readLetter(value: StorageValue): StoredLetter | undefined {
	const { said: saidThen, ...fields } = fieldsOf(value);
	const { brandId, to, subject, text, at, problem = null, pluginId = null, heldUntil = 0 } = fields;
	const { usefulUntil, failures, indexed, forServer } = fields;
	const said = readMessage(saidThen);
	const ended = ENDS.find((each) => each === fields["ended"]);
	return typeof brandId === "string" &&
		typeof to === "string" &&
		typeof subject === "string" &&
		typeof text === "string" &&
		isTime(at) &&
		(problem === null || typeof problem === "string") &&
		(pluginId === null || typeof pluginId === "string") &&
		typeof heldUntil === "number"
		? {
				...{ ...fields, brandId, to, subject, text, at, problem, pluginId, heldUntil },
				...(said !== undefined && { said }),
				...(isTime(usefulUntil) && { usefulUntil }),
				...(typeof failures === "number" && { failures }),
				...(ended !== undefined && { ended }),
				...timeIn(fields, "endedAt"),
				...(typeof fields["answer"] === "string" && { answer: fields["answer"] }),
				...(fields["isBeingSent"] === true && { isBeingSent: true }),
				...(forServer === true && { forServer }),
				...(typeof fields["resends"] === "number" && { resends: fields["resends"] }),
				...timeIn(fields, "resentAt"),
				...(indexed === true && { indexed }),
			}
		: undefined;
}

function timeIn<Name extends string>(
	fields: Readonly<Record<string, unknown>>,
	name: Name,
): { readonly [Field in Name]?: number } {
	const value = fields[name];
	return isTime(value) ? ({ [name]: value } as { readonly [Field in Name]: number }) : {};
}
