import type { HelpdeskHost, Plugin } from "x-login/contract";
import type { Nicknames } from "./nicknames.ts";

type DataHooks = Pick<
	Plugin,
	| "listLinkedAccounts"
	| "unlinkAccount"
	| "onUserClaimed"
	| "onUsersMerged"
	| "onUserDeleted"
	| "exportUserData"
	| "describeImpact"
	| "purgeLinks"
>;

/** The hooks about stored nicknames. The helpdesk calls them while the plugin is deactivated, too. */
export function dataHooks(host: HelpdeskHost, nicknames: Nicknames): DataHooks {
	return {
		listLinkedAccounts: (userId) => nicknames.of(userId),
		unlinkAccount: async (userId, identityId) => {
			const canBeLast = (await host.users.find(userId))?.hasOtherWayIn ?? true;
			return { kind: await nicknames.releaseOne(userId, identityId, canBeLast) };
		},
		onUserClaimed: (userId) => nicknames.release(userId),
		onUsersMerged: (userId, intoUserId) => nicknames.release(userId, intoUserId),
		onUserDeleted: (userId) => nicknames.release(userId),
		exportUserData: async (userId) => {
			const linked = await nicknames.of(userId);
			return {
				nicknames: linked.map(({ label, linkedAt }) => ({
					nickname: label,
					since: new Date(linkedAt).toISOString(),
				})),
			};
		},
		describeImpact: async (action) => {
			const brandIds =
				action.kind === "switch-off"
					? [action.brandId]
					: (await host.brands.list()).map(({ id }) => id);
			const brands = [];
			for (const brandId of brandIds) {
				const users = [...(await nicknames.usersAt(brandId)).values()];
				const stranded = users.filter(({ hasOtherWayIn }) => !hasOtherWayIn);
				const strandedUserIds = stranded.map(({ id }) => id);
				if (users.length > 0) {
					brands.push({ brandId, people: users.length, strandedUserIds });
				}
			}
			return { brands };
		},
		purgeLinks: (brandId) => nicknames.forgetAt(brandId),
	};
}
