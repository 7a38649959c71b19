import type { Message, TextKey } from "../../locale/locale.ts";
import type { LogOutField } from "./connection-error.ts";

/** How a helpdesk proves itself at the token endpoint (OpenID Connect Core, section 9). `none`: it has no secret. */
type ClientAuth = "client_secret_basic" | "client_secret_post" | "none";

/**
 * What a helpdesk needs to hear from us. A `text` is the same for everybody. An `ending` follows the value, for a helpdesk
 * that adds a path of its own.
 */
export type PasteValue =
	| "issuer"
	| "discovery"
	| "authorization"
	| "token"
	| "userinfo"
	| "endSession"
	| "clientId"
	| "clientSecret"
	| "scopes"
	| "redirectUri"
	| "postLogoutRedirectUri"
	| { readonly text: string }
	| { readonly of: "userinfo"; readonly ending: string };

/** One field of the page where a helpdesk is told about its OpenID Provider. */
interface PresetField {
	/** The name of the field there. */
	readonly label: string;
	readonly value: PasteValue;
}

/** What the administrator enters as the address of a helpdesk. */
interface PresetAddress {
	readonly label: Message;
	readonly example: string;
	/** Whether the helpdesk may lie below a path, as in https://example.com/support. */
	readonly mayHavePath: boolean;
}

/** A sentence whose place stands in a tag `strong`. */
export interface SentenceWithPlace {
	readonly key: TextKey;
	readonly values?: Readonly<Record<string, string>>;
}

/** What is known about a kind of helpdesk that users log in to through us. */
export interface Preset {
	/** Part of client ids and of the recipe's file name. It never changes. */
	readonly id: string;
	/** The helpdesk's own name. Users see it unless an administrator enters another one. */
	readonly name: string;
	/** What stands for the name in the administration, where it is none that a product has. */
	readonly nameText?: TextKey;
	/** Whether it sends a PKCE challenge (RFC 7636, S256). Without one it must have a secret. */
	readonly pkce: boolean;
	readonly clientAuth: ClientAuth;
	/** The signature of ID tokens that it verifies, or that it is known to accept. */
	readonly signing: "ES256" | "RS256";
	/** Whether it lets nobody in without an e-mail address. */
	readonly needsEmail: boolean;
	/** Whether it refuses an OpenID Provider without TLS, on loopback too. */
	readonly httpsOnly: boolean;
	readonly address: PresetAddress;
	/**
	 * Undefined: the redirect URI follows from the address. Otherwise the name under which the helpdesk shows it; the
	 * administrator copies it from there.
	 */
	readonly redirectShownAs?: string | Message;
	/** Whether redirect URIs may have another origin than the address. */
	readonly redirectsElsewhere?: true;
	/** @param address as `helpdeskAddress` reads it. */
	redirectUris(address: URL): readonly string[];
	/** The fields about the end of a session that the administrator fills in. Left out: they follow from the address. */
	readonly logOutEntered?: readonly LogOutField[];
	/** The name under which the helpdesk shows where it sends people after a log-out. Undefined: not known. */
	readonly postLogoutShownAs?: string;
	/** Where it may send people after a log-out (OpenID Connect RP-Initiated Logout, section 3). */
	postLogoutRedirectUris(address: URL): readonly string[];
	/** Where it hears of a log-out (OpenID Connect Back-Channel Logout). Undefined: it cannot be told. */
	backChannelLogoutUri(address: URL): string | undefined;
	/** How long its own session lives on when it cannot be told, and where to change that. */
	readonly ownSession: Message;
	/** Where its administrator finds the fields: the way there in its own words, or a sentence that has it in strong. */
	readonly where: string | SentenceWithPlace;
	/** In the order of its page. */
	readonly fields: readonly PresetField[];
	/** How far the preset was tried. */
	readonly tried: "in CI" | "against its documentation";
	/** A warning when it attaches people to accounts by their e-mail address: which addresses it must never hear. */
	readonly linksByEmail?: Message;
	/** Where the facts come from. */
	readonly sources: readonly string[];
}

/** What a kind of helpdesk is called in the administration. */
export function nameOf({ name, nameText }: Pick<Preset, "name" | "nameText">): string | Message {
	return nameText === undefined ? name : { key: nameText };
}

/** The name of a field for the address of a product. */
export function addressOf(helpdesk: string): Message {
	return { key: "helpdesk.form.address-of", values: { helpdesk } };
}

/** A URL below an address, whether or not the address ends with a slash. */
export function below(address: URL, path: string): string {
	const { origin, pathname } = address;
	return `${origin}${pathname.endsWith("/") ? pathname.slice(0, -1) : pathname}${path}`;
}
