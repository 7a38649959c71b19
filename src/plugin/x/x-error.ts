import { ProviderError, type ProviderFault } from "../login/identity-provider.ts";

export type XCall = "request_token" | "access_token" | "verify_credentials";

/** What X did instead of its part. `xCode` is the number X gave, where it gave one. */
export class XError extends ProviderError {
	override readonly name = "XError";
	readonly call: XCall;
	readonly status: number | undefined;
	readonly xCode: number | undefined;

	constructor(
		fault: ProviderFault,
		what: {
			readonly call: XCall;
			readonly detail: string;
			readonly status?: number;
			readonly xCode?: number | undefined;
		},
	) {
		super(fault, `${what.call}: ${what.detail}`);
		this.call = what.call;
		this.status = what.status;
		this.xCode = what.xCode;
	}
}

const CODE = /"code"\s{0,8}:\s{0,8}(\d{1,5})|<error code="(\d{1,5})">/;

/** The number in an error body of X, JSON or XML; a bounded scan, for the body is untrusted. */
export function xCodeOf(body: string): number | undefined {
	const [, inJson, inXml] = CODE.exec(body.slice(0, 4096)) ?? [];
	const digits = inJson ?? inXml;
	return digits === undefined ? undefined : Number(digits);
}

/** Who can mend it, by the status alone where X names no code that says otherwise. */
export function faultOf(call: XCall, status: number, xCode: number | undefined): ProviderFault {
	if (status === 429 || status >= 500 || xCode === 88) {
		return "unavailable";
	}
	// Before the visitor was involved, a refusal can only concern the app; so do bad keys at any time.
	return call === "request_token" || xCode === 32 || xCode === 135 || xCode === 416
		? "misconfigured"
		: "rejected";
}
