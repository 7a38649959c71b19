import type { Brand } from "../../contract/brands.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Translate } from "../locale/messages.ts";
import type { LoginErrorCode } from "../login/login-error.ts";
import { endedPage } from "../views/ended-page.ts";

interface End {
	readonly status: number;
	/** The way on that may help: try again, or try with another X account. */
	readonly retry: "same" | "other-account" | undefined;
}

const ENDS: Readonly<Record<LoginErrorCode, End>> = {
	cancelled: { status: 200, retry: "same" },
	stopped: { status: 200, retry: "same" },
	"malformed-callback": { status: 400, retry: "same" },
	"unknown-login": { status: 400, retry: "same" },
	"login-expired": { status: 400, retry: "same" },
	"login-used": { status: 400, retry: "same" },
	"form-expired": { status: 400, retry: "same" },
	"not-available": { status: 404, retry: undefined },
	"sign-up-closed": { status: 403, retry: "other-account" },
	"link-only": { status: 403, retry: "other-account" },
	"domain-refused": { status: 403, retry: "other-account" },
	"email-of-staff": { status: 403, retry: "other-account" },
	"account-suspended": { status: 403, retry: "other-account" },
	"linked-elsewhere": { status: 409, retry: "other-account" },
	"signed-in-as-other": { status: 409, retry: undefined },
	"user-changed": { status: 409, retry: undefined },
	"account-changed": { status: 409, retry: "same" },
	"approval-pending": { status: 403, retry: undefined },
	"sign-up-refused": { status: 409, retry: "same" },
	"x-unavailable": { status: 503, retry: "same" },
	"x-misconfigured": { status: 503, retry: undefined },
	"x-unreachable": { status: 503, retry: "same" },
	"x-rejected": { status: 403, retry: "same" },
	"x-account-suspended": { status: 403, retry: "other-account" },
	"x-account-locked": { status: 403, retry: "same" },
	"helpdesk-unavailable": { status: 503, retry: "same" },
	unexpected: { status: 500, retry: "same" },
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
	const { status, retry } = ENDS[code];
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
