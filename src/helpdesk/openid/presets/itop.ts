import { addressOf, below, type Preset } from "./preset.ts";

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
		label: addressOf("iTop"),
		example: "https://itop.example.com",
		mayHavePath: true,
	},
	redirectUris: (address) => [below(address, "/env-production/combodo-hybridauth/landing.php")],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: { key: "preset.php.session" },
	where: {
		key: "helpdesk.paste.where-itop",
		values: {
			file: "conf/production/config-itop.php",
			module: "combodo-hybridauth",
			provider: "XLogin",
		},
	},
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
	linksByEmail: { key: "preset.itop.by-email" },
	sources: [
		"https://www.itophub.io/wiki/page?id=extensions:combodo-hybridauth",
		"https://github.com/Combodo/combodo-hybridauth/blob/master/src/HybridAuthLoginExtension.php",
		"https://github.com/hybridauth/hybridauth/blob/master/src/Adapter/OAuth2.php",
	],
};
