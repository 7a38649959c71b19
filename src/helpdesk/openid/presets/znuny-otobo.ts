import type { Message } from "../../locale/locale.ts";
import { addressOf, below, type Preset } from "./preset.ts";

/** Both come from OTRS, and their sessions are alike. */
const OWN_SESSION: Message = {
	key: "preset.otrs.session",
	values: { idle: "SessionMaxIdleTime", most: "SessionMaxTime", place: "Core > Session" },
};

/** Apache's mod_auth_openidc stands in front of the customer interface, with the configuration of the recipe. */
export const ZNUNY: Preset = {
	id: "znuny",
	name: "Znuny",
	pkce: true,
	clientAuth: "client_secret_basic",
	signing: "ES256",
	needsEmail: false,
	httpsOnly: false,
	address: {
		label: addressOf("Znuny"),
		example: "https://znuny.example.com",
		mayHavePath: false,
	},
	redirectUris: (address) => [below(address, "/x-login/openid")],
	postLogoutRedirectUris: (address) => [below(address, "/")],
	backChannelLogoutUri: (address) => below(address, "/x-login/openid?logout=backchannel"),
	ownSession: OWN_SESSION,
	where: { key: "helpdesk.paste.where-znuny" },
	fields: [
		{ label: "OIDCProviderMetadataURL", value: "discovery" },
		{ label: "OIDCClientID", value: "clientId" },
		{ label: "OIDCClientSecret", value: "clientSecret" },
		{ label: "OIDCRedirectURI", value: "redirectUri" },
		{ label: "OIDCScope", value: "scopes" },
		{ label: "OIDCPKCEMethod", value: { text: "S256" } },
		{ label: "OIDCRemoteUserClaim", value: { text: "preferred_username" } },
	],
	tried: "against its documentation",
	sources: [
		"https://github.com/znuny/Znuny/blob/dev/Kernel/System/CustomerAuth/HTTPBasicAuth.pm",
		"https://github.com/OpenIDC/mod_auth_openidc/blob/master/auth_openidc.conf",
	],
};

/** Its own module Kernel::System::CustomerAuth::OpenIDConnect. */
export const OTOBO: Preset = {
	id: "otobo",
	name: "OTOBO",
	pkce: false,
	clientAuth: "client_secret_basic",
	signing: "RS256",
	needsEmail: false,
	httpsOnly: false,
	address: {
		label: addressOf("OTOBO"),
		example: "https://otobo.example.com/otobo",
		mayHavePath: true,
	},
	redirectUris: (address) => [below(address, "/customer.pl?Action=Login")],
	postLogoutRedirectUris: () => [],
	backChannelLogoutUri: () => undefined,
	ownSession: OWN_SESSION,
	where: {
		key: "helpdesk.paste.where-otobo",
		values: { file: "Kernel/Config.pm", setting: "Customer::AuthModule::OpenIDConnect" },
	},
	fields: [
		{ label: "ResponseType", value: { text: "code" } },
		{ label: "AdditionalScope", value: { text: "profile email" } },
		{ label: "ClientID", value: "clientId" },
		{ label: "ClientSecret", value: "clientSecret" },
		{ label: "RedirectURI", value: "redirectUri" },
		{ label: "OpenIDConfiguration", value: "discovery" },
		{ label: "UID", value: { text: "preferred_username" } },
		{ label: "UseNonce", value: { text: "1" } },
	],
	tried: "against its documentation",
	sources: [
		"https://github.com/RotherOSS/otobo/blob/rel-11_0/Kernel/System/CustomerAuth/OpenIDConnect.pm",
		"https://github.com/RotherOSS/otobo/blob/rel-11_0/Kernel/Config/Defaults.pm",
	],
};
