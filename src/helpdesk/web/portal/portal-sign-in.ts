import type { Recognition } from "../../../routes/route-answer.ts";
import type { Accounts } from "../../people/accounts.ts";
import type { Account } from "../../people/stored-account.ts";
import { signIn, signOut } from "../signing-in.ts";
import type { Place } from "../visit.ts";
import type { PortalContext } from "./portal-visit.ts";

/** How far the clocks of two nodes may differ. */
const MOST_CLOCK_SKEW_MS = 60_000;

/**
 * Logs a user in whom a plugin has recognised, unless the account changed hands since. If the user was deleted meanwhile,
 * or nobody is logged in, logs the browser out: the user who was logged in before must not stay logged in.
 *
 * @returns the account that they are logged in to; undefined where nobody is; `again` when the visitor has to log in again.
 */
export async function signInRecognised(
	c: PortalContext,
	{
		place,
		accounts,
		now,
	}: {
		readonly place: Place;
		readonly accounts: Pick<Accounts, "find">;
		/** Milliseconds since the epoch. */
		readonly now: () => number;
	},
	recognition: Recognition,
): Promise<Account | "again" | undefined> {
	const account = await accounts.find(recognition.userId);
	if (account === undefined || !stillHolds(recognition, account, now())) {
		await signOut(c, place);
		return account && "again";
	}
	await signIn(c, place, account);
	return account;
}

/**
 * Whether no session of the account was ended, and no link to it removed, since the plugin looked. A link that is removed
 * while a plugin works says nothing any more. The plugin cannot see that: it reads the link first, and the user after.
 *
 * @param now the end of the log-in.
 */
function stillHolds(
	{ accessEpoch, linkReadAt }: Pick<Recognition, "accessEpoch" | "linkReadAt">,
	account: Pick<Account, "accessEpoch" | "wayInEndedAt">,
	now: number,
): boolean {
	const isSameEpoch = accessEpoch === undefined || accessEpoch === account.accessEpoch;
	// A time that has not come is from a clock that was wrong. It must not lock the owner out until then.
	const endedAt = account.wayInEndedAt > now + MOST_CLOCK_SKEW_MS ? 0 : account.wayInEndedAt;
	return isSameEpoch && (linkReadAt === undefined || linkReadAt > endedAt);
}
