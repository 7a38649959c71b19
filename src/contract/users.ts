export interface User {
	readonly id: string;
	readonly brandId: string;
	readonly name: string;
	readonly suspended: boolean;
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
	/** Proven to belong to the person, by the plugin or by the identity provider it speaks for. */
	readonly email: string;
	readonly locale: string;
}

export type UserCreation =
	| { readonly kind: "created"; readonly userId: string }
	/** Somebody has to approve the account first. */
	| { readonly kind: "queued" }
	| { readonly kind: "refused" };

/** End users only; staff cannot be found, created or signed in through this port. */
export interface Users {
	/** @param email compared as the helpdesk compares addresses; the empty string belongs to nobody. */
	ownerOf(brandId: string, email: string): Promise<EmailOwner>;

	/** @returns undefined when the user was deleted or is staff. */
	find(userId: string): Promise<User | undefined>;

	/**
	 * Makes a user, once: the same key gives the same answer for ever, on every node and after a crash, as
	 * long as the user exists. After a deletion the key makes a new user. An address that meanwhile belongs to
	 * somebody is `refused`.
	 */
	create(key: string, user: NewUser): Promise<UserCreation>;
}
