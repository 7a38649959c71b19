import type { Preset } from "./preset.ts";

/** A helpdesk that speaks OpenID Connect and that no other preset is for. */
export const ANOTHER: Preset = {
	id: "another",
	name: "Another helpdesk",
	nameText: "preset.another.name",
	pkce: true,
	clientAuth: "client_secret_basic",
	// What a client gets that does not say (OpenID Connect Dynamic Client Registration, section 2).
	signing: "RS256",
	needsEmail: false,
	httpsOnly: false,
	address: {
		label: { key: "helpdesk.form.address-of-another" },
		example: "https://support.example.com",
		mayHavePath: true,
	},
	redirectShownAs: { key: "preset.another.redirect-shown-as" },
	redirectUris: () => [],
	logOutEntered: ["postLogoutRedirectUris", "backChannelLogoutUri"],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: { key: "preset.another.session" },
	where: { key: "helpdesk.paste.where-another" },
	fields: [
		{ label: "Issuer", value: "issuer" },
		{ label: "Discovery URL", value: "discovery" },
		{ label: "Client ID", value: "clientId" },
		{ label: "Client secret", value: "clientSecret" },
		{ label: "Scopes", value: "scopes" },
		{ label: "Authorization endpoint", value: "authorization" },
		{ label: "Token endpoint", value: "token" },
		{ label: "Userinfo endpoint", value: "userinfo" },
		{ label: "End session endpoint", value: "endSession" },
	],
	tried: "against its documentation",
	linksByEmail: { key: "preset.another.by-email" },
	sources: ["https://openid.net/specs/openid-connect-core-1_0.html"],
};

/** The same for a helpdesk that does not send a PKCE challenge. */
export const ANOTHER_WITHOUT_PKCE: Preset = {
	...ANOTHER,
	id: "another-without-pkce",
	name: "Another helpdesk, without PKCE",
	nameText: "preset.another.name-without-pkce",
	pkce: false,
};
