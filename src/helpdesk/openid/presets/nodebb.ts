import { addressOf, below, type Preset } from "./preset.ts";

/** The plugin nodebb-plugin-sso-oauth2-multiple. It reads userinfo and no ID token. */
export const NODEBB: Preset = {
	id: "nodebb",
	name: "NodeBB",
	pkce: false,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: false,
	address: {
		label: addressOf("NodeBB"),
		example: "https://forum.example.com",
		mayHavePath: true,
	},
	// The path has the name of the endpoint, which is one of the fields below.
	redirectUris: (address) => [below(address, "/auth/x-login/callback")],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: {
		key: "preset.nodebb.session",
		values: { setting: "Days to remember user login sessions", place: "Settings > Users" },
	},
	where: "Admin > Plugins > Multiple OAuth2 > New Endpoint",
	fields: [
		{ label: "Enabled", value: { text: "on" } },
		{ label: "Name", value: { text: "x-login" } },
		{ label: '"Login" Label Text', value: { text: "Log in with X" } },
		{ label: '"Register" Label Text', value: { text: "Sign up with X" } },
		{ label: "Authorization URL", value: "authorization" },
		{ label: "Token URL", value: "token" },
		{ label: "Client ID", value: "clientId" },
		{ label: "Client Secret", value: "clientSecret" },
		{ label: "User Info URL", value: "userinfo" },
		{ label: "Scope", value: "scopes" },
		{
			label: "Automatically confirm emails when email_verified is true",
			value: { text: "off" },
		},
	],
	tried: "against its documentation",
	linksByEmail: {
		key: "preset.nodebb.by-email",
		values: { setting: "Automatically confirm emails when email_verified is true" },
	},
	sources: [
		"https://github.com/NodeBB/nodebb-plugin-sso-oauth2-multiple",
		"https://github.com/NodeBB/NodeBB/blob/master/install/data/defaults.json",
	],
};
