import type { LoginErrorCode } from "./login-error.ts";
import type { LoginMode } from "./login-settings.ts";

export interface Situation {
	/** The user the identity is linked to; one who was deleted counts as `none`. */
	readonly linked: "none" | "living" | "suspended";
	readonly signedIn: "nobody" | "linked-user" | "somebody-else";
	readonly mode: LoginMode;
	readonly registrationOpen: boolean;
	/** Whose the e-mail address is that X confirms; `not-asked` before the profile was read. */
	readonly email: "not-asked" | "missing" | "of-nobody" | "of-staff" | "of-a-user";
}

export type Choice =
	| { readonly kind: "sign-in" }
	| { readonly kind: "ask-for-email" }
	| { readonly kind: "sign-up" }
	| { readonly kind: "refuse"; readonly code: LoginErrorCode };

/**
 * Who is this? The whole rule, free of effects. An address that X confirms may make an account; it never links
 * or opens one that is already there.
 */
export function chooseAccount(situation: Situation): Choice {
	if (situation.signedIn === "somebody-else") {
		return refuse("signed-in-as-other");
	}
	switch (situation.linked) {
		case "living":
			return { kind: "sign-in" };
		case "suspended":
			return refuse("account-suspended");
		case "none":
			return chooseForStranger(situation);
	}
}

function chooseForStranger({ mode, registrationOpen, email }: Situation): Choice {
	if (mode === "login-only" || !registrationOpen) {
		return refuse("sign-up-closed");
	}
	switch (email) {
		case "not-asked":
			return { kind: "ask-for-email" };
		case "missing":
			return refuse("email-missing");
		case "of-nobody":
			return { kind: "sign-up" };
		case "of-staff":
			return refuse("email-of-staff");
		case "of-a-user":
			return refuse("email-taken");
	}
}

function refuse(code: LoginErrorCode): Choice {
	return { kind: "refuse", code };
}
