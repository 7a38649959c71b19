import type { Answer } from "./answer.ts";
import { PROBLEM_FAULTS } from "./problem-faults.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const XML_TYPE = "application/xml; charset=utf-8";
const HTML_TYPE = "text/html; charset=utf-8";

/** Larger than any answer that a client should read. */
const HUGE_BYTES = 5 * 1024 * 1024;
const SLOW_MS = 2_000;

/** The codes of X's "response codes" page that a log-in can meet, each with its status. */
const CODES: readonly (readonly [code: number, status: number, message: string])[] = [
	[32, 401, "Could not authenticate you."],
	[34, 404, "Sorry, that page does not exist."],
	[63, 403, "User has been suspended."],
	[64, 403, "Your account is suspended and is not permitted to access this feature."],
	[87, 403, "Client is not permitted to perform this action."],
	[88, 429, "Rate limit exceeded"],
	[89, 401, "Invalid or expired token."],
	[99, 403, "Unable to verify your credentials."],
	[130, 503, "Over capacity"],
	[131, 500, "Internal error"],
	[135, 401, "Timestamp out of bounds."],
	[215, 400, "Bad Authentication data."],
	[
		326,
		403,
		"To protect our users from spam and other malicious activity, this account is temporarily locked.",
	],
	[
		415,
		403,
		"Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings",
	],
	[416, 401, "Invalid / suspended application"],
	[417, 401, "Desktop applications only support the oauth_callback value 'oob'"],
	[
		453,
		403,
		"You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints (e.g. media post, oauth) only. If you need access to this endpoint, you may need a different access level.",
	],
];

const inJson = ([code, status, message]: (typeof CODES)[number]): Answer => ({
	status,
	contentType: JSON_TYPE,
	body: JSON.stringify({ errors: [{ code, message }] }),
});

const inXml = ([code, status, message]: (typeof CODES)[number]): Answer => ({
	status,
	contentType: XML_TYPE,
	body: `<?xml version='1.0' encoding='UTF-8'?><errors><error code="${code}">${message}</error></errors>`,
});

const OTHERS: Readonly<Record<string, Answer>> = {
	"hash-xml": {
		status: 401,
		contentType: XML_TYPE,
		body: "<?xml version='1.0' encoding='UTF-8'?><hash><error>Desktop applications only support the oauth_callback value 'oob'</error><request>/oauth/request_token</request></hash>",
	},
	"plain-text": {
		status: 401,
		contentType: HTML_TYPE,
		body: "This feature is temporarily unavailable",
	},
	html: {
		status: 503,
		contentType: HTML_TYPE,
		body: "<!DOCTYPE html><html><head><title>Over capacity</title></head><body><h1>Something is technically wrong.</h1></body></html>",
	},
	"html-401": {
		status: 401,
		contentType: HTML_TYPE,
		body: "<html><head><title>Error 401 Unauthorized</title></head><body><h2>HTTP ERROR: 401</h2></body></html>",
		headers: { "www-authenticate": 'OAuth realm="https://api.twitter.com"' },
	},
	"block-page": {
		status: 403,
		contentType: HTML_TYPE,
		body: '<!DOCTYPE html><html><head><title>Access denied</title></head><body><h1>Web page blocked</h1><p>Category: Social networking</p><script>var block = {"code": 32};</script></body></html>',
	},
	"country-block": {
		status: 451,
		contentType: HTML_TYPE,
		body: "<html><body>Unavailable For Legal Reasons</body></html>",
	},
	"captive-portal": {
		status: 200,
		contentType: HTML_TYPE,
		body: "<!DOCTYPE html><html><head><title>Welcome to our network</title></head><body><form><button>Log in</button></form></body></html>",
	},
	empty: { status: 200, contentType: HTML_TYPE, body: "" },
	redirect: {
		status: 302,
		contentType: HTML_TYPE,
		body: "",
		headers: { location: "https://api.twitter.com/elsewhere" },
	},
	unconfirmed: {
		status: 200,
		contentType: HTML_TYPE,
		body: "oauth_token=unconfirmed&oauth_token_secret=unconfirmed&oauth_callback_confirmed=false",
	},
	"polluting-json": {
		status: 200,
		contentType: JSON_TYPE,
		body: '{"__proto__":{"id_str":"1","email":"eve@example.com"},"id":9007199254740993,"constructor":{"prototype":{"email":"eve@example.com"}}}',
	},
	huge: { status: 200, contentType: HTML_TYPE, body: "x".repeat(HUGE_BYTES) },
	truncated: {
		status: 200,
		contentType: HTML_TYPE,
		body: "oauth_token=trunc",
		delivery: "truncated",
	},
	hang: { status: 200, contentType: HTML_TYPE, body: "", delivery: "hang" },
	reset: { status: 200, contentType: HTML_TYPE, body: "", delivery: "reset" },
};

const byName = new Map<string, Answer>([
	...CODES.map((row): [string, Answer] => [String(row[0]), inJson(row)]),
	...CODES.map((row): [string, Answer] => [`${row[0]}-xml`, inXml(row)]),
	...Object.entries(OTHERS),
	...Object.entries(PROBLEM_FAULTS),
]);

/** How X's own answer differs from the usual one, by the name of the fault. */
const ALTERATIONS = [
	"swapped-token",
	"other-token",
	"other-account",
	"errors-beside-data",
] as const;

export type Alteration = (typeof ALTERATIONS)[number];

export const FAULT_NAMES: readonly string[] = [...byName.keys(), "slow", ...ALTERATIONS];

/** How a call goes wrong: an answer replaces X's own, or X's own answer is altered. */
export type Fault =
	| { readonly kind: "instead"; readonly answer: Answer }
	| { readonly kind: "slow"; readonly delayMs: number }
	| { readonly kind: "altered"; readonly alteration: Alteration };

/** @returns undefined for a name that {@link FAULT_NAMES} does not have. */
export function faultNamed(name: string): Fault | undefined {
	if (name === "slow") {
		return { kind: "slow", delayMs: SLOW_MS };
	}
	const alteration = ALTERATIONS.find((known) => known === name);
	if (alteration !== undefined) {
		return { kind: "altered", alteration };
	}
	const answer = byName.get(name);
	return answer && { kind: "instead", answer };
}
