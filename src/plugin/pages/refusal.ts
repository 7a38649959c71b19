import type { Brand } from "../../contract/brands.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Translate } from "../locale/messages.ts";
import type { LoginErrorCode } from "../login/login-error.ts";
import { endedPage } from "../views/ended-page.ts";

/** The status of the page, and the way on that may help: try again, or try with another X account. */
type End = readonly [status: number, retry?: "same" | "other-account"];

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
		/** X failed under one protocol, and the brand allows the other one. */
		readonly otherProtocol?: boolean;
		/** Empty for a request that is not recorded. */
		readonly traceCode: string;
	},
): Extract<LoginResponse, { readonly kind: "cancelled" | "refused" }> {
	const { brand, text, returnPath, linking, otherProtocol, traceCode } = context;
	const [status, usual] = ENDS[code];
	const retry = otherProtocol ? (usual ?? "same") : usual;
	const otherAccount = retry === "other-account";
	const page = endedPage({
		status,
		title: text(otherProtocol ? "page.other-protocol.title" : `error.${code}.title`),
		sentences: [text(otherProtocol ? "page.other-protocol.text" : `error.${code}.text`)],
		...(retry &&
			brand && {
				retry: {
					label: text(otherAccount ? "page.other-account" : "page.retry"),
					action: brand.startPath,
					fields: {
						return_path: returnPath,
						...(linking && { intent: "link" }),
						...(otherAccount && { screen: "other-account" }),
						...(otherProtocol && { way: "other" }),
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
