import type { Brand } from "../../../../contract/brands.ts";
import { type RelyingParty, relyingPartyOf } from "../../../people/passkeys/relying-party.ts";
import type { OperatorPasskeys } from "../../../people/second-factor/operator-passkeys.ts";
import type { OwnFactor } from "../../../people/second-factor/second-factors.ts";
import { field, type Place } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { type FactorFields, RECOVERY_FIELD } from "./factor-fields.ts";

export interface PasskeyParts {
	readonly place: Place;
	readonly brands: readonly Brand[];
	readonly operatorPasskeys: OperatorPasskeys;
}

/** What operators' passkeys are made for. @returns undefined where browsers make none at the administration's address. */
export function partyOf({ place, brands }: PasskeyParts): RelyingParty | undefined {
	const brand = brands.find(({ id }) => id === place.brandId);
	return relyingPartyOf(place.baseUrl, brand?.name ?? "Helpdesk");
}

/** What a form asks of an operator with a second factor. Each page has a challenge of its own. */
export async function factorFieldsIn(
	c: AdminContext,
	parts: PasskeyParts,
	email: string,
	{ hasApp, passkeys }: OwnFactor,
): Promise<FactorFields> {
	const party = partyOf(parts);
	const browser = c.var.visit.token;
	return {
		hasApp,
		request: party && (await parts.operatorPasskeys.requestOptions(email, { party, browser })),
		madeFor: [...new Set(passkeys.map(({ rpId }) => rpId))],
		triedRecovery: (field(c.var.visit.form, RECOVERY_FIELD) ?? "").trim() !== "",
	};
}
