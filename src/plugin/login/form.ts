import type { LoginResponse, PluginCookie } from "../../contract/login-response.ts";
import type { ReachedLimit } from "./browser/code-limits.ts";
import type { Situation } from "./choose-account.ts";
import type { Identity, Profile } from "./provider/identity-provider.ts";

/** What was wrong with the form that was sent. */
export type FormProblem =
	| "email-invalid"
	| "code-wrong"
	| "code-spent"
	| "address-fixed"
	| "other-account"
	| ReachedLimit;

/** A form between the callback and the end, as plain data. */
export interface Form {
	/**
	 * `login` names the log-in, and is worthless without the browser's cookie. `letters` is the number of letters sent
	 * before the form was shown: a second click sends the same one.
	 */
	readonly fields: Readonly<Record<string, string>>;
	/** The X account, without `@`. */
	readonly handle: string;
	readonly returnPath: string;
	readonly linking: boolean;
	readonly problem?: FormProblem;
	readonly step:
		| { readonly kind: "email" }
		| { readonly kind: "prove" | "claim"; readonly email: string }
		/** @param address a typed one can be corrected until it is fixed. */
		| {
				readonly kind: "code";
				readonly email: string;
				readonly address: "asserted" | "typed" | "fixed";
		  }
		/**
		 * @param account the account here that the X account is about to be linked to.
		 * @param takesOver nobody had proven to own it, so other ways into it are dropped.
		 */
		| { readonly kind: "consent"; readonly account: string; readonly takesOver: boolean };
}

/** The result of a request: a response for the host, a form to show, or nothing left to do. */
export type LoginStep =
	| LoginResponse
	| { readonly kind: "form"; readonly form: Form }
	| Trial
	| AlreadyLinked;

/** What an operator's test log-in has shown. */
export interface Trial {
	readonly kind: "trial";
	readonly identity: Identity;
	readonly profile: Profile;
	/** What the rules would decide by. */
	readonly situation: Situation;
	readonly cookies?: readonly PluginCookie[];
}

/** The identity belongs to the logged-in user already. */
export interface AlreadyLinked {
	readonly kind: "already-linked";
	readonly userId: string;
	readonly returnPath: string;
	readonly cookies?: readonly PluginCookie[];
}
