import { forgetLetters, removeUser, type UserKeepers } from "./delete-user.ts";

/**
 * Merges a user into another one of the same brand: links and sign-ins move to the other user, then the first is deleted
 * with the letters to them. The log-ins of both at connected helpdesks end.
 *
 * @returns `no-such-user` when there is no first user; `not-mergeable` when there is no second, or it is the same user or
 * one of another brand.
 * @throws Error when an add-on cannot be used or refuses. The first user is still there then, unless the add-on refused
 * only after the deletion.
 */
export async function mergeUser(
	keepers: UserKeepers,
	userId: string,
	intoUserId: string,
): Promise<"merged" | "no-such-user" | "not-mergeable"> {
	const user = await keepers.accounts.find(userId);
	if (user === undefined) {
		return "no-such-user";
	}
	const into = await keepers.accounts.find(intoUserId);
	if (into === undefined || into.id === user.id || into.brandId !== user.brandId) {
		return "not-mergeable";
	}
	const addOns = await removeUser(keepers, user, ({ plugin }) =>
		plugin.usersMerged(user.id, into.id),
	);
	// Helpdesks hear of the user with the links that they have from now on.
	await keepers.logOuts.endAllOf(into);
	for (const { ledger } of addOns) {
		await ledger.move(user.id, into.id);
	}
	await forgetLetters(keepers, user);
	return "merged";
}
