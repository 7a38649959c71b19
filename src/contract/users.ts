/**
 * `awaiting-approval`: somebody has to let the person in first. `incomplete`: the helpdesk wants to know more of
 * them; it asks in a form of its own when they sign in.
 */
export type UserStatus = "active" | "suspended" | "awaiting-approval" | "incomplete";

export interface User {
	readonly id: string;
	readonly brandId: string;
	readonly name: string;
	/** Null for a user whom mail cannot reach. */
	readonly email: string | null;
	/** BCP 47. */
	readonly locale: string;
	readonly status: UserStatus;
	/** Whether they can sign in without this plugin: with a password, a passkey, another provider. */
	readonly hasOtherWayIn: boolean;
}

/** To whom an e-mail address belongs within one brand. Staff are named without an id: no plugin may act on them. */
export type EmailOwner =
	| { readonly kind: "nobody" }
	| { readonly kind: "staff" }
	| {
			readonly kind: "user";
			readonly id: string;
			/** The helpdesk has proof that this person reads the address. */
			readonly confirmed: boolean;
			/** Made by an e-mailed ticket; nobody ever logged in to it. */
			readonly unclaimed: boolean;
			readonly suspended: boolean;
	  };

export interface NewUser {
	readonly brandId: string;
	readonly name: string;
	/**
	 * As `canonicalEmail` gives it; another one is `refused`. Null for a person of whom no address is known: they can do
	 * without one, or leave one at the helpdesk later.
	 */
	readonly email: string | null;
	/**
	 * `code`: the person read a code sent to the address just now. `asserted`: the identity provider says so, which
	 * makes an account but confirms no address: it opens no organisation and no older ticket. `none`: there is no address.
	 */
	readonly emailProof: "asserted" | "code" | "none";
	readonly locale: string;
}

export type UserCreation =
	/** See the user's status: the host may want an approval or more fields first. */
	{ readonly kind: "created"; readonly user: User } | { readonly kind: "refused" };

/** End users only; staff cannot be found, created or signed in through this port. */
export interface Users {
	/**
	 * @param email compared by `canonicalEmail`: ASCII case makes no difference, and an address that only looks like one of
	 * somebody, or becomes it by Unicode's rules of case, is not theirs. What is no address belongs to nobody.
	 */
	ownerOf(brandId: string, email: string): Promise<EmailOwner>;

	/** @returns undefined when the user was deleted or is staff. */
	find(userId: string): Promise<User | undefined>;

	/**
	 * Makes a user, once: the same key gives the same answer for ever, on every node and after a crash, as
	 * long as the user exists. After a deletion the key makes a new user. An address that meanwhile belongs to
	 * somebody is `refused`. The key is this plugin's own: the same one of another plugin stands for another user.
	 */
	create(key: string, user: NewUser): Promise<UserCreation>;

	/**
	 * The person at the keyboard has proven to read the user's address. An account that was not confirmed or never
	 * claimed is theirs from now on: it counts as confirmed, and whatever was set up without that proof is dropped,
	 * namely its password, its sessions, a pending change of address and other ways to sign in. One that was
	 * confirmed before stays as it is.
	 */
	confirm(userId: string): Promise<void>;
}
