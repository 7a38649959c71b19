import { displayName } from "../../contract/display-name.ts";
import type { LinkedAccount } from "../../contract/plugin.ts";
import type { AddOn } from "./add-on.ts";

/** An account at a provider, and the add-on that linked it to a user. */
export type LinkedByAddOn = LinkedAccount & { readonly addOn: AddOn };

/** What these add-ons have linked to a user, with labels that are safe to show. An add-on that fails has linked nothing. */
export async function linkedAccountsOf(
	addOns: readonly AddOn[],
	userId: string,
): Promise<readonly LinkedByAddOn[]> {
	const linked = await Promise.all(
		addOns.map(async (addOn) =>
			(await addOn.plugin.linkedAccounts(userId)).map((each) => ({
				...each,
				label: displayName(each.label),
				addOn,
			})),
		),
	);
	return linked.flat();
}
