import { addressOf, below, type Preset } from "./preset.ts";

/** Apache's mod_auth_openidc stands in front of RT, with the configuration of the recipe. */
export const REQUEST_TRACKER: Preset = {
	id: "request-tracker",
	name: "Request Tracker",
	pkce: true,
	clientAuth: "client_secret_basic",
	signing: "ES256",
	needsEmail: false,
	httpsOnly: false,
	address: {
		label: addressOf("Request Tracker"),
		example: "https://rt.example.com",
		mayHavePath: false,
	},
	redirectUris: (address) => [below(address, "/x-login/openid")],
	postLogoutRedirectUris: (address) => [below(address, "/")],
	backChannelLogoutUri: (address) => below(address, "/x-login/openid?logout=backchannel"),
	ownSession: {
		key: "preset.request-tracker.session",
		values: { idle: "OIDCSessionInactivityTimeout", most: "OIDCSessionMaxDuration" },
	},
	where: "/etc/apache2/x-login.conf",
	fields: [
		{ label: "X_LOGIN_ISSUER", value: "issuer" },
		{ label: "X_LOGIN_CLIENT_ID", value: "clientId" },
		{ label: "X_LOGIN_CLIENT_SECRET", value: "clientSecret" },
	],
	tried: "in CI",
	sources: ["https://github.com/OpenIDC/mod_auth_openidc/blob/master/auth_openidc.conf"],
};
