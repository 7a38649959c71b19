import type { Context } from "hono";
import { isOriginOf } from "../../routes/request-host.ts";
import { foreignHostOf } from "./canonical-host.ts";

/**
 * Why a form is refused: it has no valid proof or is from another site (`form`), it is from a page that the visitor opened
 * at an address that is not the brand's (`address`), or it is no form (`type`).
 */
export type FormRefusal = "form" | "address" | "type";

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
	const site = c.req.header("sec-fetch-site");
	if (site === "cross-site" || site === "same-site") {
		return "form";
	}
	const origin = c.req.header("origin");
	// Pages with the referrer policy no-referrer send the origin "null".
	const isUnknown = origin === undefined || origin === "null";
	if (!isUnknown && !isOriginOf(baseUrl, origin)) {
		return "address";
	}
	if (isProven()) {
		return undefined;
	}
	// The cookie that proves the form may be at the brand's own host.
	return isUnknown && foreignHostOf(c) !== undefined ? "address" : "form";
}
