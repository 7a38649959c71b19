import type { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { codeOf, keyIn, recoveryCodesIn } from "./authenticator-app.ts";
import type { HttpVisitor } from "./http-visitor.ts";

export const SET_UP = "/admin/profile/second-factor/set-up";

/** What an operator with a second factor has. */
export interface OwnFactor {
	/** In base32. */
	readonly key: string;
	readonly recoveryCodes: readonly string[];
}

/**
 * Sets up a second factor for the operator who is logged in, by its page.
 *
 * @param clock moves on, so that the next code counts. Left out: the time is real.
 */
export async function setUpSecondFactor(
	operator: HttpVisitor,
	origin: string,
	clock?: MockClock,
): Promise<OwnFactor> {
	await operator.open(`${origin}${SET_UP}`);
	const key = keyIn(operator.seen.html);
	const { html } = await operator.submit(SET_UP, { code: codeOf(key, clock?.now() ?? Date.now()) });
	const recoveryCodes = recoveryCodesIn(html);
	if (recoveryCodes.length === 0) {
		throw new Error(`no second factor is set up: ${html}`);
	}
	clock?.advance(60_000);
	return { key, recoveryCodes };
}
