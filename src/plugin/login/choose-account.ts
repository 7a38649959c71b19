import type { LoginErrorCode } from "./login-error.ts";
import type { LinkingPolicy, LoginMode } from "./login-settings.ts";

/** The facts that decide who logs in. No other fact counts. */
export interface Situation {
	/**
	 * `signed-in`: a user is logged in, but nobody was when the log-in began. `linking`, `linking-unproven`: a user
	 * pressed "Connect X", and has or has not proven lately who they are. `changed`: another user, or nobody, is logged
	 * in now.
	 */
	readonly visitor: "anonymous" | "signed-in" | "linking" | "linking-unproven" | "changed";
	/** The owner of the X account here. `visitor`: the logged-in user. A deleted user counts as `nobody`. */
	readonly linked:
		| "nobody"
		| "visitor"
		| "active-user"
		| "suspended-user"
		| "unapproved-user"
		| "incomplete-user";
	readonly mode: LoginMode;
	readonly registrationOpen: boolean;
	/**
	 * The owner of the e-mail address. `not-asked`: X was not asked for it yet. `missing`: X gives none. `of-registrant`:
	 * an unconfirmed user who has a password or another way in. `of-unconfirmed-user`: one who has none.
	 */
	readonly email:
		| "not-asked"
		| "missing"
		| "of-nobody"
		| "of-staff"
		| "of-confirmed-user"
		| "of-registrant"
		| "of-unconfirmed-user"
		| "of-unclaimed-user"
		| "of-suspended-user";
	/** `asserted`: X says so. `code`: the visitor read a code sent to it. */
	readonly emailProof: "asserted" | "code";
	/** Whether the administrator lets addresses of this domain sign up. */
	readonly domainAllowed: boolean;
	readonly linking: LinkingPolicy;
}

export type Choice =
	| { readonly kind: "sign-in" }
	/** The visitor is logged in and linked already. */
	| { readonly kind: "go-on" }
	| { readonly kind: "complete-profile" }
	| { readonly kind: "read-profile" }
	| { readonly kind: "sign-up" }
	| { readonly kind: "ask-for-email" }
	/** The account is the visitor's if they log in to it, or read a code sent to its address. */
	| { readonly kind: "prove" }
	/** Nobody has proven yet that the account is theirs, and it has no password. A code proves it. */
	| { readonly kind: "claim" }
	/** The account is the visitor's. They have to agree to the link. */
	| { readonly kind: "consent" }
	| { readonly kind: "link" }
	| { readonly kind: "reauthenticate" }
	| { readonly kind: "refuse"; readonly code: LoginErrorCode };

export interface Rule {
	/** An input that is not named may have any value. */
	readonly when: { readonly [Input in keyof Situation]?: readonly Situation[Input][] };
	readonly choice: Choice;
}

/** Every input with every value it can have. A value left out does not compile. */
export const INPUTS: {
	readonly [Input in keyof Situation]: {
		readonly [Value in Situation[Input] as `${Value}`]: Value;
	};
} = {
	visitor: {
		anonymous: "anonymous",
		"signed-in": "signed-in",
		linking: "linking",
		"linking-unproven": "linking-unproven",
		changed: "changed",
	},
	linked: {
		nobody: "nobody",
		visitor: "visitor",
		"active-user": "active-user",
		"suspended-user": "suspended-user",
		"unapproved-user": "unapproved-user",
		"incomplete-user": "incomplete-user",
	},
	mode: {
		"login-and-signup": "login-and-signup",
		"login-only": "login-only",
		"link-only": "link-only",
	},
	registrationOpen: { true: true, false: false },
	email: {
		"not-asked": "not-asked",
		missing: "missing",
		"of-nobody": "of-nobody",
		"of-confirmed-user": "of-confirmed-user",
		"of-registrant": "of-registrant",
		"of-unconfirmed-user": "of-unconfirmed-user",
		"of-unclaimed-user": "of-unclaimed-user",
		"of-suspended-user": "of-suspended-user",
		"of-staff": "of-staff",
	},
	emailProof: { asserted: "asserted", code: "code" },
	domainAllowed: { true: true, false: false },
	linking: { prove: "prove", "trust-confirmed": "trust-confirmed" },
};

/** The rules. The first one that fits decides. */
export const RULES: readonly Rule[] = [
	{ when: { visitor: ["changed"] }, choice: refuse("user-changed") },
	{ when: { linked: ["visitor"] }, choice: { kind: "go-on" } },
	{ when: { visitor: ["signed-in"] }, choice: refuse("signed-in-as-other") },
	{
		when: { visitor: ["linking"], linked: ["nobody"] },
		choice: { kind: "link" },
	},
	{
		when: { visitor: ["linking-unproven"], linked: ["nobody"] },
		choice: { kind: "reauthenticate" },
	},
	{ when: { visitor: ["linking", "linking-unproven"] }, choice: refuse("linked-elsewhere") },
	{ when: { linked: ["active-user"] }, choice: { kind: "sign-in" } },
	{ when: { linked: ["suspended-user"] }, choice: refuse("account-suspended") },
	{ when: { linked: ["unapproved-user"] }, choice: refuse("approval-pending") },
	{ when: { linked: ["incomplete-user"] }, choice: { kind: "complete-profile" } },
	{ when: { mode: ["link-only"] }, choice: refuse("link-only") },
	{ when: { email: ["not-asked"] }, choice: { kind: "read-profile" } },
	{ when: { email: ["of-staff"] }, choice: refuse("email-of-staff") },
	{ when: { email: ["of-suspended-user"] }, choice: refuse("account-suspended") },
	{
		when: {
			email: ["of-confirmed-user", "of-registrant", "of-unconfirmed-user", "of-unclaimed-user"],
			emailProof: ["code"],
		},
		choice: { kind: "consent" },
	},
	{
		when: { email: ["of-confirmed-user"], linking: ["trust-confirmed"] },
		choice: { kind: "consent" },
	},
	{ when: { email: ["of-confirmed-user", "of-registrant"] }, choice: { kind: "prove" } },
	{
		when: { email: ["of-unconfirmed-user", "of-unclaimed-user"] },
		choice: { kind: "claim" },
	},
	{ when: { mode: ["login-only"] }, choice: refuse("sign-up-closed") },
	{ when: { registrationOpen: [false] }, choice: refuse("sign-up-closed") },
	{ when: { email: ["missing"] }, choice: { kind: "ask-for-email" } },
	{ when: { domainAllowed: [false] }, choice: refuse("domain-refused") },
	{ when: { email: ["of-nobody"] }, choice: { kind: "sign-up" } },
];

/**
 * Decides who logs in, without effects. An address that X asserts may create an account. It never links, claims or
 * opens an existing one.
 */
export function chooseAccount(situation: Situation): Choice {
	return ruleFor(situation).choice;
}

/** The rule that decides. */
export function ruleFor(situation: Situation): Rule {
	const rule = RULES.find(({ when }) => fits(when, situation));
	if (rule === undefined) {
		throw new Error(`no rule decides ${JSON.stringify(situation)}; add one to RULES`);
	}
	return rule;
}

function fits(when: Rule["when"], situation: Situation): boolean {
	return (Object.keys(when) as (keyof Situation)[]).every((input) =>
		(when[input] as readonly unknown[]).includes(situation[input]),
	);
}

function refuse(code: LoginErrorCode): Choice {
	return { kind: "refuse", code };
}
