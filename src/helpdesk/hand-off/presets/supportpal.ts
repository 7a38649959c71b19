import type { HandOffPreset } from "./hand-off-preset.ts";

export const SUPPORTPAL: HandOffPreset = {
	id: "supportpal",
	name: "SupportPal",
	address: {
		label: "Address of SupportPal",
		example: "https://support.example.com",
		mayHavePath: true,
	},
	algorithm: "HS256",
	secretLabel: "SimpleAuth key",
	secretWhere: "Settings > General Settings > SimpleAuth",
	hasApi: true,
	path: "/simpleauth/login",
	method: "post",
	tokenField: "token",
	returnField: "redirect",
	returnsTo: "address",
	claims: ({ email }, { id, expiresAt }) => ({ email, jti: id, exp: expiresAt }),
	// The name and the language go there when the REST API creates a user.
	receives: ["email", "name", "language"],
	logOut: { kind: "token", path: "/simpleauth/logout" },
	ownSession: "How long was not checked. The page after a log-out here has a button that ends it.",
	where: "the page of your website, or of SupportPal, that shall have the log-in button",
	fields: [{ label: "Address of the log-in button", value: "hand-off" }],
	linksByEmail:
		"SupportPal lets people in to the account with their e-mail address. Leave “Allow for Operators” off under Settings > General Settings > SimpleAuth, and put your operators' addresses on the list below.",
	sources: [
		"https://docs.supportpal.com/current/SimpleAuth",
		"https://docs.supportpal.com/current/REST+API",
		"https://github.com/supportpal/api-client-php",
	],
};
