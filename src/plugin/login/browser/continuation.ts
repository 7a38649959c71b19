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
import { isStoredCode, type StoredCode } from "./login-code.ts";

/** The stored state of a log-in that X has answered and that needs a form or two. It holds no tokens. */
export type Continuation = {
	readonly brandId: string;
	readonly identityId: string;
	readonly handle: string;
	readonly name: string;
	readonly returnPath: string;
	readonly startedAt: number;
	readonly stage: "email" | "prove" | "claim" | "code" | "consent";
	/** Asserted by X or typed, in canonical form; null before it was typed. */
	readonly email: string | null;
	readonly emailTyped: boolean;
	readonly code: StoredCode | null;
	/** The letters that were sent in this log-in. */
	readonly letters: number;
	/** The user who would be linked if the visitor proves to be them. */
	readonly userId: string | null;
	/** The epoch of that user at the start, see `Links.epochOf`. */
	readonly epoch: string | null;
	/** The access epoch of that user at the start. Absent in older records. */
	readonly accessEpoch?: string | null;
	/** The visitor came from their account page. */
	readonly linking: boolean;
	/**
	 * The proof that the visitor is that user. `session`: they log in as that user after the start; `letter`: they have
	 * to enter a code, and no other proof counts; `code`: they have entered the code; `asserted`: X says so.
	 */
	readonly proof: "session" | "letter" | "code" | "asserted";
	/** Absent in older records. */
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
	code: orNull(isStoredCode),
	letters: isNumber,
	userId: orNull(isText),
	epoch: orNull(isText),
	accessEpoch: orAbsent(orNull(isText)),
	linking: isBoolean,
	proof: isOneOf("session", "letter", "code", "asserted"),
	attempt: orAbsent(orNull(isAttemptRecord)),
});
