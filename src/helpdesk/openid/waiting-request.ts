import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";

/** A request of a connected helpdesk that waits for the visitor. */
export interface WaitingRequest {
	readonly id: string;
	readonly helpdesk: ConnectedHelpdesk;
	/** Where the answer goes. */
	readonly redirectUri: string;
	/** See `PassedData`. */
	readonly hosts: readonly string[];
	/** When it came. Milliseconds since the epoch. */
	readonly beganAt: number;
	/** Whether the visitor has to prove again who they are, although they are logged in. */
	readonly wantsProof: boolean;
	/** Whether the visitor has to see again which data goes to the helpdesk. */
	readonly wantsConsent: boolean;
	/** The age of the proof that is old enough to ask again, in milliseconds. Undefined: any. */
	readonly maxAgeMs: number | undefined;
	/** The address that the visitor may have typed at the helpdesk. */
	readonly loginHint: string | undefined;
	/** The languages that the helpdesk asks for, the best first. */
	readonly languages: readonly string[];
}

/** What a request asks for, by its parameters (OpenID Connect Core, section 3.1.2.1). The library has checked them. */
export function requestIn(
	params: Readonly<Record<string, unknown>>,
): Omit<WaitingRequest, "id" | "helpdesk" | "hosts" | "beganAt"> {
	const { max_age: maxAge, login_hint: hint, ui_locales: languages } = params;
	const prompts = String(params["prompt"] ?? "").split(" ");
	return {
		redirectUri: String(params["redirect_uri"]),
		wantsProof: prompts.includes("login"),
		wantsConsent: prompts.includes("consent"),
		maxAgeMs: maxAge === undefined ? undefined : Number(maxAge) * 1000,
		loginHint: typeof hint === "string" ? hint : undefined,
		languages: typeof languages === "string" ? languages.split(" ") : [],
	};
}
