import { ProviderError, type ProviderFault } from "../login/provider/identity-provider.ts";

export type XCall = "request_token" | "access_token" | "verify_credentials";

/** Every failure that was seen at X or on the way to it. */
export const X_PROBLEMS = [
	"bad-keys",
	"clock-off",
	"invalid-token",
	"malformed-call",
	"callback-not-approved",
	"no-callback-registered",
	"access-level",
	"app-suspended",
	"app-not-permitted",
	"forbidden",
	"app-not-enrolled",
	"no-credits",
	"account-suspended",
	"account-locked",
	"verifier-refused",
	"wrong-address",
	"redirected",
	"proxy-refused",
	"rate-limited",
	"over-capacity",
	"unreadable",
	"refused",
	"other-account",
	"timeout",
	"dns",
	"tls",
	"reset",
	"too-large",
] as const;

export type XProblem = (typeof X_PROBLEMS)[number];

interface Treatment {
	readonly fault: ProviderFault;
	/** Whether the same call may be sent once more. access_token is never repeated. */
	readonly retry: boolean;
}

/** How each problem is treated. The sentences are in the locales, under `x-problem.<name>`. */
export const TREATMENTS: Readonly<Record<XProblem, Treatment>> = {
	"bad-keys": { fault: "misconfigured", retry: false },
	// The only problem that is corrected at once: the next call uses the time in X's answer.
	"clock-off": { fault: "misconfigured", retry: true },
	"invalid-token": { fault: "rejected", retry: false },
	"malformed-call": { fault: "misconfigured", retry: false },
	"callback-not-approved": { fault: "misconfigured", retry: false },
	"no-callback-registered": { fault: "misconfigured", retry: false },
	"access-level": { fault: "misconfigured", retry: false },
	"app-suspended": { fault: "misconfigured", retry: false },
	"app-not-permitted": { fault: "misconfigured", retry: false },
	forbidden: { fault: "misconfigured", retry: false },
	"app-not-enrolled": { fault: "misconfigured", retry: false },
	"no-credits": { fault: "misconfigured", retry: false },
	"account-suspended": { fault: "account-suspended", retry: false },
	"account-locked": { fault: "account-locked", retry: false },
	"verifier-refused": { fault: "rejected", retry: false },
	"wrong-address": { fault: "misconfigured", retry: false },
	redirected: { fault: "misconfigured", retry: false },
	"proxy-refused": { fault: "misconfigured", retry: false },
	"rate-limited": { fault: "unavailable", retry: false },
	"over-capacity": { fault: "unavailable", retry: true },
	unreadable: { fault: "unavailable", retry: false },
	refused: { fault: "rejected", retry: false },
	"other-account": { fault: "rejected", retry: false },
	timeout: { fault: "unavailable", retry: true },
	dns: { fault: "unavailable", retry: true },
	tls: { fault: "unavailable", retry: false },
	reset: { fault: "unavailable", retry: true },
	"too-large": { fault: "unavailable", retry: false },
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
		super(TREATMENTS[problem].fault, problem, `${call}: ${facts.join(", ")}`);
		this.call = call;
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

/** The problem behind an answer that is not a success. */
export function problemOf(
	call: XCall,
	status: number,
	body: string,
): { readonly problem: XProblem; readonly xCode: number | undefined } {
	const text = body.slice(0, SCANNED);
	const [, inJson, inXml] = CODE.exec(text) ?? [];
	const digits = inJson ?? inXml;
	const xCode = digits === undefined ? undefined : Number(digits);
	const byCode = xCode === undefined ? undefined : PROBLEM_OF_CODE.get(xCode);
	return { problem: byCode ?? byText(text) ?? byStatus(call, status), xCode };
}

function byText(text: string): XProblem | undefined {
	return SENTENCES.find(([sentence]) => sentence.test(text))?.[1];
}

function byStatus(call: XCall, status: number): XProblem {
	if (status === 429) {
		return "rate-limited";
	}
	if (status >= 500) {
		return "over-capacity";
	}
	if (status >= 300 && status < 400) {
		return "redirected";
	}
	// X never sends this, only a proxy does (RFC 9110 section 15.5.8).
	if (status === 407) {
		return "proxy-refused";
	}
	if (status === 402) {
		return "no-credits";
	}
	if (status === 404 || status === 410) {
		return "wrong-address";
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
