import type { Locale } from "../../../locale/locale.ts";
import type { ListedOperator } from "../../../people/operator-roster.ts";
import type { Question } from "../asking-first.ts";
import { operatorPaths } from "../paths.ts";

type AboutOperator = Omit<Question, "action" | "fields">;

export function logOutQuestion(
	{ id, email }: ListedOperator,
	_isOwn: boolean,
	{ text }: Locale,
): AboutOperator {
	return {
		title: text("operator.sessions.title", { email }),
		consequence: text("operator.sessions.consequence", { email }),
		button: text("operator.sessions.confirm"),
		back: operatorPaths(id).operator,
	};
}

/** @param isOwn whether the operator removes themselves. */
export function removalQuestion(
	{ id, email }: ListedOperator,
	isOwn: boolean,
	{ text }: Locale,
): AboutOperator {
	const consequence = isOwn ? "operator.remove.consequence-own" : "operator.remove.consequence";
	return {
		title: text("operator.remove.title", { email }),
		consequence: text(consequence, { email }),
		button: text("operator.remove.confirm", { email }),
		back: operatorPaths(id).operator,
	};
}
