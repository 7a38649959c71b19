import type { Message, TextKey } from "../../locale/locale.ts";

/** The user whom a token is about. */
export interface HandedUser {
	/** What the user is called at helpdesks, see `subjectOf`. */
	readonly id: string;
	readonly name: string;
	/** The address that the user has proven, in its canonical form. In a hand-off the address is the identity. */
	readonly email: string;
	/** BCP 47. */
	readonly locale: string;
}

/** What makes one token different from all others. Times are in seconds since the epoch (RFC 7519, section 2). */
interface TokenTraits {
	readonly id: string;
	readonly issuedAt: number;
	readonly expiresAt: number;
}

/** The claims of a token (RFC 7519, section 4). */
export type HandOffClaims = Readonly<Record<string, string | number>>;

/** What the administrator enters as the address of a helpdesk. */
interface PresetAddress {
	readonly label: Message;
	readonly example: string;
	/** Whether the helpdesk may lie below a path, as in https://example.com/support. */
	readonly mayHavePath: boolean;
}

/** One value that the administrator pastes into the helpdesk. `hand-off`: where log-ins begin; `log-out`: where they end. */
interface HandOffField {
	/** The name of the field there, or what it is where it has none. */
	readonly label: string | Message;
	readonly value: "hand-off" | "log-out";
}

/**
 * How the session there ends. `token`: the browser takes a second token to `path`; `link`: the browser opens `path`;
 * `expires`: the token is the session, and ends with it.
 */
type HandOffLogOut =
	| { readonly kind: "token"; readonly path: string }
	| { readonly kind: "link"; readonly path: string }
	| { readonly kind: "expires" };

/** What is known about a kind of helpdesk that takes a signed token about a user. */
export interface HandOffPreset {
	/** Part of the ids of helpdesks and of the recipe's file name. It never changes. */
	readonly id: string;
	/** The helpdesk's own name. */
	readonly name: string;
	readonly address: PresetAddress;
	/** The algorithm of the signature (RFC 7518, section 3.2). */
	readonly algorithm: "HS256" | "HS512";
	/** The name of the key there. The helpdesk makes it, and the administrator pastes it here. */
	readonly secretLabel: string;
	/** Where its administrator finds the key: the way there in its own words, or what the place is. */
	readonly secretWhere: string | Message;
	/** Whether users are found or created by its REST API, and it has brands of its own. */
	readonly hasApi: boolean;
	/** The path below the address that takes the token. */
	readonly path: string;
	/** How the browser brings the token: in a form, or in the address. */
	readonly method: "post" | "get";
	/** The parameter that holds the token. */
	readonly tokenField: string;
	/** The parameter for the way on, both in its requests and in our answers. */
	readonly returnField: string;
	/** How it writes the way on: as a whole address, or as a path of its own. */
	readonly returnsTo: "address" | "path";
	claims(user: HandedUser, token: TokenTraits): HandOffClaims;
	/** What of a user it receives. */
	readonly receives: readonly ("email" | "name" | "id" | "language")[];
	readonly logOut: HandOffLogOut;
	/** How long its own session lives on after a log-out here. */
	readonly ownSession: Message;
	/** Where its administrator finds the fields: the way there in its own words, or a sentence that has it in strong. */
	readonly where: string | { readonly key: TextKey };
	/** In the order of its page. */
	readonly fields: readonly HandOffField[];
	/** A warning about the people that it attaches to accounts by their address. */
	readonly linksByEmail: Message;
	/** Where the facts come from. */
	readonly sources: readonly string[];
}
