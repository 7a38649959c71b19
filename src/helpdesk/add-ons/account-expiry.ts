import type { JobKind } from "../jobs/job-kind.ts";
import { type ExpiryParts, expireAccounts } from "../people/jobs/expire-accounts.ts";
import { type AccountUseParts, accountUse } from "./account-use.ts";
import { deleteOneOfMany } from "./delete-user.ts";
import type { UserKeepers } from "./remove-user.ts";

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
