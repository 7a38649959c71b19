import type { Outbox } from "../mail/outbox.ts";
import type { LogOuts } from "../openid/log-outs.ts";
import type { Accounts } from "../people/accounts.ts";
import type { Account } from "../people/stored-account.ts";
import type { AddOn } from "./add-on.ts";
import type { AddOns } from "./add-ons.ts";

/** The places that keep something about a user. */
export interface UserKeepers {
	readonly accounts: Pick<Accounts, "find" | "delete">;
	readonly addOns: Pick<AddOns, "every">;
	readonly outbox: Pick<Outbox, "forget">;
	readonly logOuts: Pick<LogOuts, "endNow" | "endAllOf">;
}

/**
 * Deletes a user, what every add-on keeps about them, their sign-ins and the letters to them.
 *
 * @returns false when there is no such user.
 * @throws Error when an add-on cannot be used or refuses. What is deleted by then stays deleted; a second call completes
 * the deletion as long as the account is there.
 */
export async function deleteUser(keepers: UserKeepers, userId: string): Promise<boolean> {
	const user = await keepers.accounts.find(userId);
	if (user === undefined) {
		return false;
	}
	const addOns = await removeUser(keepers, user, ({ plugin }) => plugin.userDeleted(user.id));
	for (const { ledger } of addOns) {
		await ledger.forget(user.id);
	}
	await forgetLetters(keepers, user);
	return true;
}

/**
 * Deletes the account between two calls to every add-on, and ends its log-ins at connected helpdesks.
 *
 * @param release makes an add-on let go of the user.
 * @returns all add-ons.
 */
export async function removeUser(
	{ accounts, addOns, logOuts }: Pick<UserKeepers, "accounts" | "addOns" | "logOuts">,
	user: Account,
	release: (addOn: AddOn) => Promise<void>,
): Promise<readonly AddOn[]> {
	const all = await addOns.every();
	for (const addOn of all) {
		await release(addOn);
	}
	await accounts.delete(user.id);
	await logOuts.endNow();
	// A log-in in between may have added a link while the user was still there.
	for (const addOn of all) {
		await release(addOn);
	}
	return all;
}

/** Deletes the letters to a user. */
export async function forgetLetters(
	{ outbox }: Pick<UserKeepers, "outbox">,
	{ brandId, email }: Account,
): Promise<void> {
	if (email !== null) {
		await outbox.forget(brandId, email);
	}
}
