import type { BlockList } from "node:net";
import type { Context } from "hono";
import type { PasswordGuesses } from "../people/password-guesses.ts";
import { askToWait, type TooMany } from "./ask-to-wait.ts";
import { clientAddressOf } from "./client-address-of.ts";
import { deviceCookieOf, type Place, type VisitEnv } from "./visit.ts";

/**
 * Counts a guess at a password, and checks it unless the visitor has to wait. Then the answer says how long, and nothing is
 * checked.
 *
 * @param account the address that was typed, or that belongs to the account; or what else is counted.
 * @param check compares the password. Everything that hashes a password for a visitor who has proven nothing belongs here.
 */
export type AttemptPassword = <Result>(
	c: Context<VisitEnv>,
	account: string,
	check: () => Promise<Result>,
) => Promise<Result | TooMany>;

/** The attempts at the log-in forms of one place. */
export function passwordAttempts(
	guesses: PasswordGuesses,
	place: Place,
	trustedProxies: BlockList,
): AttemptPassword {
	return async (c, email, check) => {
		const guess = {
			email,
			clientAddress: clientAddressOf(c, trustedProxies),
			deviceCookie: deviceCookieOf(c, place),
		};
		const attempt = await guesses.attempt(place, guess, check);
		return "wait" in attempt ? askToWait(c, attempt.wait) : attempt.result;
	};
}
