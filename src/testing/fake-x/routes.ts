import { type Answer, jsonAnswer } from "./answer.ts";
import type { CallCounts } from "./call-counts.ts";
import { ConsentScreens } from "./consent-screens.ts";
import { DeveloperCalls } from "./developer-calls.ts";
import type { FakeXOptions } from "./fake-x-options.ts";
import type { Fault } from "./faults.ts";
import { OAuth2Calls } from "./oauth2-calls.ts";
import { RateLimits } from "./rate-limits.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { RequestVerifier } from "./request-verifier.ts";
import type { CallSubject, Scenarios, SignedCall } from "./scenarios.ts";
import { SignedCalls } from "./signed-calls.ts";
import { TokenStore } from "./token-store.ts";

type Handler = (request: ReceivedRequest) => Answer;

/** Handlers by method and path: `GET /oauth/authenticate`. */
export type Routes = ReadonlyMap<string, Handler>;

export interface RouteParts {
	readonly clock: { now(): number };
	readonly counts: CallCounts;
	readonly scenarios: Scenarios;
	/** @returns false if there is no such account or the handle is not one that X allows. */
	readonly rename: (id: string, screenName: string) => boolean;
}

export function routesOf(options: FakeXOptions, parts: RouteParts): Routes {
	const { clock, scenarios } = parts;
	const tokens = new TokenStore(clock);
	const oauth2 = new OAuth2Calls(options.apps, clock);
	const screens = new ConsentScreens(options.accounts, tokens, oauth2, scenarios);
	const developer = new DeveloperCalls(options, screens, parts);
	return new Map<string, Handler>([
		...signedRoutes(options, tokens, oauth2, parts),
		["GET /oauth/authenticate", (request) => screens.show(request)],
		["GET /oauth/authorize", (request) => screens.show(request)],
		["POST /oauth/authenticate", (request) => screens.decide(request)],
		["POST /oauth/authorize", (request) => screens.decide(request)],
		["GET /i/oauth2/authorize", (request) => screens.showOAuth2(request)],
		["POST /i/oauth2/authorize", (request) => screens.decideOAuth2(request)],
		["GET /_fake", (request) => developer.show(request)],
		["POST /_fake", (request) => developer.change(request)],
		["GET /_fake/stats", () => jsonAnswer(200, parts.counts.read())],
		["GET /_fake/scenario", () => jsonAnswer(200, scenarios.list())],
		["POST /_fake/scenario", (request) => developer.addScenario(request)],
		["DELETE /_fake/scenario", () => developer.clearScenarios()],
	]);
}

function signedRoutes(
	{ apps }: FakeXOptions,
	tokens: TokenStore,
	oauth2: OAuth2Calls,
	{ clock, counts, scenarios }: RouteParts,
): readonly (readonly [string, Handler])[] {
	const verifier = new RequestVerifier(apps, clock);
	const calls = new SignedCalls(verifier, tokens, new RateLimits(clock), oauth2);
	const signed =
		(call: SignedCall, handler: Handler): Handler =>
		(request) => {
			counts.countCall(call);
			return faulty(scenarios.take(call, subjectOf(request, tokens)), () => handler(request));
		};
	return [
		["POST /oauth/request_token", signed("request_token", (one) => calls.requestToken(one))],
		["POST /oauth/access_token", signed("access_token", (one) => calls.accessToken(one))],
		[
			"GET /1.1/account/verify_credentials.json",
			signed("verify_credentials", (one) => calls.verifyCredentials(one)),
		],
		[
			"POST /1.1/oauth/invalidate_token.json",
			signed("invalidate_token", (one) => calls.invalidateToken(one)),
		],
		["GET /2/users/me", signed("users_me", (one) => calls.usersMe(one))],
		["POST /2/oauth2/token", signed("oauth2_token", (one) => oauth2.token(one))],
	];
}

/** The app and the account that a call names. Nothing of it is checked yet. */
function subjectOf(request: ReceivedRequest, tokens: TokenStore): CallSubject {
	const header = request.authorization ?? "";
	const [, app] = /oauth_consumer_key="([^"]*)"/.exec(header) ?? [];
	const [, token = ""] = /oauth_token="([^"]*)"/.exec(header) ?? [];
	const account =
		tokens.findAccessToken(token)?.account ?? tokens.findRequestToken(token)?.approval?.account;
	return { app, account: account?.id };
}

function faulty(fault: Fault | undefined, own: () => Answer): Answer {
	switch (fault?.kind) {
		case "instead":
			return fault.answer;
		case "slow":
			return { ...own(), delayMs: fault.delayMs };
		case "swapped-token":
		case undefined:
			return own();
	}
}
