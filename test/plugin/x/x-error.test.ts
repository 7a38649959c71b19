import { expect, test } from "vitest";
import de from "../../../locales/de.json" with { type: "json" };
import en from "../../../locales/en.json" with { type: "json" };
import {
	FAULT_OF,
	problemOf,
	X_PROBLEMS,
	type XCall,
	type XProblem,
} from "../../../src/plugin/x/x-error.ts";

/** X's number, its status, and the problem that it means in every shape of body. */
const CODES: readonly [number, number, XProblem][] = [
	[32, 401, "bad-keys"],
	[34, 404, "wrong-address"],
	[63, 403, "account-suspended"],
	[64, 403, "account-suspended"],
	[68, 410, "wrong-address"],
	[87, 403, "app-not-permitted"],
	[88, 429, "rate-limited"],
	[89, 401, "invalid-token"],
	[92, 403, "wrong-address"],
	[99, 403, "app-not-permitted"],
	[130, 503, "over-capacity"],
	[131, 500, "over-capacity"],
	[135, 401, "clock-off"],
	[215, 400, "malformed-call"],
	[220, 403, "app-not-permitted"],
	[226, 403, "rate-limited"],
	[326, 403, "account-locked"],
	[415, 403, "callback-not-approved"],
	[416, 401, "app-suspended"],
	[417, 401, "no-callback-registered"],
	[453, 403, "access-level"],
];

const SHAPES: Readonly<Record<string, (code: number) => string>> = {
	JSON: (code) => JSON.stringify({ errors: [{ code, message: "no" }] }),
	"JSON with spaces": (code) => `{ "errors" : [ { "message" : "no", "code" : ${code} } ] }`,
	"JSON with more fields": (code) =>
		JSON.stringify({ errors: [{ code, message: "no", sub_error_code: 0, bounce_location: "/x" }] }),
	XML: (code) =>
		`<?xml version='1.0' encoding='UTF-8'?><errors><error code="${code}">no</error></errors>`,
};

const CALLS: readonly XCall[] = ["request_token", "access_token", "verify_credentials"];

test.each(CODES)(
	"code %i (status %i) means %s in every shape, at every call",
	(code, status, problem) => {
		for (const [shape, body] of Object.entries(SHAPES)) {
			for (const call of CALLS) {
				expect(problemOf(call, status, body(code)), `${shape} at ${call}`).toEqual({
					problem,
					xCode: code,
				});
			}
		}
	},
);

test.each([
	[429, "", "rate-limited", "rate-limited"],
	[402, "", "no-credits", "no-credits"],
	[404, "<html>", "wrong-address", "wrong-address"],
	[500, "<html>", "over-capacity", "over-capacity"],
	[503, "", "over-capacity", "over-capacity"],
	[301, "", "redirected", "redirected"],
	[308, "", "redirected", "redirected"],
	[204, "", "unreadable", "unreadable"],
	[401, "", "bad-keys", "refused"],
	[403, "", "forbidden", "refused"],
	[403, '{"errors":[{"message":"no"}]}', "forbidden", "refused"],
	[403, '{"title":"Forbidden","type":"about:blank","status":403}', "forbidden", "refused"],
	[403, "<hash><error>No.</error></hash>", "forbidden", "refused"],
	[407, "<html>log in to the proxy</html>", "proxy-refused", "proxy-refused"],
	[400, '{"errors":[{"code":99999,"message":"new"}]}', "bad-keys", "refused"],
	[401, "Invalid request token.", "verifier-refused", "verifier-refused"],
	[
		401,
		"Error processing your OAuth request: Invalid oauth_verifier parameter",
		"verifier-refused",
		"verifier-refused",
	],
	[401, "Reverse auth credentials are invalid", "verifier-refused", "verifier-refused"],
	[401, "<hash><error>Could not authenticate you.</error></hash>", "bad-keys", "bad-keys"],
	[401, "<hash><error>Timestamp out of bounds.</error></hash>", "clock-off", "clock-off"],
] as const)(
	"status %i with %j is recognised by its status or text",
	(status, body, atStart, later) => {
		expect(problemOf("request_token", status, body).problem).toBe(atStart);
		expect(problemOf("access_token", status, body).problem).toBe(later);
	},
);

/** Pages that are not X's: of firewalls, proxies, gateways, networks and countries, as they are seen in the field. */
const FOREIGN: readonly (readonly [what: string, status: number, body: string])[] = [
	["a firewall", 403, "<!DOCTYPE html><html><head><title>Web Page Blocked!</title></head></html>"],
	[
		"a firewall that speaks XHTML",
		403,
		'<?xml version="1.0"?>\n<!DOCTYPE html><html><p>no</p></html>',
	],
	[
		"a firewall, after blank lines and a byte order mark",
		403,
		"\ufeff\r\n\r\n<HTML><BODY>no</BODY></HTML>",
	],
	[
		"a page with one of X's numbers in a script",
		403,
		'<html><script>x = {"code": 32}</script></html>',
	],
	["a page with one of X's sentences", 403, "<html>Callback URL not approved</html>"],
	["a service in front of many sites", 403, "error code: 1020"],
	["a gateway", 403, "RBAC: access denied"],
	["a gateway that speaks JSON", 403, '{"message":"Forbidden"}'],
	["a store of files", 403, "<Error><Code>AccessDenied</Code></Error>"],
	["a block by law", 451, "<html>Unavailable For Legal Reasons</html>"],
	["a block by law without a page", 451, ""],
	["a network that wants a log-in", 511, "<html>Log in to the network</html>"],
	["a captive portal", 200, "<html><form><button>Log in</button></form></html>"],
	["a log-in page", 401, "<html>Sign in to continue</html>"],
	["a proxy that could not read the call", 400, "<html><h1>400 Bad Request</h1></html>"],
	["a page that begins with a script", 403, "<script>location = '/block'</script>"],
	["a page that begins with a comment", 400, "<!-- 17 --><title>Blocked</title>"],
	["a shop", 402, "<html>Buy more data</html>"],
];

test.each(FOREIGN)(
	"the page of %s (status %i) is not blamed on keys or callback",
	(_, status, body) => {
		for (const call of CALLS) {
			expect(problemOf(call, status, body)).toEqual({ problem: "intercepted", xCode: undefined });
		}
		expect(FAULT_OF.intercepted).toBe("unreachable");
	},
);

test.each([
	[407, "proxy-refused", "unreachable"],
	[302, "redirected", "unreachable"],
	[404, "wrong-address", "misconfigured"],
	[429, "rate-limited", "unavailable"],
	[502, "over-capacity", "unavailable"],
	[503, "over-capacity", "unavailable"],
	[504, "over-capacity", "unavailable"],
] as const)(
	"a page with the status %i may come from a proxy or from X: %s",
	(status, problem, fault) => {
		for (const call of CALLS) {
			expect(problemOf(call, status, '<html>nginx {"code": 32}</html>').problem).toBe(problem);
		}
		expect(FAULT_OF[problem]).toBe(fault);
	},
);

test.each(['OAuth realm="https://api.twitter.com", api_error_code=32', 'oauth realm=""'])(
	"a page of a server that asks for OAuth (%s) is X's own",
	(challenge) => {
		const body = "<html><title>Error 401 Unauthorized</title></html>";
		expect(problemOf("request_token", 401, body, challenge).problem).toBe("bad-keys");
		expect(problemOf("access_token", 401, body, challenge).problem).toBe("refused");
		for (const other of ["", 'Basic realm="OAuth"', "OAuth2", "Negotiate"]) {
			expect(problemOf("request_token", 401, body, other).problem).toBe("intercepted");
		}
	},
);

test("the scan is bounded and linear for any body", () => {
	const hostile = [
		`"code"${" ".repeat(60_000)}:`,
		`${'"code":'.repeat(9_000)}`,
		`<error code="${"1".repeat(60_000)}">`,
		`${"<!ENTITY lol '&lol;'>".repeat(3_000)}`,
		`${"x".repeat(5_000)}"code":32`,
	];
	for (const body of hostile) {
		expect(problemOf("access_token", 401, body).problem).toBe("refused");
	}
});

test("XML entities and billion laughs: nothing in a body is expanded or loaded", () => {
	const lol =
		'<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">';
	const bodies = [
		`<!DOCTYPE x [${lol}]><errors><error code="415">&c;</error></errors>`,
		'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><errors><error code="415">&a;</error></errors>',
	];
	for (const body of bodies) {
		expect(problemOf("request_token", 403, body).problem).toBe("callback-not-approved");
	}
	const hidden = '<!DOCTYPE x [<!ENTITY a "415">]><error code="&a;">no</error>';
	expect(problemOf("access_token", 403, hidden).problem).toBe("refused");
});

test("the map is closed: each problem has its treatment and its sentence for the administrator", () => {
	expect(Object.keys(FAULT_OF)).toEqual(X_PROBLEMS);
	for (const problem of X_PROBLEMS) {
		for (const locale of [en, de]) {
			expect(locale[`x-problem.${problem}`].length, problem).toBeGreaterThan(40);
		}
	}
});

test.each([
	[403, { title: "Forbidden", detail: "User has been suspended: [usagecap]." }, "forbidden"],
	[400, { error: "invalid_request", error_description: "creditsdepleted" }, "verifier-refused"],
	[
		400,
		{ errors: [{ parameters: { code: ["not-enrolled"] } }], title: "Invalid Request" },
		"verifier-refused",
	],
	[503, { error: "invalid_client" }, "over-capacity"],
	[400, { error: "invalid_grant" }, "verifier-refused"],
	[401, { error: "unauthorized_client" }, "bad-client"],
	[400, { error: "invalid_client" }, "unknown-client"],
	[401, { title: "Unauthorized" }, "exchange-refused"],
	[403, { title: "SpendCapReached", type: "https://api.x.com/2/problems/credits" }, "no-credits"],
	[402, {}, "no-credits"],
	[429, {}, "rate-limited"],
])(
	"under OAuth 2.0, %i with %j at the exchange is X's own word and not a visitor's: %s",
	(status, body, problem) => {
		expect(problemOf("oauth2_token", status, JSON.stringify(body)).problem).toBe(problem);
	},
);

test.each([
	[401, { errors: [{ code: 89 }] }, "token-refused"],
	[401, { errors: [{ code: 32 }] }, "token-refused"],
	[403, { detail: "credits depleted for problems/credits" }, "forbidden"],
	[429, { type: "https://api.twitter.com/2/problems/usage-capped" }, "no-credits"],
])("under OAuth 2.0, %i with %j at the profile is %s", (status, body, problem) => {
	expect(problemOf("users_me", status, JSON.stringify(body)).problem).toBe(problem);
});
