import type { Account } from "../people/stored-account.ts";
import { assertedAddress } from "./claims.ts";
import type { PortalSession } from "./portal-sessions.ts";
import type { WaitingRequest } from "./waiting-request.ts";

/**
 * What has to happen before a visitor gets to a connected helpdesk. `prove`: they prove again who they are; `address`:
 * they prove an e-mail address; `address-refused`: the helpdesk does not take their address from here; `consent`: they
 * see which data goes there.
 */
export type ConnectStep = "log-in" | "prove" | "address" | "address-refused" | "consent" | "go";

/**
 * The next step of a visitor whom a connected helpdesk has sent.
 *
 * @param visitor undefined: nobody is logged in.
 * @param now milliseconds since the epoch.
 */
export function connectStep(
	waiting: Pick<
		WaitingRequest,
		"helpdesk" | "beganAt" | "wantsProof" | "maxAgeMs" | "wantsConsent"
	>,
	visitor:
		| {
				readonly session: Pick<PortalSession, "provenAt">;
				readonly account: Pick<Account, "email" | "confirmed" | "unclaimed">;
				/** Whether they have agreed to all that the answer passes on. */
				readonly hasConsented: boolean;
		  }
		| undefined,
	now: number,
): ConnectStep {
	if (visitor === undefined) {
		return "log-in";
	}
	const { helpdesk, beganAt, wantsProof, maxAgeMs, wantsConsent } = waiting;
	const { session, account, hasConsented } = visitor;
	const isFresh = session.provenAt >= beganAt;
	const isTooOld = maxAgeMs !== undefined && now - session.provenAt > maxAgeMs;
	if (!isFresh && (wantsProof || isTooOld)) {
		return "prove";
	}
	if (helpdesk.needsEmail && assertedAddress(account, helpdesk.neverAsserted) === undefined) {
		return assertedAddress(account, []) === undefined ? "address" : "address-refused";
	}
	return hasConsented && !wantsConsent ? "go" : "consent";
}
