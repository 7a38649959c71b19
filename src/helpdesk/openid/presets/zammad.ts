import { addressOf, below, type Preset } from "./preset.ts";

export const ZAMMAD: Preset = {
	id: "zammad",
	name: "Zammad",
	pkce: true,
	// Its form has no field for a secret, and its documentation asks for a client without one.
	clientAuth: "none",
	signing: "RS256",
	needsEmail: false,
	httpsOnly: true,
	address: {
		label: addressOf("Zammad"),
		example: "https://zammad.example.com",
		mayHavePath: false,
	},
	redirectUris: (address) => [below(address, "/auth/openid_connect/callback")],
	postLogoutRedirectUris: (address) => [below(address, "/")],
	backChannelLogoutUri: (address) => below(address, "/auth/openid_connect/backchannel_logout"),
	ownSession: {
		key: "preset.zammad.session",
		values: { setting: "ticket.customer", place: "Settings > Security > Base > Session Timeout" },
	},
	where: "Settings > Security > Third-party Applications > Authentication via OpenID Connect",
	fields: [
		{ label: "Identifier", value: "clientId" },
		{ label: "Issuer", value: "issuer" },
		{ label: "UID Field", value: { text: "sub" } },
		{ label: "Scopes", value: "scopes" },
		{ label: "PKCE", value: { text: "yes" } },
	],
	tried: "against its documentation",
	linksByEmail: {
		key: "preset.zammad.by-email",
		values: { setting: "Automatic account link on initial logon" },
	},
	sources: [
		"https://admin-docs.zammad.org/en/latest/settings/security/third-party/openid-connect.html",
		"https://admin-docs.zammad.org/en/latest/settings/security/third-party.html",
		"https://admin-docs.zammad.org/en/latest/settings/security/base.html",
	],
};
