const at = (path) => new URL(path, import.meta.url);

/** The routes of a program that is written from scratch. */
const PLAIN = {
	start: { method: "POST", path: "/start", type: "form", fields: {} },
	callback: "/callback",
	session: "/session",
};

const GRANT = {
	start: { method: "GET", path: "/connect/twitter" },
	callback: "/connect/twitter/callback",
	session: "/session",
};

const HELPDESK = {
	program: at("../../dist/cli.mjs"),
	way: {
		form: "/login",
		start: { method: "POST", path: "/login/x-login/start", type: "form", fields: {} },
		callback: "/login/x-login/callback",
		session: "/",
		signedIn: 'action="/logout"',
	},
};

const THINNEST_HOST = { program: at("servers/thinnest-host.mjs"), way: PLAIN };

const LINKED = { ...PLAIN, start: { method: "GET", path: "/start" } };

export const HELPDESK_ON_SQLITE = {
	name: "helpdesk",
	title: "X Login, standalone helpdesk on SQLite",
	kind: "ours",
	...HELPDESK,
};

/**
 * The contestants. `way` is what a browser does there: the page whose form has a CSRF field, if there is one (`form`),
 * the request that starts the log-in, the callback, and the page that shows who is logged in. grant signs
 * "https://host/path:port" (`signsPorts`), which is right only for X itself, on its usual port.
 *
 * Peers are whole log-ins (`oauth1`, `oauth2`). Peers without framework and sessions (`oauth1-bare`) show what those
 * cost.
 */
export const CONTESTANTS = [
	{
		name: "floor-3",
		title: "bare node:http, 3 calls",
		kind: "floor",
		program: at("servers/floor.mjs"),
		args: ["3"],
		way: PLAIN,
	},
	{
		name: "floor-2",
		title: "bare node:http, 2 calls",
		kind: "floor",
		program: at("servers/floor.mjs"),
		args: ["2"],
		way: PLAIN,
	},
	{
		name: "x-login",
		title: "X Login, thinnest host",
		kind: "ours",
		...THINNEST_HOST,
	},
	HELPDESK_ON_SQLITE,
	{
		name: "passport-twitter",
		title: "passport-twitter, Express, express-session",
		kind: "oauth1",
		program: at("servers/passport-twitter.mjs"),
		way: LINKED,
	},
	{
		name: "grant",
		title: "grant, Express, express-session",
		kind: "oauth1",
		program: at("servers/grant-on-express.mjs"),
		signsPorts: false,
		way: GRANT,
	},
	{
		name: "twitter-api-v2",
		title: "twitter-api-v2, Express, express-session",
		kind: "oauth1",
		program: at("servers/twitter-api-v2-on-express.mjs"),
		way: LINKED,
	},
	{
		name: "grant-bare",
		title: "grant on node:http, sessions in a map",
		kind: "oauth1-bare",
		program: at("servers/grant-on-node.mjs"),
		signsPorts: false,
		way: GRANT,
	},
	{
		name: "twitter-api-v2-bare",
		title: "twitter-api-v2 on node:http, sessions in a map",
		kind: "oauth1-bare",
		program: at("servers/twitter-api-v2-on-node.mjs"),
		way: PLAIN,
	},
	{
		name: "better-auth",
		title: "better-auth, in memory",
		kind: "oauth2",
		program: at("servers/better-auth.mjs"),
		way: {
			start: {
				method: "POST",
				path: "/api/auth/sign-in/social",
				type: "json",
				fields: { provider: "twitter", callbackURL: "/" },
			},
			callback: "/api/auth/callback/twitter",
			session: "/api/auth/get-session",
		},
	},
	{
		name: "auth-core",
		title: "@auth/core, sealed cookies",
		kind: "oauth2",
		program: at("servers/auth-core.mjs"),
		way: {
			start: { method: "POST", path: "/auth/signin/twitter", type: "form", fields: {} },
			callback: "/auth/callback/twitter",
			session: "/auth/session",
		},
	},
];

/** Log-ins under OAuth 2.0, over TLS, the one to compare with first. */
export const OAUTH2_CONTESTANTS = [
	{
		name: "arctic",
		title: "arctic on Hono",
		kind: "floor",
		program: at("servers/arctic-on-hono.mjs"),
		way: LINKED,
	},
	{
		name: "floor-oauth2",
		title: "bare node:https, OAuth 2.0",
		kind: "floor",
		program: at("servers/floor-oauth2.mjs"),
		way: PLAIN,
	},
	{
		name: "x-login-oauth2",
		title: "X Login, thinnest host, OAuth 2.0",
		kind: "ours",
		...THINNEST_HOST,
		args: ["oauth2"],
	},
	{
		name: "x-login-oauth1",
		title: "X Login, thinnest host, OAuth 1.0a",
		kind: "ours",
		...THINNEST_HOST,
		args: ["oauth1"],
	},
];

/**
 * OpenID Providers, the one to compare with first. `storage` is that of a helpdesk. `way` is how visitors log in at the
 * portal: as above, or with the id of their account at the end of a path (`account`).
 */
export const OPENID_CONTESTANTS = [
	{
		name: "oidc-provider",
		title: "oidc-provider alone, in memory",
		kind: "floor",
		program: at("servers/oidc-provider-alone.mjs"),
		way: { account: "/log-in?id=" },
	},
	{
		name: "openid-in-memory",
		title: "X Login, standalone helpdesk in memory",
		kind: "ours",
		storage: ["--storage", "memory:"],
		...HELPDESK,
	},
	{
		name: "openid-on-sqlite",
		title: "X Login, standalone helpdesk on SQLite",
		kind: "ours",
		storage: [],
		...HELPDESK,
	},
];
