import { type Answer, jsonAnswer } from "./answer.ts";
import type { FakeXAccount } from "./fake-x-options.ts";
import type { Alteration } from "./faults.ts";
import type { OAuth2Grants } from "./oauth2-grants.ts";
import { plainProblem, userLocked, userSuspended } from "./problem-faults.ts";
import { profileV2 } from "./profiles.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { SignedCalls } from "./signed-calls.ts";

/** What X adds beside `data` when a part of the answer is not to be had. The status stays 200. */
const ERRORS_BESIDE_DATA = [
	{
		parameter: "pinned_tweet_id",
		resource_id: "20",
		resource_type: "tweet",
		section: "includes",
		title: "Authorization Error",
		value: "20",
		detail: "Sorry, you are not authorized to see the Tweet with pinned_tweet_id: [20].",
		type: "https://api.twitter.com/2/problems/not-authorized-for-resource",
	},
];

interface Viewer {
	readonly account: FakeXAccount;
	readonly withEmail: boolean;
}

/** GET /2/users/me, with a user's OAuth 2.0 token or with OAuth 1.0a. */
export class UsersMe {
	constructor(
		private readonly accounts: readonly FakeXAccount[],
		private readonly signed: SignedCalls,
		private readonly grants: OAuth2Grants,
		private readonly limits: RateLimits,
	) {}

	answer(request: ReceivedRequest, alteration?: Alteration): Answer {
		const viewer = this.viewerOf(request);
		if ("refusal" in viewer) {
			return viewer.refusal;
		}
		const { exceeded, headers } = this.limits.count("users_me", viewer.account.id);
		if (exceeded) {
			return { ...plainProblem(429, "Too Many Requests"), headers };
		}
		const account =
			alteration === "other-account" ? this.neighbourOf(viewer.account) : viewer.account;
		const fields = (request.query.find(([name]) => name === "user.fields")?.[1] ?? "").split(",");
		return {
			...jsonAnswer(200, {
				data: profileV2(account, fields, viewer.withEmail),
				...(alteration === "errors-beside-data" && { errors: ERRORS_BESIDE_DATA }),
			}),
			headers: { ...headers, "api-version": "2.165" },
		};
	}

	private viewerOf(request: ReceivedRequest): Viewer | { readonly refusal: Answer } {
		const found = this.accessOf(request);
		if ("refusal" in found) {
			return found;
		}
		const { state } = found.account;
		if (state === "suspended") {
			return { refusal: userSuspended };
		}
		return state === "locked" ? { refusal: userLocked } : found;
	}

	/**
	 * `confirmed_email` needs the scope `users.email` and the app's switch. An assumption: OAuth 1.0a does not get it. X
	 * does not say.
	 */
	private accessOf(request: ReceivedRequest): Viewer | { readonly refusal: Answer } {
		const [, bearer] = /^bearer (.+)$/i.exec(request.authorization ?? "") ?? [];
		if (bearer === undefined) {
			const found = this.signed.accessTokenOf(request);
			return "refusal" in found
				? { refusal: plainProblem(401, "Unauthorized") }
				: { account: found.account, withEmail: false };
		}
		const known = this.grants.findBearer(bearer);
		if (known === undefined) {
			return { refusal: plainProblem(401, "Unauthorized") };
		}
		const scopes = known.scope.split(" ");
		if (!scopes.includes("users.read") || !scopes.includes("tweet.read")) {
			return { refusal: plainProblem(403, "Forbidden") };
		}
		const withEmail = scopes.includes("users.email") && known.app.emailAllowed !== false;
		return { account: known.account, withEmail };
	}

	/** Another account, for a fault. The same one if there is no other. */
	private neighbourOf(account: FakeXAccount): FakeXAccount {
		const next = this.accounts.indexOf(account) + 1;
		return this.accounts[next % this.accounts.length] ?? account;
	}
}
