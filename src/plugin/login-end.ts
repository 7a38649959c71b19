import type { Brand } from "../contract/brands.ts";
import type { LoginResponse } from "../contract/login-response.ts";
import { messagesFor } from "./locale/messages.ts";
import type { LoginErrorCode } from "./login/login-error.ts";
import { endedPage } from "./views/ended-page.ts";

interface End {
	readonly status: number;
	/** Whether pressing the button again can end otherwise. */
	readonly retry: boolean;
}

const ENDS: Readonly<Record<LoginErrorCode, End>> = {
	cancelled: { status: 200, retry: true },
	"malformed-callback": { status: 400, retry: true },
	"unknown-login": { status: 400, retry: true },
	"login-expired": { status: 400, retry: true },
	"login-used": { status: 400, retry: true },
	"not-available": { status: 404, retry: false },
	"sign-up-closed": { status: 403, retry: false },
	"email-missing": { status: 403, retry: false },
	"email-taken": { status: 409, retry: false },
	"email-of-staff": { status: 403, retry: false },
	"account-suspended": { status: 403, retry: false },
	"signed-in-as-other": { status: 409, retry: false },
	"approval-pending": { status: 403, retry: false },
	"sign-up-refused": { status: 409, retry: true },
	"x-unavailable": { status: 503, retry: true },
	"x-misconfigured": { status: 503, retry: false },
	"x-rejected": { status: 403, retry: true },
	unexpected: { status: 500, retry: true },
};

/** The page for a log-in that ended without the visitor getting in. */
export function loginEnd(
	code: LoginErrorCode,
	context: {
		/** Undefined when the request named a brand that is not there. */
		readonly brand: Brand | undefined;
		readonly locale: string;
		readonly returnPath: string;
		readonly traceCode: string;
	},
): LoginResponse {
	const { brand, locale, returnPath, traceCode } = context;
	const { status, retry } = ENDS[code];
	const text = messagesFor(locale);
	const page = endedPage({
		status,
		title: text(`error.${code}.title`),
		sentences: [text(`error.${code}.text`)],
		...(retry &&
			brand && { retry: { label: text("page.retry"), action: brand.startPath, returnPath } }),
		back: { label: text("page.back"), href: brand?.loginPath ?? "/" },
		trace: text("page.trace", { traceCode }),
	});
	return { kind: code === "cancelled" ? "cancelled" : "refused", code, traceCode, page };
}
