import { AsyncLocalStorage } from "node:async_hooks";
import type { Users } from "../../contract/users.ts";
import type { Accounts } from "../people/accounts.ts";

/** The users whom the hook that runs has confirmed. A hook gets its host once, so that the host cannot tell requests apart. */
const confirmedByHook = new AsyncLocalStorage<Set<string>>();

/** Runs a hook. @param confirmed receives the ids of the users whom it confirms. */
export function notingConfirmed<Result>(
	confirmed: Set<string>,
	hook: () => Promise<Result>,
): Promise<Result> {
	return confirmedByHook.run(confirmed, hook);
}

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
		// People have no user names here, and the address of a registration is not kept.
		create: (key, { suggestedName: _, clientAddress: __, ...user }) =>
			accounts.create(`${pluginId}\n${key}`, user),
		confirm: async (userId) => {
			const account = await accounts.find(userId);
			if (account === undefined || (account.confirmed && !account.unclaimed)) {
				return;
			}
			await claiming(userId, () => accounts.confirm(userId));
			confirmedByHook.getStore()?.add(userId);
		},
	};
}
