import { emailGap } from "../openid/claims.ts";
import type { PassedData } from "../openid/passed-data.ts";
import type { Account } from "../people/stored-account.ts";
import type { HandOffHelpdesk } from "./hand-off-helpdesk.ts";
import type { HandOffPreset } from "./presets/hand-off-preset.ts";
import { handOffPresetOf } from "./presets/hand-off-presets.ts";

/**
 * What has to happen before a visitor is handed over. `address`: they prove an e-mail address; `address-refused`: the
 * helpdesk does not take their address from here; `consent`: they see which data goes there.
 */
export type HandOffStep = "log-in" | "address" | "address-refused" | "consent" | "go";

/**
 * The next step of a visitor on the way to a helpdesk. In a hand-off the address is the identity: a visitor who has none
 * that they have proven to us, or one that the helpdesk must never hear, gets no token.
 *
 * @param visitor undefined: nobody is logged in.
 */
export function handOffStep(
	{ neverAsserted }: Pick<HandOffHelpdesk, "neverAsserted">,
	visitor:
		| {
				readonly account: Pick<Account, "email" | "confirmed" | "unclaimed">;
				readonly hasConsented: boolean;
		  }
		| undefined,
): HandOffStep {
	if (visitor === undefined) {
		return "log-in";
	}
	const gap = emailGap(visitor.account, neverAsserted);
	if (gap !== undefined) {
		return gap === "kept-back" ? "address-refused" : "address";
	}
	return visitor.hasConsented ? "go" : "consent";
}

/** What a helpdesk receives about a user. Without its REST API the token is all that it receives. */
export function receivedBy({
	preset,
	apiToken,
}: Pick<HandOffHelpdesk, "preset" | "apiToken">): HandOffPreset["receives"] {
	const { receives, hasApi } = handOffPresetOf(preset) ?? { receives: [], hasApi: false };
	return hasApi && apiToken === null ? ["email"] : receives;
}

/** What a user agrees to. */
export function passedTo(
	helpdesk: Pick<HandOffHelpdesk, "preset" | "apiToken" | "address">,
): PassedData {
	return { claims: receivedBy(helpdesk), hosts: [new URL(helpdesk.address).host] };
}
