import type { LoginEnded } from "../../../src/contract/login-ended.ts";
import { secret } from "../../../src/contract/secret.ts";
import type { SignInLedger } from "../../../src/helpdesk/sign-ins/sign-in-ledger.ts";

/** A user's log-in with an account at the provider, as a plugin reports it. */
export function signInOf(userId: string, subject: string): LoginEnded {
	return {
		name: "login.ended",
		level: "info",
		message: "a log-in ended",
		brandId: "acorn",
		subject: secret(subject),
		userId,
		fields: {
			outcome: "came-in",
			code: "signed-in",
			traceCode: "7F3K-9QWD",
			wanted: "log-in",
			durationMs: 1,
			awayMs: 1,
			calls: 2,
			waitedMs: 1,
			problem: null,
		},
	};
}

/** The number of sign-ins that still have a hash of their user. */
export async function knownSignIns(ledger: SignInLedger): Promise<number> {
	return (await ledger.since(0)).filter(({ who }) => who !== null).length;
}
