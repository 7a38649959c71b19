import { SaidError } from "../locale/said.ts";

/** Why no letter is sent. */
export class MailProblemError extends SaidError {
	override readonly name: string = "MailProblemError";
}
