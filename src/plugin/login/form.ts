import type { LoginResponse } from "../../contract/login-response.ts";

/** What was wrong with the form that was sent. */
export type FormProblem =
	| "email-invalid"
	| "code-wrong"
	| "code-spent"
	| "too-many-letters"
	| "other-account";

/** A form between the callback and the end, as plain data. */
export interface Form {
	/** Names the log-in that goes on; worth nothing without the browser's cookie. */
	readonly loginId: string;
	/** The X account, without `@`. */
	readonly handle: string;
	readonly returnPath: string;
	readonly linking: boolean;
	readonly problem?: FormProblem;
	readonly step:
		| { readonly kind: "email" }
		| { readonly kind: "prove" | "claim"; readonly email: string }
		| { readonly kind: "code"; readonly email: string; readonly typed: boolean }
		/** @param account the helpdesk's account that the X account is about to be linked to. */
		| { readonly kind: "consent"; readonly account: string };
}

/** How a request goes on: as the host shall do, or with a form to show. */
export type LoginStep = LoginResponse | { readonly kind: "form"; readonly form: Form };
