import type { Context } from "hono";
import { formOrigin } from "../../routes/form-origin.ts";
import { foreignHostOf } from "./canonical-host.ts";

/**
 * Why a form is refused: it has no valid proof or is from another site (`form`), it is from a page that the visitor opened
 * at an address that is not the brand's (`address`), it is no form (`type`), or it has too many fields (`too-large`).
 */
export type FormRefusal = "form" | "address" | "type" | "too-large";

/**
 * Checks what the browser says about the page that a form is from.
 *
 * @param isProven whether the CSRF proof is valid.
 * @returns undefined for a form that is not refused.
 */
export function formRefusal(
	c: Context,
	{ baseUrl }: { readonly baseUrl: string },
	isProven: () => boolean,
): FormRefusal | undefined {
	const origin = formOrigin((name) => c.req.header(name), baseUrl);
	if (origin === "foreign") {
		return "form";
	}
	if (origin === "address") {
		return "address";
	}
	if (isProven()) {
		return undefined;
	}
	// The cookie that proves the form may be at the brand's own host.
	return origin === "unknown" && foreignHostOf(c) !== undefined ? "address" : "form";
}
