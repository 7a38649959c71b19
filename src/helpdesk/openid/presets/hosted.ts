import { below, type Preset } from "./preset.ts";

export const ZENDESK: Preset = {
	id: "zendesk",
	name: "Zendesk",
	pkce: true,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: true,
	address: {
		label: "Address of Zendesk",
		example: "https://example.zendesk.com",
		mayHavePath: false,
	},
	redirectUris: (address) => [below(address, "/access/oidc/callback")],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession:
		"Eight hours without activity. Change Session expiration under Admin Center > Account > Security > Advanced > Authentication.",
	where:
		"Admin Center > Account > Security > Single sign-on > Create SSO configuration > OpenID Connect",
	fields: [
		{ label: "Configuration name", value: { text: "X Login" } },
		{ label: "Client ID", value: "clientId" },
		{ label: "Client secret", value: "clientSecret" },
		{ label: "Scopes", value: "scopes" },
		{ label: "Turn on auto discovery", value: { text: "on" } },
		{ label: "Issuer URL", value: "issuer" },
		{ label: "Authentication mode", value: { text: "PKCE" } },
	],
	tried: "against its documentation",
	linksByEmail:
		"Zendesk knows people by their e-mail address and lets them in to the account with it, team members included if you assign the configuration to them. Assign it to end users only, and put your team members' addresses on the list below.",
	sources: [
		"https://support.zendesk.com/hc/en-us/articles/7957465432474",
		"https://developer.zendesk.com/api-reference/ticketing/account-configuration/remote_authentications",
		"https://support.zendesk.com/hc/en-us/articles/4408832533274",
		"https://docs.mojoauth.com/support-integrations/zendesk",
	],
};

export const FRESHDESK: Preset = {
	id: "freshdesk",
	name: "Freshdesk",
	pkce: false,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: true,
	address: {
		label: "Address of your Freshworks organisation",
		example: "https://example.myfreshworks.com",
		mayHavePath: false,
	},
	redirectShownAs: "Redirect URL",
	redirectsElsewhere: true,
	redirectUris: () => [],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession:
		"As long as Session Timeout in the Neo Admin Center > Security says, between 8 hours and 30 days. Whether that holds for contacts was not checked.",
	where: "Neo Admin Center > Security > Contacts > Custom Policies > SSO > OpenID Connect",
	fields: [
		{ label: "Client Id", value: "clientId" },
		{ label: "Client secret", value: "clientSecret" },
		{ label: "Scopes", value: "scopes" },
		{ label: "Authorization URL", value: "authorization" },
		{ label: "Access token URL", value: "token" },
		{ label: "Claim Id", value: { text: "sub" } },
		{ label: "Claim Email", value: { text: "email" } },
		{ label: "Claim First Name", value: { text: "name" } },
	],
	tried: "against its documentation",
	linksByEmail:
		"Freshdesk knows contacts by their e-mail address. Configure the policy for Contacts, never for Agents & Employees, and put your agents' addresses on the list below.",
	sources: [
		"https://support.freshworks.com/en/support/solutions/articles/238307-how-to-configure-sso-with-openid-connect",
		"https://support.freshworks.com/en/support/solutions/articles/50000002351",
		"https://support.freshworks.com/en/support/solutions/articles/50000003992-how-can-i-configure-session-timeout-",
	],
};

export const HUBSPOT: Preset = {
	id: "hubspot",
	name: "HubSpot",
	pkce: false,
	clientAuth: "client_secret_post",
	signing: "RS256",
	needsEmail: true,
	httpsOnly: true,
	address: {
		label: "Address of your HubSpot subdomain",
		example: "https://support.example.com",
		mayHavePath: false,
	},
	redirectShownAs: "Redirect URI",
	redirectsElsewhere: true,
	redirectUris: () => [],
	logOutEntered: ["postLogoutRedirectUris"],
	postLogoutShownAs: "Sign-out Redirect URI",
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: "Not checked.",
	where: "Settings > Content > Private Content > Set up single sign-on",
	fields: [
		{ label: "Client ID", value: "clientId" },
		{ label: "Client secret", value: "clientSecret" },
		{ label: "Issuer", value: "issuer" },
		{ label: "End Session Endpoint", value: "endSession" },
	],
	tried: "against its documentation",
	linksByEmail:
		"HubSpot knows contacts by their e-mail address and shows them what the contact with it may see. Put your colleagues' addresses on the list below.",
	sources: [
		"https://knowledge.hubspot.com/website-pages/set-up-single-sign-on-sso-to-access-private-content",
	],
};
