import type { Explanation } from "../../contract/explanation.ts";
import type { LoginEndedFields } from "../../contract/login-ended.ts";
import type { Translate } from "../locale/messages.ts";
import { X_PROBLEMS, XError } from "../x/x-error.ts";
import { REFUSAL_CODES } from "./refusal.ts";

/** Every way an attempt can end with the visitor logged in. The locales have sentences for each. */
export const GOOD_ENDS = [
	"signed-in",
	"signed-up",
	"linked",
	"complete-profile",
	"already-linked",
] as const;

/** Explains the end of an attempt to an administrator. Undefined for a code that the plugin does not use. */
export function explain(
	{ code, problem }: Pick<LoginEndedFields, "code" | "problem">,
	text: Translate,
	callbackUrl: string,
): Explanation | undefined {
	const end = [...GOOD_ENDS, ...REFUSAL_CODES].find((each) => each === code);
	if (end === undefined) {
		return undefined;
	}
	const refusal = REFUSAL_CODES.find((each) => each === code);
	const atX = X_PROBLEMS.find((each) => each === problem);
	const sentences = [
		text(`end.${end}.text`),
		...(atX === undefined ? [] : [text(`x-problem.${atX}`, { callbackUrl })]),
	];
	return {
		// Of an end that X causes, the problem says more than the code.
		title: text(atX && code.startsWith("x-") ? `x-problem.${atX}.title` : `end.${end}.title`),
		text: sentences.join(" "),
		...(refusal && { told: `${text(`error.${refusal}.title`)}. ${text(`error.${refusal}.text`)}` }),
	};
}

/** What the administrator can do about an error of X; null for any other error. */
export function adviceOn(cause: unknown, text: Translate, callbackUrl: string): string | null {
	return cause instanceof XError ? text(`x-problem.${cause.problem}`, { callbackUrl }) : null;
}
