import type { SignInEntry } from "./sign-in-entry.ts";

/**
 * What the end of an attempt says about whether people can log in at a brand. `good`: somebody came in. `certain`: the
 * provider said that the brand's app or keys do not work, which no visitor can cause. `likely`: the provider is away, or
 * something on the way to it is broken. `weak`: it can be everybody's failure or one visitor's own doing.
 */
export type EndKind = "good" | "certain" | "likely" | "weak";

const CAME_IN = "came-in";
const CANCELLED = "cancelled";

/** The problems of a provider that concern everybody and that no visitor can cause. The contract's README lists them. */
const CERTAIN: ReadonlySet<string> = new Set([
	"bad-keys",
	"unknown-client",
	"bad-client",
	"clock-off",
	"callback-not-approved",
	"no-callback-registered",
	"access-level",
	"app-suspended",
	"app-not-enrolled",
	"no-credits",
]);

const LIKELY: ReadonlySet<string> = new Set([
	"app-not-permitted",
	"forbidden",
	"malformed-call",
	"wrong-address",
	"redirected",
	"proxy-refused",
	"intercepted",
	"rate-limited",
	"over-capacity",
	"unreadable",
	"timeout",
	"dns",
	"tls",
	"reset",
	"too-large",
]);

/** Problems of one visitor's account at the provider. */
const OF_VISITOR: ReadonlySet<string> = new Set(["account-suspended", "account-locked"]);

/** Codes that say the same of an attempt whose problem is not known. */
const LIKELY_CODES: ReadonlySet<string> = new Set([
	"x-unavailable",
	"x-unreachable",
	"x-misconfigured",
	"helpdesk-unavailable",
]);
const WEAK_CODES: ReadonlySet<string> = new Set(["unexpected"]);

/** A name for how an attempt ended, for counts. {@link partsOfEnd} reads it. */
export function endName({
	outcome,
	code,
	problem,
}: Pick<SignInEntry, "outcome" | "code" | "problem">): string {
	if (outcome !== "refused") {
		return outcome === "came-in" ? CAME_IN : CANCELLED;
	}
	return problem === null ? `refused ${code}` : `refused ${code} ${problem}`;
}

/** The code and the problem of an attempt that was refused. @returns undefined for any other end. */
export function partsOfEnd(
	name: string,
): { readonly code: string; readonly problem: string | null } | undefined {
	const [outcome, code, problem = null] = name.split(" ");
	return outcome === "refused" && code !== undefined ? { code, problem } : undefined;
}

/**
 * Undefined for an end that says nothing about the brand: the visitor cancelled, took too long or may not come in, or the
 * callback was forged.
 */
export function kindOfEnd(name: string): EndKind | undefined {
	if (name === CAME_IN) {
		return "good";
	}
	const parts = partsOfEnd(name);
	if (parts === undefined) {
		return undefined;
	}
	const { code, problem } = parts;
	if (problem === null) {
		return LIKELY_CODES.has(code) ? "likely" : WEAK_CODES.has(code) ? "weak" : undefined;
	}
	if (OF_VISITOR.has(problem)) {
		return undefined;
	}
	return CERTAIN.has(problem) ? "certain" : LIKELY.has(problem) ? "likely" : "weak";
}
