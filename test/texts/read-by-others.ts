/** What the search for texts in code finds although no visitor and no operator reads it. */
interface ReadByOthers {
	readonly why: string;
	/** "all" for a file that is a script: its words come from attributes of the page. */
	readonly texts: readonly string[] | "all";
}

const LOG = "The log of the helpdesk.";
const HEADER = "The value of a header.";
const CLASSES = "Classes of the style sheet.";
const COLUMNS = "Names of columns, which programs read.";
const SCRIPT = "A script. Its words come from attributes of the page.";
const CALLER = "The program of a developer who calls a helpdesk's OpenID Provider.";

/** By file, from the top of the repository. */
export const READ_BY_OTHERS: ReadonlyMap<string, ReadByOthers> = new Map([
	[
		"src/helpdesk/web/assets.ts",
		{ why: HEADER, texts: ["text/css; charset=utf-8", "text/javascript; charset=utf-8"] },
	],
	[
		"src/helpdesk/web/brand-face.ts",
		{ why: HEADER, texts: ["public, max-age=…, immutable", "text/css; charset=utf-8"] },
	],
	["src/helpdesk/web/layout.ts", { why: HEADER, texts: ["text/html; charset=utf-8"] }],
	["src/helpdesk/web/listen.ts", { why: HEADER, texts: ["text/plain; charset=utf-8"] }],
	["src/helpdesk/web/copy-script.ts", { why: SCRIPT, texts: "all" }],
	["src/helpdesk/web/unsaved-script.ts", { why: SCRIPT, texts: "all" }],
	["src/helpdesk/web/passkey-button.ts", { why: SCRIPT, texts: "all" }],
	[
		"src/helpdesk/web/openid/openid-site.ts",
		{ why: HEADER, texts: ["application/json; charset=utf-8"] },
	],
	[
		"src/helpdesk/web/brand-site.ts",
		{
			why: LOG,
			texts: [
				"a page was asked for at a host that is not the brand's, even after a redirect; let the proxy pass on the Host header of the browser, or let it send X-Forwarded-Host and name the proxy with --trust-proxy, or correct the brand's address (--brand, --base-url or brands change)",
			],
		},
	],
	["src/helpdesk/web/openid/connect-routes.ts", { why: CALLER, texts: ["the visitor went back"] }],
	[
		"src/helpdesk/web/openid/form-requests.ts",
		{ why: CALLER, texts: ["send the parameters as …", "send at most … bytes"] },
	],
	[
		"src/plugin/injection.ts",
		{ why: "Names of what is injected.", texts: ["identity provider", "login settings"] },
	],
	[
		"src/plugin/login-events.ts",
		{ why: LOG, texts: ["a log-in with X ended", "a test log-in failed unexpectedly"] },
	],
	[
		"src/plugin/stored-value.ts",
		{ why: LOG, texts: ["a stored value cannot be read, and stays as it is"] },
	],
	[
		"src/plugin/settings/brand-settings-reader.ts",
		{ why: LOG, texts: ["a stored setting is not valid"] },
	],
	[
		"src/plugin/mail/localised-notices.ts",
		{ why: LOG, texts: ["a letter could not be handed to the helpdesk"] },
	],
	[
		"src/plugin/login/provider/protocol-choice.ts",
		{
			why: LOG,
			texts: [
				"a log-in under OAuth 2.0 has succeeded; log-ins begin under it again",
				"X fails under OAuth 2.0; log-ins begin under OAuth 1.0a until it works again",
			],
		},
	],
	[
		"src/plugin/login/browser/code-limits.ts",
		{ why: LOG, texts: ["many codes within an hour: this may be an attack"] },
	],
	["src/plugin/links/link-import.ts", { why: LOG, texts: ["links to X accounts were imported"] }],
	[
		"src/plugin/x/oauth1-client.ts",
		{
			why: LOG,
			texts: [
				"the callback was not confirmed",
				"X named the visitor but did not give the profile; the e-mail counts as missing",
				"this machine's clock differs from X's; calls are signed by X's until it is right",
				"no usable … in the answer",
				"no profile",
			],
		},
	],
	[
		"src/plugin/x/oauth2-client.ts",
		{
			why: LOG,
			texts: [
				"users.read tweet.read",
				"no usable access_token in the answer",
				"a made-up code was accepted",
				"no usable id in the answer",
			],
		},
	],
	[
		"src/plugin/x/read-callback.ts",
		{
			why: "Names of query fields.",
			texts: ["oauth_token oauth_verifier", "state code", "state error"],
		},
	],
	[
		"src/helpdesk/web/admin/csv.ts",
		{ why: HEADER, texts: ["text/csv; charset=utf-8", 'attachment; filename="…"'] },
	],
	[
		"src/helpdesk/web/admin/deeds.ts",
		{
			why: "Why a route leaves no entry, for developers.",
			texts: [
				"Nobody is logged in yet. The entry is in the commit of the session, see logInRoutes and auditedAttempts.",
				"It changes a cookie of the reader's browser, and stores nothing.",
				"The form does not name the address. The entry is in the commit of the change, see addressRoutes.",
				"Nobody is logged in yet. The entry is in the commit of the operator, see invitationRoutes.",
				"Each user has an entry of their own, in the commit of the change. See selectedRoutes.",
				"Each user has an entry of their own, before their part of the file. See selectedRoutes.",
				"It shows what was typed, and stores nothing.",
			],
		},
	],
	[
		"src/helpdesk/web/admin/users/selected-routes.ts",
		{
			why: HEADER,
			texts: ["application/json; charset=utf-8", 'attachment; filename="users.json"'],
		},
	],
	[
		"src/helpdesk/web/admin/users/user-routes.ts",
		{
			why: HEADER,
			texts: ["application/json; charset=utf-8", 'attachment; filename="user-….json"'],
		},
	],
	["src/helpdesk/web/admin/users/users-page.ts", { why: CLASSES, texts: ["secondary danger"] }],
	[
		"src/helpdesk/web/admin/sign-ins/sign-in-csv.ts",
		{ why: COLUMNS, texts: ["trace code", "duration ms", "at provider ms", "waiting ms"] },
	],
	[
		"src/helpdesk/web/admin/sign-ins/sign-ins-page.ts",
		{ why: "An example of a trace code.", texts: ["7F3K-9QWD"] },
	],
	[
		"src/helpdesk/web/admin/settings/setting-field.ts",
		{ why: "Attributes.", texts: ['aria-describedby="…-help…"…'] },
	],
	[
		"src/helpdesk/web/admin/profile/address-letters.ts",
		{ why: "A command of the command line.", texts: ["operator reset …"] },
	],
	[
		"src/helpdesk/web/admin/operators/invitation-routes.ts",
		{ why: LOG, texts: ["an operator's invitation"] },
	],
	[
		"src/helpdesk/web/admin/mailbox/mailbox-page.ts",
		{ why: "An example of an address.", texts: ["ada@example.com"] },
	],
	[
		"src/helpdesk/web/admin/links/links-page.ts",
		{ why: "The columns of a list, as programs write them.", texts: ["…,email\n…"] },
	],
	[
		"src/helpdesk/web/admin/jobs/job-words.ts",
		{ why: "The name of a unit, which is stored.", texts: ["links and e-mails"] },
	],
	[
		"src/helpdesk/web/admin/integrations/integrations-page.ts",
		{
			why: "Classes of the style sheet, and what to look for in the log.",
			texts: ["link danger", "the hook onActivate of … failed"],
		},
	],
	[
		"src/helpdesk/web/admin/connected-helpdesks/helpdesk-page.ts",
		{ why: "The name of a state.", texts: ["in CI"] },
	],
	[
		"src/helpdesk/web/admin/connected-helpdesks/recipe-routes.ts",
		{ why: HEADER, texts: ["text/plain; charset=utf-8", 'attachment; filename="…"'] },
	],
	[
		"src/helpdesk/web/admin/connected-helpdesks/shown-recipe.ts",
		{
			why: "Headings of recipes, for which it shows texts.",
			texts: [
				"Another helpdesk",
				"Another helpdesk, without PKCE",
				"What you need",
				"Try it on one machine",
				"What to enter here",
				"What to paste there",
				"People who have an account there",
				"Not checked",
				"Tell us",
			],
		},
	],
	[
		"src/helpdesk/web/admin/brands/brand-page.ts",
		{
			why: "A configuration of nginx.",
			texts: [
				"server {\n  listen 443 ssl;\n  server_name …;\n  location / {\n    proxy_pass …;\n    proxy_set_header Host $host;\n  }\n}",
			],
		},
	],
	["src/helpdesk/web/admin/audit/audit-csv.ts", { why: COLUMNS, texts: ["trace code"] }],
	[
		"src/helpdesk/web/admin/alerts/alerts-page.ts",
		{ why: "The beginning of an address.", texts: ["https://"] },
	],
	["src/helpdesk/web/admin/add-ons/add-ons-page.ts", { why: CLASSES, texts: ["link danger"] }],
]);
