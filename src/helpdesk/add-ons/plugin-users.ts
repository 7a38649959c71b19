import type { Users } from "../../contract/users.ts";
import { noteConfirmed } from "../../routes/confirmed-by-hook.ts";
import type { Accounts } from "../people/accounts.ts";
import { noteCreated } from "./created-by-hook.ts";

/** Proves that an account belongs to its owner, once every other plugin has forgotten what strangers linked to it. */
export type Claiming = (userId: string, prove: () => Promise<void>) => Promise<void>;

/**
 * The users as one of several plugins sees them. Keys are separate for each plugin, so that none gets a user that another
 * one made. A user who confirms an account through this plugin also loses what strangers linked through the others.
 */
export function usersFor(pluginId: string, accounts: Accounts, claiming: Claiming): Users {
	return {
		ownerOf: (brandId, email) => accounts.ownerOf(brandId, email),
		find: (userId) => accounts.find(userId),
		create: async (key, user) => {
			const creation = await accounts.create(`${pluginId}\n${key}`, user);
			if (creation.kind === "created") {
				noteCreated(creation.user.id);
			}
			return creation;
		},
		confirm: async (userId) => {
			const account = await accounts.find(userId);
			if (account === undefined || (account.confirmed && !account.unclaimed)) {
				return;
			}
			await claiming(userId, () => accounts.confirm(userId));
			noteConfirmed(userId);
		},
	};
}
