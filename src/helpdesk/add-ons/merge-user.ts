import { removeUser, type UserKeepers } from "./remove-user.ts";

/**
 * Merges a user into another one of the same brand: links and sign-ins move to the other user, then the first is deleted
 * with the letters to them. The log-ins of both at connected helpdesks end.
 *
 * @returns `no-such-user` when there is no first user; `not-mergeable` when there is no second, or it is the same user or
 * one of another brand.
 * @throws Error when an add-on cannot be used or refuses, or the second user is deleted meanwhile. The first user is still there then, unless the add-on refused
 * only after the deletion. The job `merge-users` completes it in any case.
 */
export async function mergeUser(
	keepers: UserKeepers,
	userId: string,
	intoUserId: string,
): Promise<"merged" | "no-such-user" | "not-mergeable"> {
	const mergeable = await isMergeable(keepers, userId, intoUserId);
	if (mergeable !== "mergeable") {
		return mergeable;
	}
	await removeUser(keepers, { userId, intoUserId });
	return "merged";
}

export async function isMergeable(
	{ accounts }: Pick<UserKeepers, "accounts">,
	userId: string,
	intoUserId: string,
): Promise<"mergeable" | "no-such-user" | "not-mergeable"> {
	const user = await accounts.find(userId);
	if (user === undefined) {
		return "no-such-user";
	}
	const into = await accounts.find(intoUserId);
	return into === undefined || into.id === user.id || into.brandId !== user.brandId
		? "not-mergeable"
		: "mergeable";
}
