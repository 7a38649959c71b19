import type { HandOffPreset } from "./hand-off-preset.ts";

export const HELP_SCOUT: HandOffPreset = {
	id: "help-scout",
	name: "Help Scout Docs",
	address: {
		label: { key: "helpdesk.form.address-of-docs" },
		example: "https://example.helpscoutdocs.com",
		mayHavePath: false,
	},
	// Its own examples sign with this one.
	algorithm: "HS512",
	secretLabel: "Shared secret",
	secretWhere: { key: "preset.help-scout.place" },
	hasApi: false,
	path: "/authcallback",
	method: "get",
	tokenField: "token",
	returnField: "returnTo",
	returnsTo: "path",
	claims: ({ email }, { id, expiresAt }) => ({ sub: email, jti: id, exp: expiresAt }),
	receives: ["email"],
	logOut: { kind: "expires" },
	ownSession: { key: "preset.help-scout.session" },
	where: { key: "helpdesk.paste.where-docs" },
	fields: [{ label: "Sign-in URL", value: "hand-off" }],
	linksByEmail: { key: "preset.help-scout.by-email" },
	sources: [
		"https://developer.helpscout.com/docs-api/restricted-docs/",
		"https://developer.helpscout.com/docs-api/sites/restrictions/update",
		"https://github.com/helpscout/restricted-docs-examples",
	],
};
