import type { CurrentUser } from "../../contract/login-request.ts";
import type { EmailOwner, User } from "../../contract/users.ts";
import { isDomainAllowed } from "./allowed-domain.ts";
import { type Choice, chooseAccount, type Situation } from "./choose-account.ts";
import type { BrandLogin } from "./login-settings.ts";

/** The time for which a proof of identity is good enough for linking. */
const RECENT_PROOF_MS = 10 * 60_000;

/**
 * The visitor, for {@link chooseAccount}.
 *
 * @param linkingUserId the user who pressed "Connect X"; undefined for a log-in.
 */
export function visitorOf(
	currentUser: CurrentUser | undefined,
	linkingUserId: string | undefined,
	now: number,
): Situation["visitor"] {
	if (linkingUserId === undefined) {
		return currentUser === undefined ? "anonymous" : "signed-in";
	}
	if (currentUser?.id !== linkingUserId) {
		return "changed";
	}
	return now - currentUser.provenAt < RECENT_PROOF_MS ? "linking" : "linking-unproven";
}

/** The user of the X account, for {@link chooseAccount}. */
export function linkedTo(
	user: User | undefined,
	currentUser: CurrentUser | undefined,
): Situation["linked"] {
	if (user === undefined) {
		return "nobody";
	}
	if (user.id === currentUser?.id) {
		return "visitor";
	}
	switch (user.status) {
		case "active":
			return "active-user";
		case "suspended":
			return "suspended-user";
		case "awaiting-approval":
			return "unapproved-user";
		case "incomplete":
			return "incomplete-user";
	}
}

/**
 * The e-mail address and its domain, for {@link chooseAccount}.
 *
 * @param user the owner as a user. Makes no difference once the address is proven.
 */
export function emailIn(
	owner: EmailOwner | undefined,
	email: string | undefined,
	{ allowedDomains, blockedDomains }: BrandLogin,
	user?: User,
): Pick<Situation, "email" | "domainAllowed"> {
	if (owner === undefined || email === undefined) {
		return { email: "missing", domainAllowed: true };
	}
	const domainAllowed = isDomainAllowed(email, allowedDomains, blockedDomains);
	return { email: ownership(owner, user?.hasOtherWayIn), domainAllowed };
}

/** The owner of an e-mail address. */
function ownership(owner: EmailOwner, hasOtherWayIn = false): Situation["email"] {
	switch (owner.kind) {
		case "nobody":
			return "of-nobody";
		case "staff":
			return "of-staff";
		case "user":
			if (owner.suspended) {
				return "of-suspended-user";
			}
			if (owner.unclaimed) {
				return "of-unclaimed-user";
			}
			if (owner.confirmed) {
				return "of-confirmed-user";
			}
			return hasOtherWayIn ? "of-registrant" : "of-unconfirmed-user";
	}
}

/** Applies the rules to a visitor whose X account is linked to this user. The other facts make no difference. */
export function choiceFor(user: User): Choice {
	return chooseAccount({
		visitor: "anonymous",
		linked: linkedTo(user, undefined),
		mode: "link-only",
		registrationOpen: false,
		email: "not-asked",
		emailProof: "asserted",
		domainAllowed: false,
		linking: "prove",
	});
}
