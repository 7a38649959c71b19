import type { HandOffPreset } from "./hand-off-preset.ts";

export const SUPPORTPAL: HandOffPreset = {
	id: "supportpal",
	name: "SupportPal",
	address: {
		label: {
			key: "helpdesk.form.address-of",
			values: { helpdesk: "SupportPal" },
		},
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
	ownSession: { key: "preset.supportpal.session" },
	where: { key: "helpdesk.paste.where-supportpal" },
	fields: [{ label: { key: "helpdesk.paste.button-address" }, value: "hand-off" }],
	linksByEmail: {
		key: "preset.supportpal.by-email",
		values: { setting: "Allow for Operators", place: "Settings > General Settings > SimpleAuth" },
	},
	sources: [
		"https://docs.supportpal.com/current/SimpleAuth",
		"https://docs.supportpal.com/current/REST+API",
		"https://github.com/supportpal/api-client-php",
	],
};
