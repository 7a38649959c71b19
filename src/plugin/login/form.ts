import type { LoginResponse, PluginCookie } from "../../contract/login-response.ts";

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
		/**
		 * @param account the helpdesk's account that the X account is about to be linked to.
		 * @param takesOver nobody had proven to own it: whatever opened it so far goes.
		 */
		| { readonly kind: "consent"; readonly account: string; readonly takesOver: boolean };
}

/** How a request goes on: as the host shall do, with a form to show, or to the path because nothing is left to do. */
export type LoginStep =
	| LoginResponse
	| { readonly kind: "form"; readonly form: Form }
	| AlreadyLinked;

/** The identity belongs to whoever is signed in. */
export interface AlreadyLinked {
	readonly kind: "already-linked";
	readonly userId: string;
	readonly returnPath: string;
	readonly cookies?: readonly PluginCookie[];
}
