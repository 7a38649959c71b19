import { addressOf, below, type Preset } from "./preset.ts";

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
		label: addressOf("Discourse"),
		example: "https://forum.example.com",
		mayHavePath: true,
	},
	redirectUris: (address) => [below(address, "/auth/oidc/callback")],
	postLogoutRedirectUris: (address) => [below(address, "/")],
	backChannelLogoutUri: () => undefined,
	ownSession: {
		key: "preset.discourse.session",
		values: { setting: "maximum session age" },
	},
	where: {
		key: "helpdesk.paste.where-discourse",
		values: { place: "Admin > Settings", word: "openid_connect" },
	},
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
	linksByEmail: {
		key: "preset.discourse.by-email",
		values: { setting: "openid connect match by email" },
	},
	sources: [
		"https://github.com/discourse/discourse-openid-connect",
		"https://meta.discourse.org/t/discourse-openid-connect-oidc/103632",
	],
};
