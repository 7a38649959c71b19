import {
	type Concerned,
	ProviderError,
	type ProviderFault,
} from "../login/provider/identity-provider.ts";
import { jsonFields } from "./json-fields.ts";

export type XCall =
	| "request_token"
	| "access_token"
	| "verify_credentials"
	| "oauth2_token"
	| "users_me";

/** Every failure that was seen at X or on the way to it. The sentences are in the locales, under `x-problem.<name>`. */
export const FAULT_OF = {
	"bad-keys": "misconfigured",
	"unknown-client": "misconfigured",
	"bad-client": "misconfigured",
	"clock-off": "misconfigured",
	"invalid-token": "rejected",
	"malformed-call": "misconfigured",
	"callback-not-approved": "misconfigured",
	"no-callback-registered": "misconfigured",
	"access-level": "misconfigured",
	"app-suspended": "misconfigured",
	"app-not-permitted": "misconfigured",
	forbidden: "misconfigured",
	"app-not-enrolled": "misconfigured",
	"no-credits": "misconfigured",
	"account-suspended": "account-suspended",
	"account-locked": "account-locked",
	"verifier-refused": "rejected",
	"token-refused": "unavailable",
	"exchange-refused": "unavailable",
	"wrong-address": "misconfigured",
	redirected: "unreachable",
	"proxy-refused": "unreachable",
	intercepted: "unreachable",
	"rate-limited": "unavailable",
	"over-capacity": "unavailable",
	unreadable: "unavailable",
	refused: "rejected",
	"other-account": "rejected",
	timeout: "unavailable",
	dns: "unavailable",
	tls: "unavailable",
	reset: "unavailable",
	"too-large": "unavailable",
} as const satisfies Record<string, ProviderFault>;

export type XProblem = keyof typeof FAULT_OF;

export const X_PROBLEMS = Object.keys(FAULT_OF) as readonly XProblem[];

/**
 * The problems after which the same call may be sent once more; access_token is never repeated. `clock-off` is
 * corrected at once: the next call uses the time in X's answer.
 */
export const RETRIED: ReadonlySet<XProblem> = new Set([
	"clock-off",
	"over-capacity",
	"timeout",
	"dns",
	"reset",
]);

/** A broken connection concerns nobody more than others, because both protocols share it. */
const CONCERNED: Partial<Readonly<Record<XProblem, Concerned>>> = {
	"over-capacity": "everybody",
	timeout: "everybody",
	"no-credits": "everybody",
	// X keeps one grant for each account, so somebody who redeems two codes at once has one token refused.
	"token-refused": "one-or-all",
	"exchange-refused": "one-or-all",
};

/** X's error numbers (the response-codes page of developer.twitter.com, 2018 to 2023, and numbers seen since). */
const PROBLEM_OF_CODE: ReadonlyMap<number, XProblem> = new Map([
	[32, "bad-keys"],
	[34, "wrong-address"],
	[63, "account-suspended"],
	[64, "account-suspended"],
	[68, "wrong-address"],
	[87, "app-not-permitted"],
	[88, "rate-limited"],
	[89, "invalid-token"],
	[92, "wrong-address"],
	[99, "app-not-permitted"],
	[130, "over-capacity"],
	[131, "over-capacity"],
	[135, "clock-off"],
	[215, "malformed-call"],
	[220, "app-not-permitted"],
	[226, "rate-limited"],
	[326, "account-locked"],
	[415, "callback-not-approved"],
	[416, "app-suspended"],
	[417, "no-callback-registered"],
	[453, "access-level"],
]);

/** A failed call to X. */
export class XError extends ProviderError {
	override readonly name = "XError";
	readonly call: XCall;
	declare readonly problem: XProblem;
	override readonly isProofSpent: boolean;
	override readonly concerns: Concerned | undefined;
	readonly status: number | undefined;
	/** The number that X gave, if any. */
	readonly xCode: number | undefined;

	constructor(
		problem: XProblem,
		what: {
			readonly call: XCall;
			readonly detail?: string;
			readonly status?: number;
			readonly xCode?: number | undefined;
		},
	) {
		const { call, status, xCode, detail } = what;
		const facts = [
			problem,
			status === undefined ? undefined : `status ${status}`,
			xCode === undefined ? undefined : `code ${xCode}`,
			detail,
		].filter((fact) => fact !== undefined);
		super(FAULT_OF[problem], problem, `${call}: ${facts.join(", ")}`);
		this.call = call;
		this.isProofSpent = call === "users_me";
		// X limits this call for each user.
		this.concerns =
			problem === "rate-limited" && call === "users_me" ? "visitor" : CONCERNED[problem];
		this.status = status;
		this.xCode = xCode;
	}
}

// X's bodies are JSON, XML, text or HTML, whatever their type says. Only the beginning is scanned.
const SCANNED = 4096;
const CODE = /"code"\s{0,8}:\s{0,8}(\d{1,5})|<error code="(\d{1,5})">/;
/** X's own sentences, for answers without a number: XML of the form `<hash><error>`, text, problem JSON. */
const SENTENCES: readonly (readonly [RegExp, XProblem])[] = [
	[/desktop applications only support/i, "no-callback-registered"],
	[/callback url not approved/i, "callback-not-approved"],
	[/could not authenticate you/i, "bad-keys"],
	[/timestamp out of bounds/i, "clock-off"],
	[/suspended application/i, "app-suspended"],
	[/client is not permitted/i, "app-not-permitted"],
	[/rate limit exceeded/i, "rate-limited"],
	[/invalid request token|invalid oauth_verifier|reverse auth credentials/i, "verifier-refused"],
	[/credits ?depleted|usage-?cap|spendcapreached|problems\/credits/i, "no-credits"],
	[/not-enrolled|client-forbidden/i, "app-not-enrolled"],
];

const PAGE = /^\s*<(?:.*<)?(?:!doctype html|html|head|body|title|meta|script|h1|p)\b/is;
/** Members and elements of X's JSON and XML. */
const OF_X = /"(?:errors?|title|detail)"|<(?:hash|errors?)\b/;

/**
 * Whether a page answers that something between the server and X sent in X's place: a firewall, a proxy, a captive
 * portal. X's API sends pages only when it is overloaded.
 */
export function isForeignPage(body: string): boolean {
	return PAGE.test(body.slice(0, SCANNED));
}

/**
 * The problem behind an answer that is not a success.
 *
 * @param challenge the header `www-authenticate`. X's 401 asks for OAuth there, whatever the body is.
 */
export function problemOf(
	call: XCall,
	status: number,
	body: string,
	challenge = "",
): { readonly problem: XProblem; readonly xCode: number | undefined } {
	if (isForeignPage(body) && !/^oauth\b/i.test(challenge)) {
		return { problem: byStatus(call, status, true), xCode: undefined };
	}
	const text = body.slice(0, SCANNED);
	const [, inJson, inXml] = CODE.exec(text) ?? [];
	const digits = inJson ?? inXml;
	const xCode = digits === undefined ? undefined : Number(digits);
	const byCode = xCode === undefined ? undefined : PROBLEM_OF_CODE.get(xCode);
	if (call === "oauth2_token" || call === "users_me") {
		return { problem: oauth2Problem(call, status, body, byCode), xCode };
	}
	// Some gates answer a 403 in a line of text or in JSON of their own. X's front answers an empty one at times.
	const isForeign = status === 403 && /\S/.test(text) && !OF_X.test(text);
	return { problem: byCode ?? byText(text) ?? byStatus(call, status, isForeign), xCode };
}

/**
 * Under OAuth 2.0 the status decides first. Of the body, only members with X's own words count, because X quotes texts of
 * visitors in others.
 */
function oauth2Problem(
	call: "oauth2_token" | "users_me",
	status: number,
	body: string,
	byCode: XProblem | undefined,
): XProblem {
	const fields = jsonFields(body);
	if (status >= 500 && status !== 511) {
		return "over-capacity";
	}
	if (byCode !== undefined && !OF_SIGNATURES.has(byCode)) {
		return byCode;
	}
	if (status === 401 && call === "users_me") {
		return "token-refused";
	}
	const { error, error_description: sentence, type, detail } = fields ?? {};
	if (error === "invalid_client") {
		return "unknown-client";
	}
	if (error === "unauthorized_client") {
		return "bad-client";
	}
	if (status === 401) {
		return "exchange-refused";
	}
	if (status === 400 && call === "oauth2_token") {
		// A redirect URI that differs means that the code is of another log-in: X has compared it with the app's before.
		const isOfCall = /^missing required parameter/i.test(String(sentence));
		return isOfCall ? "malformed-call" : "verifier-refused";
	}
	const problem = PROBLEMS_OF_V2.get(String(type).split("/").at(-1) ?? "");
	if (problem !== undefined) {
		return problem;
	}
	if (status === 403 && /this account is temporarily locked/i.test(String(detail))) {
		return "account-locked";
	}
	const isForeign = status === 403 && /\S/.test(body) && fields === undefined;
	return status === 403 && !isForeign ? "forbidden" : byStatus(call, status, isForeign);
}

/** Numbers that speak of the keys, tokens and times of OAuth 1.0a mean nothing more than their status here. */
const OF_SIGNATURES: ReadonlySet<XProblem> = new Set(["bad-keys", "clock-off", "invalid-token"]);

/** The ends of the types of X's problems (docs.x.com, "Response codes and errors"). */
const PROBLEMS_OF_V2: ReadonlyMap<string, XProblem> = new Map([
	["credits", "no-credits"],
	["usage-capped", "no-credits"],
	["client-forbidden", "app-not-enrolled"],
	["user-suspended", "account-suspended"],
]);

function byText(text: string): XProblem | undefined {
	return SENTENCES.find(([sentence]) => sentence.test(text))?.[1];
}

function byStatus(call: XCall, status: number, isForeign: boolean): XProblem {
	if (status === 429) {
		return "rate-limited";
	}
	// X sends none of the three: 407 asks for a log-in at a proxy (RFC 9110 section 15.5.8), 511 for one at the network
	// (RFC 6585 section 6), and 451 names a block by law (RFC 7725).
	if (status === 407) {
		return "proxy-refused";
	}
	if (status === 451 || status === 511) {
		return "intercepted";
	}
	if (status >= 500) {
		return "over-capacity";
	}
	if (status >= 300 && status < 400) {
		return "redirected";
	}
	if (status === 404 || status === 410) {
		return "wrong-address";
	}
	if (isForeign) {
		return "intercepted";
	}
	if (status === 402) {
		return "no-credits";
	}
	if (status < 300) {
		return "unreadable";
	}
	// No visitor is involved yet, so a refusal can only concern the app.
	if (call === "request_token") {
		return status === 403 ? "forbidden" : "bad-keys";
	}
	return "refused";
}
