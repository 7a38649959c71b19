import { addressOf, below, type Preset } from "./preset.ts";

/** The plugin singlesignon, which anybody may install. It reads userinfo and does not verify ID tokens. */
export const GLPI: Preset = {
	id: "glpi",
	name: "GLPI",
	pkce: false,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: false,
	httpsOnly: false,
	address: {
		label: addressOf("GLPI"),
		example: "https://glpi.example.com",
		mayHavePath: true,
	},
	// The last part is the number of the provider in GLPI, and this one is the first.
	redirectUris: (address) => [
		below(address, "/plugins/singlesignon/front/callback.php/provider/1"),
	],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: { key: "preset.php.session" },
	where: "Setup > Single Sign-On",
	fields: [
		{ label: "SSO Type", value: { text: "Generic" } },
		{ label: "Client ID", value: "clientId" },
		{ label: "Client Secret", value: "clientSecret" },
		{ label: "Scope", value: "scopes" },
		{ label: "Authorize URL", value: "authorization" },
		{ label: "Access Token URL", value: "token" },
		{ label: "Resource Owner Details URL", value: "userinfo" },
		{ label: "Use Email as Login", value: { text: "No" } },
		{ label: "Field mappings: ID", value: { text: "$.sub" } },
		// The plugin's own mapping takes "name", which is what users call themselves: "glpi" would be an administrator.
		{ label: "Field mappings: Login", value: { text: "$.preferred_username" } },
		{ label: "Field mappings: Email", value: { text: "$.email" } },
	],
	tried: "against its documentation",
	linksByEmail: { key: "preset.glpi.by-email" },
	sources: [
		"https://github.com/edgardmessias/glpi-singlesignon/blob/master/docs/configuration.md",
		"https://github.com/edgardmessias/glpi-singlesignon/blob/master/src/Provider.php",
	],
};
