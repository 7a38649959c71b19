import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, readTexts, type StoredKind } from "../../storage/stored-value.ts";

/**
 * How a connected helpdesk proves itself at the token endpoint (OpenID Connect Core, section 9). `none`: it has no secret,
 * and is known by its redirect URI and its PKCE challenge alone.
 */
const CLIENT_AUTH = ["client_secret_basic", "client_secret_post", "none"] as const;

/** The signatures of ID tokens that a connected helpdesk may verify. */
const SIGNATURES = ["ES256", "RS256"] as const;

export type Signature = (typeof SIGNATURES)[number];

/** A helpdesk that users of a brand log in to: a client of the brand's OpenID Provider. */
export type ConnectedHelpdesk = {
	/** The `client_id`. */
	readonly id: string;
	/** The id of the preset that it was made from. */
	readonly preset: string;
	readonly name: string;
	/** Where it is: an absolute URL. */
	readonly address: string;
	readonly redirectUris: readonly string[];
	readonly postLogoutRedirectUris: readonly string[];
	/** Where it hears that a session has ended (OpenID Connect Back-Channel Logout). Null: it cannot be told. */
	readonly backChannelLogoutUri: string | null;
	readonly clientAuth: (typeof CLIENT_AUTH)[number];
	readonly signature: Signature;
	/** Whether it sends a PKCE challenge (RFC 7636). If so, a request without one is refused. */
	readonly pkce: boolean;
	/** Whether nobody gets in there without a proven e-mail address. */
	readonly needsEmail: boolean;
	/** Whether its log-in button leads straight to X. */
	readonly straightToX: boolean;
	/** E-mail addresses and domains that it never hears of, such as those of its agents. */
	readonly neverAsserted: readonly string[];
	/** The client secret, encrypted. A helpdesk without client authentication has one that it never hears. */
	readonly secret: string;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
};

export const CONNECTED_HELPDESK: StoredKind<ConnectedHelpdesk> = {
	name: "openid/helpdesks",
	read: readConnectedHelpdesk,
};

/** Keeps fields that a later version added. */
function readConnectedHelpdesk(value: StorageValue): ConnectedHelpdesk | undefined {
	const fields = fieldsOf(value);
	const { id, preset, name, address, backChannelLogoutUri = null, secret, createdAt } = fields;
	const { pkce, needsEmail, straightToX } = fields;
	const redirectUris = readTexts(fields["redirectUris"]);
	const postLogoutRedirectUris = readTexts(fields["postLogoutRedirectUris"]);
	const neverAsserted = readTexts(fields["neverAsserted"]);
	const clientAuth = CLIENT_AUTH.find((each) => each === fields["clientAuth"]);
	const signature = SIGNATURES.find((each) => each === fields["signature"]);
	if (
		typeof id !== "string" ||
		typeof preset !== "string" ||
		typeof name !== "string" ||
		typeof address !== "string" ||
		typeof secret !== "string" ||
		typeof pkce !== "boolean" ||
		typeof needsEmail !== "boolean" ||
		typeof straightToX !== "boolean" ||
		!isTime(createdAt) ||
		redirectUris === undefined ||
		postLogoutRedirectUris === undefined ||
		neverAsserted === undefined ||
		clientAuth === undefined ||
		signature === undefined ||
		!(backChannelLogoutUri === null || typeof backChannelLogoutUri === "string")
	) {
		return undefined;
	}
	return {
		...fields,
		...{ id, preset, name, address, redirectUris, postLogoutRedirectUris, backChannelLogoutUri },
		...{ clientAuth, signature, pkce, needsEmail, straightToX, neverAsserted, secret, createdAt },
	};
}
