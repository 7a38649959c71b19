import type { Context } from "hono";
import { type Actor, type DeedObject, NOBODY } from "../audit/audit-entry.ts";
import type { FailureCounts } from "../audit/failure-counts.ts";
import type { AttemptPassword } from "./password-attempts.ts";
import type { Place, VisitEnv } from "./visit.ts";

export interface AuditedAttemptParts {
	readonly place: Pick<Place, "role">;
	readonly failures: FailureCounts;
	readonly networkOf: (c: Context) => string;
	/** The id of the account with an address; undefined for none. */
	readonly accountOf: (email: string) => Promise<string | undefined>;
}

const REFUSALS = ["wrong", "wrong-code", "old-passkey", "suspended", "awaiting-approval"] as const;

/** The same attempts at passwords, and at codes beside them. Those that fail are noted in the audit trail. */
export function auditedAttempts(
	attempt: AttemptPassword,
	{ place, failures, networkOf, accountOf }: AuditedAttemptParts,
): AttemptPassword {
	const kind = place.role === "admin" ? "operator" : "user";
	const name = `${kind}.log-in-failed` as const;
	const objectOf = async (
		{ var: { visit } }: Context<VisitEnv>,
		email: string,
	): Promise<DeedObject | undefined> => {
		const id = visit.subjectId ?? (await accountOf(email));
		return id === undefined ? undefined : { kind, id };
	};
	return async (c, account, check) => {
		const result = await attempt(c, account, check);
		const reason = reasonIn(result);
		if (reason !== undefined) {
			const { subjectId } = c.var.visit;
			const actor: Actor = subjectId === undefined ? NOBODY : { kind, id: subjectId };
			const network = networkOf(c);
			await failures.note({ name, actor, network, reason }, () => objectOf(c, account));
			c.set("isNoted", true);
		}
		return result;
	};
}

/** Why an attempt failed; undefined for one that did not. */
function reasonIn(result: unknown): string | undefined {
	if (result === false || result === "too-many") {
		return result === false ? "wrong" : result;
	}
	const { kind } = Object(result) as { readonly kind?: unknown };
	return REFUSALS.find((each) => each === kind);
}
