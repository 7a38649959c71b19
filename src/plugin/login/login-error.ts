/** Every way a log-in can end without the visitor being logged in. The locales have sentences for each. */
export type LoginErrorCode =
	| "cancelled"
	| "stopped"
	| "malformed-callback"
	| "unknown-login"
	| "login-expired"
	| "login-used"
	| "not-available"
	| "sign-up-closed"
	| "link-only"
	| "domain-refused"
	| "email-of-staff"
	| "linked-elsewhere"
	| "user-changed"
	| "account-changed"
	| "form-expired"
	| "account-suspended"
	| "signed-in-as-other"
	| "approval-pending"
	| "sign-up-pending"
	| "sign-up-refused"
	| "x-unavailable"
	| "x-other-protocol"
	| "x-misconfigured"
	| "x-unreachable"
	| "x-rejected"
	| "x-account-suspended"
	| "x-account-locked"
	| "helpdesk-unavailable"
	| "unexpected";

/** Ends a log-in. The visitor sees the sentences for the code, never a text from outside. */
export class LoginError extends Error {
	override readonly name = "LoginError";
	readonly code: LoginErrorCode;
	/** The path for a retry, if it differs from the return path of the `Attempt`. */
	readonly returnPath: string | undefined;
	/** The user, if known. */
	readonly userId: string | undefined;
	/** The trace code, as in a `LoginResponse`. */
	readonly afterwards: (() => Promise<void>) | undefined;

	constructor(
		code: LoginErrorCode,
		options: {
			readonly returnPath?: string;
			readonly userId?: string | undefined;
			readonly afterwards?: () => Promise<void>;
			readonly cause?: unknown;
		} = {},
	) {
		super(code, options);
		this.code = code;
		this.returnPath = options.returnPath;
		this.userId = options.userId;
		this.afterwards = options.afterwards;
	}
}
