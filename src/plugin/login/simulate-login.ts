import { RULES, type Rule, ruleFor, type Situation } from "./choose-account.ts";
import type { Form } from "./form.ts";
import type { LoginErrorCode } from "./login-error.ts";

type KnownEmail = Exclude<Situation["email"], "not-asked">;

/** The facts of a made-up log-in that decide how it ends. */
export interface MadeUpLogin extends Omit<Situation, "email" | "emailProof"> {
	/** The owner of the address that X gives. */
	readonly email: KnownEmail;
	/** The owner of the address that the visitor types if X gives none. */
	readonly typedEmail: Exclude<KnownEmail, "missing">;
	/** Whether the domain of the address that counts, X's or the typed one, may sign up. */
	readonly domainAllowed: boolean;
}

/** A page or outcome that a visitor meets after a decision or another stage. */
export type LoginStage = (
	| { readonly kind: "form"; readonly step: Form["step"] }
	| { readonly kind: "refused"; readonly code: LoginErrorCode }
	| { readonly kind: "outcome"; readonly outcome: LoginOutcome }
) & { readonly decision?: Decision };

/** The outcomes that have no page of the plugin. */
type LoginOutcome =
	| "signed-in"
	| "signed-up"
	| "linked"
	| "gone-on"
	| "profile-asked"
	| "proof-asked"
	| "staff-letter"
	| "suspended-letter";

/** A rule and the situation it was applied to. */
export interface Decision {
	/** Counted from 1. */
	readonly number: number;
	readonly rule: Rule;
	readonly situation: Situation;
}

/** An example for X's address and for the one that a visitor types. */
const SAMPLE_EMAIL = "jane.doe@example.com";

const OUTCOME_OF = {
	"sign-in": "signed-in",
	"go-on": "gone-on",
	"complete-profile": "profile-asked",
	"sign-up": "signed-up",
	link: "linked",
} as const;

const LINKED = { kind: "outcome", outcome: "linked" } as const;

/** Follows a made-up log-in to its end, by the rules of real log-ins. The visitor does what the forms ask. */
export function simulateLogin(login: MadeUpLogin): readonly LoginStage[] {
	// The address counts only if it matters, as in a real log-in.
	const first = decide({ ...login, email: "not-asked", emailProof: "asserted" });
	return first.rule.choice.kind === "read-profile"
		? follow(decide({ ...login, emailProof: "asserted" }), login)
		: follow(first, login);
}

function decide(situation: Situation): Decision {
	const rule = ruleFor(situation);
	return { number: RULES.indexOf(rule) + 1, rule, situation };
}

function follow(decision: Decision, login: MadeUpLogin): readonly LoginStage[] {
	const { choice } = decision.rule;
	switch (choice.kind) {
		case "refuse":
			return [{ kind: "refused", code: choice.code, decision }];
		case "consent":
			return [{ ...consent(decision.situation), decision }, LINKED];
		case "reauthenticate":
			return [
				{ kind: "outcome", outcome: "proof-asked", decision },
				consent(decision.situation),
				LINKED,
			];
		case "ask-for-email":
			return [
				{ kind: "form", step: { kind: "email" }, decision },
				code("typed"),
				...afterLetter(login, login.typedEmail),
			];
		case "prove":
		case "claim":
			return [
				{ kind: "form", step: { kind: choice.kind, email: SAMPLE_EMAIL }, decision },
				code("asserted"),
				...afterLetter(login, login.email),
			];
		case "read-profile":
			throw new Error("the rules ask for a profile that was read already");
		default:
			return [{ kind: "outcome", outcome: OUTCOME_OF[choice.kind], decision }];
	}
}

function consent({ email }: Situation): LoginStage {
	const takesOver = email !== "of-confirmed-user" && email !== "not-asked";
	return { kind: "form", step: { kind: "consent", account: SAMPLE_EMAIL, takesOver } };
}

function code(address: "asserted" | "typed"): LoginStage {
	return { kind: "form", step: { kind: "code", email: SAMPLE_EMAIL, address } };
}

/** Every visitor sees the form for the code. The letter depends on the owner of the address. */
function afterLetter(login: MadeUpLogin, email: KnownEmail): readonly LoginStage[] {
	if (email === "of-staff" || email === "of-suspended-user") {
		const outcome = email === "of-staff" ? "staff-letter" : "suspended-letter";
		return [{ kind: "outcome", outcome }];
	}
	const proven = { visitor: "anonymous", linked: "nobody", email, emailProof: "code" } as const;
	return follow(decide({ ...login, ...proven }), login);
}
