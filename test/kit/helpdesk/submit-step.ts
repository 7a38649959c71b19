import { expect } from "vitest";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import type { HttpVisitor } from "./http-visitor.ts";

const CONTINUE = "/login/x-login/continue";

/**
 * Sends the form of the plugin's last page whose hidden field `action` has this value.
 *
 * @param at the node that gets the form; by default the one that served the page.
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
