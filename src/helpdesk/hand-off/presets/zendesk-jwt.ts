import type { HandOffPreset } from "./hand-off-preset.ts";

export const ZENDESK_JWT: HandOffPreset = {
	id: "zendesk-jwt",
	name: "Zendesk (JWT)",
	address: {
		label: {
			key: "helpdesk.form.address-of",
			values: { helpdesk: "Zendesk" },
		},
		example: "https://example.zendesk.com",
		mayHavePath: false,
	},
	algorithm: "HS256",
	secretLabel: "Shared secret",
	secretWhere:
		"Admin Center > Account > Security > Single sign-on > Create SSO configuration > JSON Web Token",
	hasApi: false,
	path: "/access/jwt",
	method: "post",
	tokenField: "jwt",
	returnField: "return_to",
	returnsTo: "address",
	claims: ({ id: userId, name, email }, { id, issuedAt, expiresAt }) => ({
		...{ iat: issuedAt, exp: expiresAt, jti: id, name, email },
		// In a name space of its own: another system may have given out the bare id.
		external_id: `x-${userId}`,
	}),
	receives: ["email", "name", "id"],
	logOut: { kind: "link", path: "/access/logout" },
	ownSession: { key: "preset.zendesk-jwt.session" },
	where:
		"Admin Center > Account > Security > Single sign-on > Create SSO configuration > JSON Web Token",
	fields: [
		{ label: "Remote login URL", value: "hand-off" },
		{ label: "Remote logout URL", value: "log-out" },
	],
	linksByEmail: { key: "preset.zendesk-jwt.by-email" },
	sources: [
		"https://support.zendesk.com/hc/en-us/articles/4408845838874",
		"https://support.zendesk.com/hc/en-us/articles/4408881965722",
	],
};
