import type { HostStorage } from "../../contract/storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { NAMESPACES, signInsOf } from "../namespaces.ts";
import type { OpenIdProviders } from "../openid/open-openid.ts";
import { subjectOf } from "../openid/subject.ts";
import type { AccountUse } from "../people/jobs/expire-accounts.ts";
import { linksDueKey } from "../people/links-due.ts";
import { lastUseIn, saysHowLogInsEnd } from "../sign-ins/last-use.ts";
import type { AddOns } from "./add-ons.ts";

export interface AccountUseParts {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly addOns: Pick<AddOns, "every">;
	readonly openid: Pick<OpenIdProviders, "storedAt">;
}

/** Sees in the ledgers of all add-ons and in the agreements whether somebody uses an account. */
export function accountUse({ storage, addOns, openid }: AccountUseParts): AccountUse {
	return {
		lastUse: async ({ id, links }) => {
			const note = await storage.get([...NAMESPACES.accounts, ...linksDueKey(id)]);
			if (links === undefined || note !== undefined) {
				// What is linked is not known, or may have changed.
				return "unknown";
			}
			const addOnIds = (await addOns.every()).map(({ loaded }) => loaded.manifest.id);
			if (links.some(({ addOn }) => !addOnIds.includes(addOn))) {
				return "unknown";
			}
			const uses: number[] = [];
			for (const addOnId of addOnIds) {
				const ledger = namespaced(storage, signInsOf(addOnId));
				const used = await lastUseIn(ledger, id);
				const isLinked = links.some(({ addOn }) => addOn === addOnId);
				if (used === "unknown" || (isLinked && !(await saysHowLogInsEnd(ledger)))) {
					return "unknown";
				}
				uses.push(...(used === undefined ? [] : [used]));
			}
			return uses.length === 0 ? undefined : Math.max(...uses);
		},
		hasAgreed: async (user) =>
			(await openid.storedAt(user.brandId).consents.of(subjectOf(user))).length > 0,
	};
}
