import type { JobKind } from "../jobs/job-kind.ts";
import { type ExpiryParts, expireAccounts } from "../people/jobs/expire-accounts.ts";
import { type AccountUseParts, accountUse } from "./account-use.ts";
import { forgetLetters, removeUser, type UserKeepers } from "./delete-user.ts";

export type AccountExpiryParts = Pick<
	ExpiryParts,
	"storage" | "clock" | "registration" | "brandIds" | "log" | "logError"
> &
	UserKeepers &
	AccountUseParts;

/** The job that deletes accounts that nobody has proven or used, with everything that is kept about their users. */
export function accountExpiry(parts: AccountExpiryParts): JobKind {
	return expireAccounts({
		...parts,
		...accountUse(parts),
		find: (userId) => parts.accounts.find(userId),
		deleteUser: (userId) => deleteOneOfMany(parts, userId),
	});
}

/**
 * Like `deleteUser`, for many users: the account goes last, so that a deletion that was cut off is found and done again, and
 * the ledgers erase what they keep later, all in one pass.
 */
async function deleteOneOfMany(keepers: UserKeepers, userId: string): Promise<boolean> {
	const user = await keepers.accounts.find(userId);
	if (user === undefined) {
		return false;
	}
	const addOns = await keepers.addOns.every();
	for (const { plugin } of addOns) {
		// An add-on that refuses does so before anything is gone.
		await plugin.userDeleted(user.id);
	}
	for (const { ledger } of addOns) {
		await ledger.forgetLater(user.id);
	}
	await forgetLetters(keepers, user);
	await removeUser(keepers, user, ({ plugin }) => plugin.userDeleted(user.id));
	return true;
}
