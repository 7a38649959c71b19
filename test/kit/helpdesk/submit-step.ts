import { expect } from "vitest";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import type { HttpVisitor } from "./http-visitor.ts";

const CONTINUE = "/login/x-login/continue";

/**
 * Submits the form with this action on the page of the plugin that was seen last.
 *
 * @param at the node that gets it.
 */
export async function submitStep(
	visitor: HttpVisitor,
	action: string,
	fields: Readonly<Record<string, string>> = {},
	at = visitor.seen.url,
) {
	const form = formsIn(visitor.seen.html).find((each) =>
		hiddenFields(each).some(([name, value]) => name === "action" && value === action),
	);
	const hidden = form && hiddenFields(form);
	expect(hidden, visitor.seen.html).toBeDefined();
	return visitor.post(new URL(CONTINUE, at).href, [...(hidden ?? []), ...Object.entries(fields)]);
}
