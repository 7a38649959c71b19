import { type Answer, jsonAnswer } from "./answer.ts";

const PROBLEM_TYPE = "application/problem+json; charset=utf-8";
const PROBLEMS = "https://api.twitter.com/2/problems";

const LOCKED =
	"To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://twitter.com to unlock your account.";

/** A problem document of X's API v2. */
function problemAnswer(status: number, fields: Readonly<Record<string, unknown>>): Answer {
	return { status, contentType: PROBLEM_TYPE, body: JSON.stringify(fields) };
}

/** The problem that API v2 has for a status alone: `title` and `detail` say the same. */
export function plainProblem(status: number, title: string): Answer {
	return problemAnswer(status, { title, type: "about:blank", status, detail: title });
}

/** API v2 about a suspended account. Recorded in February 2026. */
export const userSuspended = problemAnswer(403, {
	title: "Forbidden",
	type: `${PROBLEMS}/user-suspended`,
	status: 403,
	detail: "The user used for authentication is suspended",
});

/** API v2 about a locked account. An assumption: the sentence is that of version 1.1, because nobody recorded this one. */
export const userLocked = problemAnswer(403, {
	title: "Forbidden",
	type: "about:blank",
	status: 403,
	detail: LOCKED,
});

/** Faults of API v2 and of the OAuth 2.0 endpoints. Their bodies are recorded, except for numbers of accounts and dates. */
export const PROBLEM_FAULTS: Readonly<Record<string, Answer>> = {
	"credits-depleted": problemAnswer(402, {
		account_id: 1,
		title: "CreditsDepleted",
		detail: "Your enrolled account [1] does not have any credits to fulfill this request.",
		type: `${PROBLEMS}/credits`,
	}),
	"spend-cap-reached": problemAnswer(403, {
		account_id: 1,
		title: "SpendCapReached",
		detail:
			"Your enrolled account [1] has reached its billing cycle spend cap. API requests will be blocked until the next cycle begins on 2026-04-14.",
		reset_date: "2026-04-14",
		type: `${PROBLEMS}/credits`,
	}),
	"usage-capped": problemAnswer(429, {
		account_id: "1",
		product_name: "standard-basic",
		title: "UsageCapExceeded",
		period: "Monthly",
		scope: "Product",
		detail: "Usage cap exceeded: Monthly product cap",
		type: `${PROBLEMS}/usage-capped`,
	}),
	"client-not-enrolled": problemAnswer(403, {
		client_id: "1",
		title: "Client Forbidden",
		required_enrollment: "Appropriate Level of API Access",
		reason: "client-not-enrolled",
		detail:
			"When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter developer App that is attached to a Project.",
		type: `${PROBLEMS}/client-forbidden`,
	}),
	"user-suspended": userSuspended,
	"user-locked": userLocked,
	"problem-json": plainProblem(401, "Unauthorized"),
	"problem-403": plainProblem(403, "Forbidden"),
	"problem-429": plainProblem(429, "Too Many Requests"),
	"problem-503": plainProblem(503, "Service Unavailable"),
	"invalid-code": jsonAnswer(400, {
		error: "invalid_request",
		error_description: "Value passed for the authorization code was invalid.",
	}),
	"invalid-client": jsonAnswer(400, {
		error: "invalid_client",
		error_description: "Value passed for the client id was invalid.",
	}),
	"unauthorized-client": jsonAnswer(401, {
		error: "unauthorized_client",
		error_description: "Missing valid authorization header",
	}),
	"truncated-json": {
		status: 200,
		contentType: "application/json; charset=utf-8",
		body: '{"token_type":"bearer","expires_in":7200,"access_to',
		delivery: "truncated",
	},
};
