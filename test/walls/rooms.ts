/**
 * The walls of the house: what a room must not import, and what it may. The list is separate from the linter's
 * patterns.
 */
export interface Room {
	/** A folder with all folders in it, or one file. The path starts at the top of the repository. */
	readonly in: string;
	/** The name of the files that the wall is for. Left out: every file. */
	readonly named?: `${string}.ts`;
	/** Folders, files and packages. */
	readonly forbids: readonly string[];
	readonly allows: readonly string[];
}

const FLOORS = [
	"src/contract",
	"src/plugin",
	"src/artifact",
	"src/storage",
	"src/ports",
	"src/routes",
	"src/helpdesk",
	"src/testing",
	"src/cli",
] as const;
type Floor = (typeof FLOORS)[number];

const floorsBut = (...allowed: readonly Floor[]): string[] =>
	FLOORS.filter((floor) => !allowed.includes(floor));
const inPlugin = (...rooms: readonly string[]): string[] =>
	rooms.map((room) => `src/plugin/${room}`);
const inHelpdesk = (...rooms: readonly string[]): string[] =>
	rooms.map((room) => `src/helpdesk/${room}`);

/** Libraries with one door each: a file that the wall leaves out. */
const LIBRARIES = ["tsyringe", "@abraham/reflection", "oauth-1.0a", "ajv", "ajv/dist/2020.js"];
const HTTP = ["hono", "hono/html", "@hono/node-server"];
const ABOVE_OPENID = inHelpdesk(...["audit", "add-ons", "add-on-install", "alerts", "dev", "web"]);
const ABOVE_PEOPLE = [...inHelpdesk("openid", "hand-off"), ...ABOVE_OPENID];

export const ROOMS: readonly Room[] = [
	{ in: "src/contract", forbids: [...floorsBut("src/contract"), ...LIBRARIES], allows: [] },
	...(["src/storage", "src/ports"] as const).map((room) => ({
		in: room,
		forbids: [...floorsBut("src/contract", "src/storage", "src/ports"), ...LIBRARIES],
		allows: ["src/contract"],
	})),
	{
		in: "src/routes",
		forbids: [...floorsBut("src/contract", "src/routes"), ...LIBRARIES, ...HTTP],
		allows: ["src/contract", "hono/utils/cookie"],
	},
	{
		in: "src/artifact",
		forbids: [...floorsBut("src/contract", "src/artifact"), ...LIBRARIES],
		allows: ["src/contract", "src/artifact/json-schema.ts"],
	},
	{
		in: "src/artifact/zip",
		forbids: ["src/artifact/load", "src/artifact/pack", "src/artifact/validate"],
		allows: ["src/contract"],
	},
	{
		in: "src/artifact/load",
		forbids: ["src/artifact/pack", "src/artifact/validate"],
		allows: ["src/artifact/zip"],
	},
	{
		in: "src/artifact/pack",
		forbids: ["src/artifact/validate"],
		allows: ["src/artifact/zip", "src/artifact/load"],
	},
	{
		in: "src/plugin",
		forbids: [...floorsBut("src/contract", "src/plugin"), ...LIBRARIES],
		allows: ["src/contract"],
	},
	{
		in: "src/plugin/locale",
		forbids: inPlugin("login", "links", "x", "views", "pages", "settings", "mail"),
		allows: ["src/contract"],
	},
	{
		in: "src/plugin/views",
		forbids: inPlugin("login", "links", "x", "pages", "settings", "mail", "locale"),
		allows: ["src/contract"],
	},
	{
		in: "src/plugin/links",
		forbids: inPlugin("login", "x", "views", "pages", "settings", "mail", "locale"),
		allows: ["src/contract", "src/plugin/injection.ts"],
	},
	{
		in: "src/plugin/login",
		forbids: inPlugin("x", "views", "pages", "settings", "mail", "locale"),
		allows: ["src/contract", "src/plugin/links", "src/plugin/injection.ts"],
	},
	{
		in: "src/plugin/x",
		forbids: [
			...inPlugin("links", "views", "pages", "settings", "mail", "locale"),
			...inPlugin("login/login-flow.ts", "login/browser"),
		],
		allows: ["src/contract", "src/plugin/login/provider"],
	},
	{
		in: "src/plugin/settings",
		forbids: inPlugin("x", "links", "views", "pages", "mail"),
		allows: ["src/contract", "src/plugin/login"],
	},
	{
		in: "src/plugin/mail",
		forbids: inPlugin("x", "links", "views", "pages", "settings"),
		allows: ["src/contract", "src/plugin/locale", "src/plugin/login"],
	},
	{
		in: "src/helpdesk",
		forbids: ["src/plugin", "src/testing", "src/cli", ...LIBRARIES],
		allows: ["src/contract", "src/storage", "src/artifact", "src/ports", "src/routes"],
	},
	...["brands", "namespaces.ts", "pasted-text.ts", "locale"].map((room) => ({
		in: `src/helpdesk/${room}`,
		forbids: [...inHelpdesk("people", "mail", "settings", "sign-ins"), ...ABOVE_PEOPLE],
		allows: ["src/contract"],
	})),
	{
		in: "src/helpdesk/people",
		forbids: [...ABOVE_PEOPLE, ...HTTP],
		allows: inHelpdesk("mail", "locale", "namespaces.ts"),
	},
	...["mail", "settings", "sign-ins"].map((room) => ({
		in: `src/helpdesk/${room}`,
		forbids: ["src/helpdesk/people", ...ABOVE_PEOPLE, ...HTTP],
		allows: ["src/contract", "src/helpdesk/namespaces.ts"],
	})),
	{
		in: "src/helpdesk/jobs",
		forbids: [
			...inHelpdesk("people", "mail", "settings", "sign-ins"),
			...[...ABOVE_PEOPLE, ...HTTP],
		],
		allows: ["src/contract", "src/storage", "src/helpdesk/namespaces.ts"],
	},
	{
		in: "src/helpdesk/audit",
		forbids: [
			...inHelpdesk("people", "mail", "settings", "sign-ins", "jobs", "files", "brands", "locale"),
			...inHelpdesk("openid", "hand-off", "add-ons", "add-on-install", "alerts", "dev", "web"),
			...HTTP,
		],
		allows: ["src/contract", "src/storage", "src/helpdesk/namespaces.ts"],
	},
	{
		in: "src/helpdesk/files",
		forbids: [
			...inHelpdesk("people", "mail", "settings", "sign-ins"),
			...ABOVE_PEOPLE,
			...HTTP,
			"node:fs",
			"node:fs/promises",
		],
		allows: ["src/contract", ...inHelpdesk("namespaces.ts", "pasted-text.ts")],
	},
	{
		in: "src/helpdesk/openid",
		forbids: [...inHelpdesk("hand-off"), ...ABOVE_OPENID, ...HTTP],
		allows: ["oidc-provider", ...inHelpdesk("people", "settings", "namespaces.ts")],
	},
	{
		in: "src/helpdesk/hand-off",
		forbids: [...ABOVE_OPENID, ...HTTP, "oidc-provider"],
		allows: inHelpdesk("openid", "people", "settings", "namespaces.ts"),
	},
	{
		in: "src/helpdesk/add-ons",
		forbids: [...inHelpdesk("add-on-install", "alerts", "dev", "web"), ...HTTP],
		allows: inHelpdesk("people", "mail", "settings", "sign-ins", "audit"),
	},
	{
		in: "src/helpdesk/alerts",
		forbids: [...inHelpdesk("openid", "hand-off", "add-on-install", "dev", "web"), ...HTTP],
		allows: inHelpdesk("people", "mail", "settings", "sign-ins", "add-ons", "jobs"),
	},
	{
		in: "src/helpdesk/add-on-install",
		forbids: [...inHelpdesk("dev", "web"), ...HTTP],
		allows: inHelpdesk("people", "mail", "settings", "sign-ins", "add-ons"),
	},
	{
		in: "src/helpdesk/dev",
		forbids: [
			...inHelpdesk("people", "mail", "settings", "sign-ins"),
			...inHelpdesk("add-ons", "add-on-install", "alerts", "web"),
			...HTTP,
		],
		allows: ["src/contract", "src/artifact/load"],
	},
	{
		in: "src/helpdesk/openid/presets",
		forbids: [
			...floorsBut("src/contract", "src/helpdesk"),
			...inHelpdesk("people", "mail", "settings", "sign-ins", "brands", "namespaces.ts"),
			...ABOVE_PEOPLE,
			...LIBRARIES,
			...HTTP,
			...["node:fs", "node:crypto", "oidc-provider"],
		],
		allows: ["src/contract", ...inHelpdesk("locale/locale.ts")],
	},
	{
		in: "src/helpdesk/hand-off/presets",
		forbids: [
			...floorsBut("src/contract", "src/helpdesk"),
			...inHelpdesk("people", "mail", "settings", "sign-ins", "brands", "namespaces.ts", "openid"),
			...ABOVE_OPENID,
			...LIBRARIES,
			...HTTP,
			...["node:fs", "node:crypto", "oidc-provider", "jose"],
		],
		allows: ["src/contract", ...inHelpdesk("locale/locale.ts")],
	},
	{
		in: "src/helpdesk/web",
		named: "planted-page.ts",
		forbids: ["src/helpdesk/web/admin/links/links-routes.ts"],
		allows: ["src/helpdesk/web/admin/links/links-page.ts", ...HTTP],
	},
	{
		in: "src/testing",
		forbids: ["src/plugin", "src/routes", "src/helpdesk", "src/cli"],
		allows: ["src/contract", "src/storage", "src/artifact", "src/ports"],
	},
	{
		in: "src/testing/fake-x",
		forbids: [
			...floorsBut("src/testing"),
			...["mock-host", "host-contract", "storage-contract"].map((room) => `src/testing/${room}`),
		],
		allows: [],
	},
	{
		in: "src/cli",
		forbids: ["src/plugin"],
		allows: ["src/helpdesk", "src/testing", "src/artifact", "src/storage"],
	},
	{ in: "test/journeys", forbids: ["src/plugin"], allows: ["src/helpdesk", "src/testing"] },
];
