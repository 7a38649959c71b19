import { SaidError } from "../locale/said.ts";

/** The mail server will never take this letter, because it refuses its recipient for good (RFC 5321, a reply of 5yz). */
export class LetterRefusedError extends SaidError {
	override readonly name = "LetterRefusedError";
}
