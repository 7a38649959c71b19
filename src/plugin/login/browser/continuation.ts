import {
	isBoolean,
	isNumber,
	isOneOf,
	isRecord,
	isText,
	orAbsent,
	orNull,
} from "../../stored-value.ts";
import { type AttemptRecord, isAttemptRecord } from "../attempt.ts";

type StoredCode = {
	/** See `codeHash` of the continuations. */
	readonly hash: string;
	readonly expiresAt: number;
	readonly guesses: number;
};

/** A log-in that X has answered and that needs a form or two of the visitor, as it is stored. Tokens are gone by then. */
export type Continuation = {
	readonly brandId: string;
	readonly identityId: string;
	readonly handle: string;
	readonly name: string;
	readonly returnPath: string;
	readonly startedAt: number;
	readonly stage: "email" | "prove" | "claim" | "code" | "consent";
	/** Asserted by X or typed, and canonical; null before it was typed. */
	readonly email: string | null;
	readonly emailTyped: boolean;
	readonly code: StoredCode | null;
	readonly letters: number;
	/** Who would be linked, if they prove to be the visitor. */
	readonly userId: string | null;
	/** Of that user at the start, see `Links.epochOf`. */
	readonly epoch: string | null;
	/** The visitor came from their account page. */
	readonly linking: boolean;
	/**
	 * What shows that the visitor is that user. `session`: being signed in as them, proven since the start; `letter`: a
	 * code, and nothing else; `code`: the code that was given; `asserted`: X's word.
	 */
	readonly proof: "session" | "letter" | "code" | "asserted";
	/** Not stored by the first builds of 0.1.0. */
	readonly attempt?: AttemptRecord | null;
};

export const isContinuation = isRecord<Continuation>({
	brandId: isText,
	identityId: isText,
	handle: isText,
	name: isText,
	returnPath: isText,
	startedAt: isNumber,
	stage: isOneOf("email", "prove", "claim", "code", "consent"),
	email: orNull(isText),
	emailTyped: isBoolean,
	code: orNull(isRecord<StoredCode>({ hash: isText, expiresAt: isNumber, guesses: isNumber })),
	letters: isNumber,
	userId: orNull(isText),
	epoch: orNull(isText),
	linking: isBoolean,
	proof: isOneOf("session", "letter", "code", "asserted"),
	attempt: orAbsent(orNull(isAttemptRecord)),
});
