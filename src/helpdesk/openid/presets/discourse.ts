import { below, type Preset } from "./preset.ts";

/** Its plugin for OpenID Connect. It does not verify the signature of ID tokens. */
export const DISCOURSE: Preset = {
	id: "discourse",
	name: "Discourse",
	pkce: true,
	clientAuth: "client_secret_basic",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: false,
	address: {
		label: "Address of Discourse",
		example: "https://forum.example.com",
		mayHavePath: true,
	},
	redirectUris: (address) => [below(address, "/auth/oidc/callback")],
	postLogoutRedirectUris: (address) => [below(address, "/")],
	backChannelLogoutUri: () => undefined,
	ownSession: "As long as the site setting maximum session age says. Its default was not checked.",
	where: "Admin > Settings, search for openid_connect",
	fields: [
		{ label: "openid connect enabled", value: { text: "on" } },
		{ label: "openid connect discovery document", value: "discovery" },
		{ label: "openid connect client id", value: "clientId" },
		{ label: "openid connect client secret", value: "clientSecret" },
		{ label: "openid connect rp initiated logout", value: { text: "on" } },
		{ label: "openid connect rp initiated logout redirect", value: "postLogoutRedirectUri" },
		{ label: "openid connect authorize scope", value: "scopes" },
		{ label: "openid connect match by email", value: { text: "off" } },
		{ label: "openid connect use pkce", value: { text: "on" } },
	],
	tried: "against its documentation",
	linksByEmail:
		"With openid connect match by email, which is on at first, Discourse attaches people to any account with their address, administrators included. Switch it off, or put the addresses of administrators and moderators on the list below.",
	sources: [
		"https://github.com/discourse/discourse-openid-connect",
		"https://meta.discourse.org/t/discourse-openid-connect-oidc/103632",
	],
};
