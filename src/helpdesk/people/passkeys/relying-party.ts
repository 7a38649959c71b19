import { isIP } from "node:net";

/** What passkeys are made for and work with (WebAuthn Level 3, section 4, "Relying Party"). */
export interface RelyingParty {
	/** The RP id: the host name of the address. A passkey works with no other one. */
	readonly id: string;
	/** The origin that browsers must be at. */
	readonly origin: string;
	/** Shown by browsers when a passkey is made. */
	readonly name: string;
}

/**
 * The relying party at an address of a portal or of the administration.
 *
 * @returns undefined where browsers make no passkeys: on plain http, unless the name is a `localhost` one, and at an IP
 * address, which is never an RP id.
 */
export function relyingPartyOf(address: string, name: string): RelyingParty | undefined {
	const { protocol, hostname: id, origin } = new URL(address);
	const isLocal = id === "localhost" || id.endsWith(".localhost");
	const isAddress = id.startsWith("[") || isIP(id) !== 0;
	return !isAddress && (protocol === "https:" || isLocal) ? { id, origin, name } : undefined;
}
