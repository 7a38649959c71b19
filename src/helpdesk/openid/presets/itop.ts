import { below, type Preset } from "./preset.ts";

/** The extension combodo-hybridauth. It reads userinfo and no ID token. */
export const ITOP: Preset = {
	id: "itop",
	name: "iTop",
	pkce: false,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: false,
	address: {
		label: "Address of iTop",
		example: "https://itop.example.com",
		mayHavePath: true,
	},
	redirectUris: (address) => [below(address, "/env-production/combodo-hybridauth/landing.php")],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: "As long as PHP's session on that server. Not checked.",
	where: "conf/production/config-itop.php, module combodo-hybridauth, a provider XLogin",
	fields: [
		// The library has no adapter for any OpenID Provider. This one takes endpoints from the configuration.
		{ label: "adapter", value: { text: "Hybridauth\\Provider\\LinkedInOpenID" } },
		{ label: "keys: id", value: "clientId" },
		{ label: "keys: secret", value: "clientSecret" },
		{ label: "endpoints: authorize_url", value: "authorization" },
		{ label: "endpoints: access_token_url", value: "token" },
		// The adapter adds "/userinfo", which is of no account in a query.
		{ label: "endpoints: api_base_url", value: { of: "userinfo", ending: "?" } },
		{ label: "label", value: { text: "Log in with X" } },
		{ label: "enabled", value: { text: "true" } },
	],
	tried: "against its documentation",
	linksByEmail:
		"iTop lets people in to the user whose login is their e-mail address, agents and administrators included. Put the addresses of all iTop users that are not customers on the list below.",
	sources: [
		"https://www.itophub.io/wiki/page?id=extensions:combodo-hybridauth",
		"https://github.com/Combodo/combodo-hybridauth/blob/master/src/HybridAuthLoginExtension.php",
		"https://github.com/hybridauth/hybridauth/blob/master/src/Adapter/OAuth2.php",
	],
};
