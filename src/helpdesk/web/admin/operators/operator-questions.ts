import type { ListedOperator } from "../../../people/operator-roster.ts";
import type { Question } from "../asking-first.ts";
import { operatorPaths } from "../paths.ts";

type AboutOperator = Omit<Question, "action" | "fields">;

export function logOutQuestion({ id, email }: ListedOperator): AboutOperator {
	return {
		title: `Log out ${email} everywhere?`,
		consequence: `All sessions of ${email} in the administration end at once. The password stays as it is, so they can log in again.`,
		button: "Log out everywhere",
		back: operatorPaths(id).operator,
	};
}

/** @param isOwn whether the operator removes themselves. */
export function removalQuestion({ id, email }: ListedOperator, isOwn: boolean): AboutOperator {
	const own = isOwn ? " This is you: only another owner can invite you again." : "";
	return {
		title: `Remove ${email}?`,
		consequence: `All sessions of ${email} end at once, and they can no longer log in to the administration. What they did stays in the audit trail.${own}`,
		button: `Remove ${email}`,
		back: operatorPaths(id).operator,
	};
}
