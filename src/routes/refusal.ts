/** Why a request to a route is answered by the helpdesk itself, and not by the plugin. */
export type Refusal =
	/** There is no such brand, no active plugin or no such hook. */
	| "not-found"
	/** The route does not take the method. `HEAD` is such a method everywhere, because it would use up a log-in. */
	| "method"
	/** A browser loads the page in advance. */
	| "prefetch"
	/** The form has no valid CSRF proof, or is from another site. */
	| "form"
	/** The form has too many bytes or fields. */
	| "too-large"
	/** The body is not a form. */
	| "type"
	/** The network starts too many log-ins. */
	| "too-many"
	/** The hook took too long. */
	| "slow"
	/** The hook failed. The error is reported. */
	| "unexpected";

/** The status of the page for each refusal (RFC 9110 section 15). */
export const STATUS_OF: Readonly<Record<Refusal, number>> = {
	"not-found": 404,
	method: 405,
	// An error: a browser would show any other answer later, without asking again.
	prefetch: 503,
	form: 403,
	"too-large": 413,
	type: 415,
	"too-many": 429,
	slow: 504,
	unexpected: 502,
};
