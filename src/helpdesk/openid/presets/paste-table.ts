import type { Secret } from "../../../contract/secret.ts";
import type { PasteValue, Preset } from "./preset.ts";

/** What the table needs of a connected helpdesk. */
export interface PasteClient {
	/** The `client_id`. */
	readonly id: string;
	/** Undefined: it was shown once, and is not shown again. */
	readonly secret: Secret | undefined;
	readonly redirectUris: readonly string[];
	readonly postLogoutRedirectUris: readonly string[];
}

/** One line of what to paste into a helpdesk. */
export type PasteRow =
	| { readonly label: string; readonly value: string; readonly isSecret: false }
	| { readonly label: string; readonly value: Secret | undefined; readonly isSecret: true };

/** What a helpdesk asks for. All of them are claims that our provider has. */
const SCOPES = "openid profile email";

/** Below the issuer, as the provider's discovery document has them (OpenID Connect Discovery, section 3). */
export const ENDPOINT_PATHS = {
	discovery: "/.well-known/openid-configuration",
	authorization: "/auth",
	token: "/token",
	userinfo: "/me",
	endSession: "/session/end",
} as const;

/**
 * What an administrator pastes into the helpdesk, under the helpdesk's own names and in the order of its page. A helpdesk
 * that has no secret gets no row for one.
 *
 * @param issuer without a slash at its end.
 */
export function pasteTable(
	preset: Pick<Preset, "fields">,
	client: PasteClient,
	issuer: string,
): readonly PasteRow[] {
	return preset.fields.map(({ label, value }) =>
		value === "clientSecret"
			? { label, value: client.secret, isSecret: true }
			: { label, value: shown(value, client, issuer), isSecret: false },
	);
}

function shown(
	value: Exclude<PasteValue, "clientSecret">,
	{ id, redirectUris, postLogoutRedirectUris }: PasteClient,
	issuer: string,
): string {
	if (typeof value === "object") {
		return "text" in value ? value.text : `${issuer}${ENDPOINT_PATHS[value.of]}${value.ending}`;
	}
	switch (value) {
		case "issuer":
			return issuer;
		case "clientId":
			return id;
		case "scopes":
			return SCOPES;
		case "redirectUri":
			return redirectUris[0] ?? "";
		case "postLogoutRedirectUri":
			return postLogoutRedirectUris[0] ?? "";
		default:
			return `${issuer}${ENDPOINT_PATHS[value]}`;
	}
}
