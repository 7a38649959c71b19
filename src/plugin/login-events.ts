import type { PluginEvent } from "../contract/events.ts";
import type { LoginEnded } from "../contract/login-ended.ts";
import { secret } from "../contract/secret.ts";
import type { Attempt } from "./login/attempt.ts";
import { ProviderError } from "./login/provider/identity-provider.ts";

/** The event for an attempt that has ended. */
export function loginEnded(end: {
	readonly brandId: string;
	readonly attempt: Attempt;
	readonly outcome: LoginEnded["fields"]["outcome"];
	readonly code: string;
	readonly traceCode: string;
	readonly userId: string | undefined;
	readonly cause?: unknown;
	/** Advice for the log: what the administrator can do about the provider's problem. */
	readonly advice?: string | null;
}): LoginEnded {
	const { brandId, attempt, outcome, code, traceCode, userId, cause, advice = null } = end;
	const { identity, durationMs } = attempt;
	const seen = attempt.soFar();
	return {
		name: "login.ended",
		level: code === "unexpected" ? "error" : cause === undefined ? "info" : "warn",
		message: "a log-in with X ended",
		brandId,
		...(identity && { subject: secret(identity.id) }),
		...(userId !== undefined && { userId }),
		fields: {
			outcome,
			code,
			traceCode,
			wanted: seen === null || seen.wanted === "try" ? null : seen.wanted,
			protocol: seen && (seen.protocol === undefined ? "oauth1" : seen.protocol),
			durationMs,
			awayMs: seen?.awayMs ?? null,
			calls: seen?.calls ?? 0,
			waitedMs: seen?.waitedMs ?? 0,
			problem: cause instanceof ProviderError ? cause.problem : (seen?.problem ?? null),
			cause: causeOf(cause),
			advice,
		},
	};
}

/** The event for an operator's test log-in that failed for a reason that no page explains. */
export function trialFailed(brandId: string, error: unknown): PluginEvent {
	return {
		name: "trial.failed",
		level: "error",
		message: "a test log-in failed unexpectedly",
		brandId,
		fields: { cause: causeOf(error) },
	};
}

function causeOf(error: unknown): string | null {
	return error instanceof Error ? `${error.name}: ${error.message}` : null;
}
