import type { Brand } from "../../contract/brands.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Translate } from "../locale/messages.ts";
import type { LoginErrorCode } from "../login/login-error.ts";
import { endedPage } from "../views/ended-page.ts";

/** The status of the page, and the way on that may help: try again, with another X account, or under the other protocol. */
type End = readonly [status: number, retry?: "same" | "other-account" | "other-protocol"];

const ENDS: Readonly<Record<LoginErrorCode, End>> = {
	cancelled: [200, "same"],
	stopped: [200, "same"],
	"malformed-callback": [400, "same"],
	"unknown-login": [400, "same"],
	"login-expired": [400, "same"],
	"login-used": [400, "same"],
	"form-expired": [400, "same"],
	"not-available": [404],
	"sign-up-closed": [403, "other-account"],
	"link-only": [403, "other-account"],
	"domain-refused": [403, "other-account"],
	"email-of-staff": [403, "other-account"],
	"account-suspended": [403, "other-account"],
	"linked-elsewhere": [409, "other-account"],
	"signed-in-as-other": [409],
	"user-changed": [409],
	"account-changed": [409, "same"],
	"approval-pending": [403],
	"sign-up-pending": [403],
	"sign-up-refused": [409, "same"],
	"x-unavailable": [503, "same"],
	"x-other-protocol": [503, "other-protocol"],
	"x-misconfigured": [503],
	"x-unreachable": [503, "same"],
	"x-rejected": [403, "same"],
	"x-account-suspended": [403, "other-account"],
	"x-account-locked": [403, "same"],
	"helpdesk-unavailable": [503, "same"],
	unexpected: [500, "same"],
};

export const REFUSAL_CODES = Object.keys(ENDS) as readonly LoginErrorCode[];

/** The response for a log-in that ended without the visitor being logged in. */
export function refusal(
	code: LoginErrorCode,
	context: {
		/** Undefined when the request names an unknown brand. */
		readonly brand: Brand | undefined;
		readonly text: Translate;
		readonly returnPath: string;
		/** The visitor came from their account page. */
		readonly linking: boolean;
		/** Empty for a request that is not recorded. */
		readonly traceCode: string;
	},
): Extract<LoginResponse, { readonly kind: "cancelled" | "refused" }> {
	const { brand, text, returnPath, linking, traceCode } = context;
	const [status, retry] = ENDS[code];
	const otherAccount = retry === "other-account";
	const page = endedPage({
		status,
		title: text(`error.${code}.title`),
		sentences: [text(`error.${code}.text`)],
		...(retry &&
			brand && {
				retry: {
					label: text(otherAccount ? "page.other-account" : "page.retry"),
					action: brand.startPath,
					fields: {
						return_path: returnPath,
						...(linking && { intent: "link" }),
						...(otherAccount && { screen: "other-account" }),
						...(retry === "other-protocol" && { way: "other" }),
					},
				},
			}),
		back: linking
			? { label: text("page.back-to-account"), href: returnPath }
			: { label: text("page.back"), href: brand?.loginPath ?? "/" },
		trace: traceCode === "" ? text("page.no-trace") : text("page.trace", { traceCode }),
	});
	return {
		kind: code === "cancelled" || code === "stopped" ? "cancelled" : "refused",
		code,
		traceCode,
		page,
	};
}
