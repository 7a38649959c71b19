import type { Account } from "../people/stored-account.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import { isAsserted } from "./presets/never-asserted.ts";
import { subjectOf } from "./subject.ts";

/** The claims that go with each scope (OpenID Connect Core, section 5.4). */
export const CLAIMS_OF_SCOPES = {
	openid: ["sub"],
	profile: ["name", "nickname", "preferred_username", "locale"],
	email: ["email", "email_verified"],
};

/** How an add-on for X names an account: the handle after an "@". X itself has shorter handles. */
const LABEL_WITH_HANDLE = /^@([A-Za-z0-9_]{1,50})$/;

/**
 * The first handle among the labels of a user's linked accounts (`LinkedAccount.label`). A label that is anything else,
 * such as the address of an account at another provider, is for the user's own eyes and goes nowhere.
 *
 * @returns the handle without the "@"; undefined for none.
 */
export function handleIn(labels: readonly string[]): string | undefined {
	for (const label of labels) {
		const [, handle] = LABEL_WITH_HANDLE.exec(label) ?? [];
		if (handle !== undefined) {
			return handle;
		}
	}
	return undefined;
}

/** What a connected helpdesk hears of a user. */
export interface UserClaims {
	readonly [claim: string]: string | true | undefined;
	readonly sub: string;
	/**
	 * Never a handle, which can change hands, and never a name that a helpdesk may have given to somebody: Request Tracker,
	 * Znuny and GLPI know their users by it.
	 */
	readonly preferred_username: string;
	readonly name: string;
	/** The handle without an "@": NodeBB makes a user name of it, which must not have one. */
	readonly nickname?: string;
	readonly locale: string;
	readonly email?: string;
	readonly email_verified?: true;
}

/**
 * What a connected helpdesk hears of a user. Most helpdesks attach people by e-mail address, so it hears an address only
 * if the user has proven to read it, and never one that is on the helpdesk's list.
 *
 * @param handle the user's handle at X, as {@link handleIn} gives it; undefined for none.
 */
export function claimsOf(
	account: Account,
	handle: string | undefined,
	{ neverAsserted }: Pick<ConnectedHelpdesk, "neverAsserted">,
): UserClaims {
	const { name, locale } = account;
	const sub = subjectOf(account);
	const email = assertedAddress(account, neverAsserted);
	return {
		sub,
		preferred_username: `x-${sub}`,
		name,
		...(handle !== undefined && { nickname: handle }),
		locale,
		...(email !== undefined && { email, email_verified: true }),
	};
}

/** Why a connected helpdesk does not hear a user's address. `none`: there is none; `kept-back`: it is on the list. */
export type EmailGap = "none" | "unproven" | "kept-back";

type Addressed = Pick<Account, "email" | "confirmed" | "unclaimed">;

/** The address that a connected helpdesk may hear; undefined for none. */
export function assertedAddress(
	account: Addressed,
	neverAsserted: readonly string[],
): string | undefined {
	return emailGap(account, neverAsserted) === undefined ? (account.email ?? undefined) : undefined;
}

/** @returns undefined when it hears the address. */
export function emailGap(
	{ email, confirmed, unclaimed }: Addressed,
	neverAsserted: readonly string[],
): EmailGap | undefined {
	if (email === null) {
		return "none";
	}
	if (!confirmed || unclaimed) {
		return "unproven";
	}
	return isAsserted(email, neverAsserted) ? undefined : "kept-back";
}
