/**
 * `awaiting-approval`: an operator has to approve the user first. `incomplete`: the helpdesk needs to know more about
 * the user, and asks with its own form when they log in.
 */
export type UserStatus = "active" | "suspended" | "awaiting-approval" | "incomplete";

export interface User {
	readonly id: string;
	readonly brandId: string;
	readonly name: string;
	/** Null for a user without an address. */
	readonly email: string | null;
	/** BCP 47. */
	readonly locale: string;
	readonly status: UserStatus;
	/** Whether they can log in without this plugin: with a password, a passkey or another provider. */
	readonly hasOtherWayIn: boolean;
	/**
	 * Changes each time the helpdesk ends all sessions of the user: after a new password, a suspension, a claim, or when
	 * they log out everywhere. What a visitor proved before it changed proves nothing after. Opaque. A helpdesk of
	 * contract 1.0 leaves it out.
	 */
	readonly accessEpoch?: string;
}

/** The owner of an e-mail address within one brand. Staff have no id here, because no plugin may act for them. */
export type EmailOwner =
	| { readonly kind: "nobody" }
	| { readonly kind: "staff" }
	| {
			readonly kind: "user";
			readonly id: string;
			/** Whether the helpdesk has proof that this person reads the address. */
			readonly confirmed: boolean;
			/** Whether an e-mailed ticket made the account, and nobody ever logged in to it. Absent: no. */
			readonly unclaimed?: boolean;
			readonly suspended: boolean;
	  };

export interface NewUser {
	readonly brandId: string;
	readonly name: string;
	/**
	 * The address in the form that `canonicalEmail` gives; any other form is `refused`. Null for a person whose address
	 * is not known. They can go without one, or give one to the helpdesk later.
	 */
	readonly email: string | null;
	/**
	 * `code`: the person has just read a code that was sent to the address. `asserted`: the provider says that it is
	 * their address. An asserted address creates an account but is not confirmed: it opens no organisation and no older
	 * ticket. `none`: there is no address.
	 */
	readonly emailProof: "asserted" | "code" | "none";
	readonly locale: string;
	/**
	 * What the person is called at the provider, such as their handle without `@`, for a helpdesk with user names. It may be
	 * long, in any script, or another user's name here. The helpdesk makes a free and allowed name of it: a name is no
	 * reason to refuse somebody. Absent before contract 1.1.
	 */
	readonly suggestedName?: string;
	/**
	 * The `clientAddress` of the person's request, for a helpdesk that keeps the address of each registration, or looks it
	 * up in a list of spammers. Absent before contract 1.1.
	 */
	readonly clientAddress?: string;
}

/**
 * Why a person cannot have an account. `address-taken`: somebody has the address. `address-refused`: the helpdesk takes no
 * new users with this address, or any of its domain. `registration-closed`: it takes no new users at all.
 */
export type CreationRefusal = "address-taken" | "address-refused" | "registration-closed";

/**
 * A plugin gets `pending` and a reason only if its manifest names 1.1 or a later version under `engines.contract`. Any
 * other plugin gets `refused` in their place.
 */
export type UserCreation =
	/** The status of the user says whether the host needs an approval or more fields first. */
	| { readonly kind: "created"; readonly user: User }
	/**
	 * The person waits in a queue of the helpdesk, and there is no user before somebody approves them. From then on the same
	 * key gives `created`. After a rejection it gives `refused`, or `pending` where the helpdesk lets them ask once more.
	 */
	| { readonly kind: "pending" }
	/** The reason is absent where the helpdesk gives none, and before contract 1.1. */
	| { readonly kind: "refused"; readonly reason?: CreationRefusal };

/** End users only. Staff cannot be found, created or logged in through this port. */
export interface Users {
	/**
	 * @param email compared by `canonicalEmail`. ASCII case makes no difference. An address that only looks like another
	 * one, or becomes it by Unicode's rules of case, is not the same. A text that is not an address belongs to nobody.
	 */
	ownerOf(brandId: string, email: string): Promise<EmailOwner>;

	/** @returns undefined when the user was deleted or is staff. */
	find(userId: string): Promise<User | undefined>;

	/**
	 * Creates a user, once. The same key always gives the same answer, on every node and after a crash, as long as the
	 * user exists. After a deletion the key creates a new user. An address that meanwhile belongs to somebody is
	 * `refused`. Each plugin has its own keys: the same key of another plugin stands for another user.
	 *
	 * A person who waits for an approval is in the queue once, whatever their keys are: a plugin made for 1.0 may come back
	 * with another key.
	 *
	 * A brand that the helpdesk does not have, and a field that is not of its type, reject with a TypeError that says
	 * which. A locale is a language tag of at most 100 characters.
	 */
	create(key: string, user: NewUser): Promise<UserCreation>;

	/**
	 * The person at the keyboard has proven to read the user's address. An account that was not confirmed, or never
	 * claimed, is theirs from now on: it counts as confirmed, and loses everything that was set up without that proof,
	 * namely its password, its sessions, a pending change of address and other ways to log in. A confirmed account stays
	 * as it is.
	 *
	 * For an account that becomes theirs, the host also calls `onUserClaimed` of every other plugin before this resolves. It
	 * does not call it of the plugin that confirms, which drops its own links.
	 */
	confirm(userId: string): Promise<void>;
}
