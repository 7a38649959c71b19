import type { HandOffPreset } from "./hand-off-preset.ts";

export const HELP_SCOUT: HandOffPreset = {
	id: "help-scout",
	name: "Help Scout Docs",
	address: {
		label: "Address of the Docs site",
		example: "https://example.helpscoutdocs.com",
		mayHavePath: false,
	},
	// Its own examples sign with this one.
	algorithm: "HS512",
	secretLabel: "Shared secret",
	secretWhere: "the settings of the Docs site, where it is restricted",
	hasApi: false,
	path: "/authcallback",
	method: "get",
	tokenField: "token",
	returnField: "returnTo",
	returnsTo: "path",
	claims: ({ email }, { id, expiresAt }) => ({ sub: email, jti: id, exp: expiresAt }),
	receives: ["email"],
	logOut: { kind: "expires" },
	ownSession: "A minute. Then the site asks here again.",
	where: "the settings of the Docs site, where it is restricted",
	fields: [{ label: "Sign-in URL", value: "hand-off" }],
	linksByEmail:
		"A Docs site shows its pages to everybody whose address it receives. Put the addresses of people who must not read it on the list below.",
	sources: [
		"https://developer.helpscout.com/docs-api/restricted-docs/",
		"https://developer.helpscout.com/docs-api/sites/restrictions/update",
		"https://github.com/helpscout/restricted-docs-examples",
	],
};
