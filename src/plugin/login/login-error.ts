/** Every way a log-in can end without the visitor getting in. Each has its sentences in the locales. */
export const LOGIN_ERROR_CODES = [
	"cancelled",
	"malformed-callback",
	"unknown-login",
	"login-expired",
	"login-used",
	"not-available",
	"sign-up-closed",
	"email-missing",
	"email-taken",
	"email-of-staff",
	"account-suspended",
	"signed-in-as-other",
	"approval-pending",
	"sign-up-refused",
	"x-unavailable",
	"x-misconfigured",
	"x-rejected",
	"unexpected",
] as const;

export type LoginErrorCode = (typeof LOGIN_ERROR_CODES)[number];

/** What a visitor may be told: a code, never a text from outside. */
export class LoginError extends Error {
	override readonly name = "LoginError";
	readonly code: LoginErrorCode;
	/** Where the visitor wanted to go, for the retry. */
	readonly returnPath: string;

	constructor(
		code: LoginErrorCode,
		options: { readonly returnPath: string; readonly cause?: unknown },
	) {
		super(code, options);
		this.code = code;
		this.returnPath = options.returnPath;
	}
}
