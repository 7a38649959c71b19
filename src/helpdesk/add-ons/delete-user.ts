import { removalStage, removeUser, type UserKeepers } from "./remove-user.ts";

/**
 * Deletes a user, what every add-on keeps about them, their sign-ins and the letters to them.
 *
 * @returns false when there is no such user.
 * @throws Error when an add-on cannot be used or refuses. What is deleted by then stays deleted; a second call completes
 * the deletion as long as the account is there. The job `delete-user` completes it in any case.
 */
export async function deleteUser(keepers: UserKeepers, userId: string): Promise<boolean> {
	if ((await keepers.accounts.find(userId)) === undefined) {
		return false;
	}
	await removeUser(keepers, { userId, intoUserId: undefined });
	return true;
}

/**
 * Like {@link deleteUser}, for many users: the account goes late, so that a deletion that was cut off is found and done
 * again, and the ledgers erase what they keep later, all in one pass.
 */
export async function deleteOneOfMany(keepers: UserKeepers, userId: string): Promise<boolean> {
	if ((await keepers.accounts.find(userId)) === undefined) {
		return false;
	}
	const removal = { userId, intoUserId: undefined };
	// An add-on that refuses does so before anything is gone.
	await removalStage(keepers, removal, "release");
	await keepers.audit.networks.forget(userId);
	for (const { ledger } of await keepers.addOns.every()) {
		await ledger.forgetLater(userId);
	}
	for (const stage of ["account", "log-outs", "release-again"] as const) {
		await removalStage(keepers, removal, stage);
	}
	await keepers.removals.end(removal);
	return true;
}
