import type { Brand } from "../../contract/brands.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { Secret } from "../../contract/secret.ts";
import { continuationPath } from "./arrival.ts";
import type { Attempt } from "./attempt.ts";
import type { Continuation } from "./browser/continuation.ts";
import type { StoredContinuation } from "./browser/continuations.ts";
import type { Form, FormProblem, LoginStep } from "./form.ts";
import type { BrandLogin } from "./login-settings.ts";
import type { Newcomer } from "./sign-up.ts";

/** The letters of a log-in after which the address stays the same, so that a log-in cannot try out a list of them. */
const LETTERS_UNTIL_FIXED = 2;

/** A request to the forms of a log-in. */
export interface Step {
	readonly request: LoginRequest;
	readonly attempt: Attempt;
	readonly brand: Brand;
	readonly login: BrandLogin;
	readonly binding: Secret;
	readonly found: StoredContinuation;
}

export function newcomerOf({ request, attempt, brand, found }: Step): Newcomer {
	const { identityId, handle } = found.state;
	return { request, attempt, brand, identity: { id: identityId, handle } };
}

export function isFixed({ letters }: Continuation): boolean {
	return letters >= LETTERS_UNTIL_FIXED;
}

export function pathOf({ brand, found }: Step): string {
	return continuationPath(brand, found.id);
}

export function form(
	{ found }: Step,
	step: Form["step"],
	problem: FormProblem | undefined,
): LoginStep {
	const { handle, returnPath, linking, letters } = found.state;
	const fields = { login: found.id, letters: `${letters}` };
	const base = { fields, handle, returnPath, step, linking };
	return { kind: "form", form: problem === undefined ? base : { ...base, problem } };
}
