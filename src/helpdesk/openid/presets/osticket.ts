import { addressOf, below, type Preset } from "./preset.ts";

/** The plugin "Oauth2 Client". It reads userinfo and no ID token. */
export const OSTICKET: Preset = {
	id: "osticket",
	name: "osTicket",
	pkce: false,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: false,
	address: {
		label: addressOf("osTicket"),
		example: "https://support.example.com/osticket",
		mayHavePath: true,
	},
	redirectUris: (address) => [below(address, "/api/auth/oauth2")],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: {
		key: "preset.osticket.session",
		values: { setting: "User Session Timeout", place: "Admin Panel > Settings > Users" },
	},
	where: "Admin Panel > Manage > Plugins > Oauth2 Client > Instances > Config",
	fields: [
		{ label: "Name", value: { text: "X Login" } },
		{ label: "Authentication Target", value: { text: "End Users Only" } },
		{ label: "Authentication Label", value: { text: "X" } },
		{ label: "Client Id", value: "clientId" },
		{ label: "Client Secret", value: "clientSecret" },
		{ label: "Callback Endpoint", value: "redirectUri" },
		{ label: "Authorization Endpoint", value: "authorization" },
		{ label: "Token Endpoint", value: "token" },
		{ label: "Resource Details Endpoint", value: "userinfo" },
		// The plugin sends commas between scopes that a comma separates, and one text otherwise.
		{ label: "Scopes", value: "scopes" },
		{ label: "User Identifier", value: { text: "email" } },
		{ label: "Given Name", value: { text: "name" } },
		{ label: "Email Address", value: { text: "email" } },
	],
	tried: "against its documentation",
	linksByEmail: {
		key: "preset.osticket.by-email",
		values: { setting: "Authentication Target" },
	},
	sources: [
		"https://github.com/osTicket/osTicket-plugins/tree/develop/auth-oauth2",
		"https://docs.osticket.com/en/latest/Guides/OAuth2%20Guide.html",
	],
};
