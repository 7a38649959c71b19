import type { Adapter, AdapterPayload } from "oidc-provider";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { ConnectedHelpdesks } from "./connected-helpdesks.ts";

/** Fields of a client that the library does not know. */
export const OWN_CLIENT_FIELDS = ["sends_pkce", "needs_email"] as const;

/** How an answer gets back to a connected helpdesk (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1). */
export const RESPONSE_MODES = ["query"] as const;

/** Shows a brand's connected helpdesks to the library as its clients, which it can only find. */
export function providerClients(
	helpdesks: Pick<ConnectedHelpdesks, "find" | "secretOf">,
	extraRedirectUris: (id: string) => Promise<readonly string[]>,
): Adapter {
	const refuse = async (): Promise<never> => {
		throw new Error("the library does not change connected helpdesks");
	};
	const none = async () => undefined;
	return {
		find: async (id) => {
			const helpdesk = await helpdesks.find(id);
			return (
				helpdesk &&
				clientOf(helpdesk, helpdesks.secretOf(helpdesk).reveal(), await extraRedirectUris(id))
			);
		},
		...{ findByUid: none, findByUserCode: none },
		...{ upsert: refuse, consume: refuse, destroy: refuse, revokeByGrantId: refuse },
	};
}

/** The metadata of a client (OpenID Connect Dynamic Client Registration, section 2). */
function clientOf(
	helpdesk: ConnectedHelpdesk,
	secret: string,
	extraRedirectUris: readonly string[],
): AdapterPayload {
	const { id, name, redirectUris, postLogoutRedirectUris, backChannelLogoutUri } = helpdesk;
	return {
		client_id: id,
		...(helpdesk.clientAuth !== "none" && { client_secret: secret }),
		client_name: name,
		redirect_uris: [...redirectUris, ...extraRedirectUris],
		post_logout_redirect_uris: [...postLogoutRedirectUris],
		...(backChannelLogoutUri !== null && {
			backchannel_logout_uri: backChannelLogoutUri,
			backchannel_logout_session_required: true,
		}),
		token_endpoint_auth_method: helpdesk.clientAuth,
		id_token_signed_response_alg: helpdesk.signature,
		grant_types: ["authorization_code"],
		response_types: ["code"],
		response_modes: [...RESPONSE_MODES],
		application_type: "web",
		// Without a secret and a challenge, a code would be anybody's.
		sends_pkce: helpdesk.pkce || helpdesk.clientAuth === "none",
		needs_email: helpdesk.needsEmail,
	};
}
