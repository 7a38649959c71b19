import { type Answer, jsonAnswer } from "./answer.ts";
import type { CallCounts } from "./call-counts.ts";
import { subjectOf } from "./call-subject.ts";
import { ConsentScreens } from "./consent-screens.ts";
import { DeveloperCalls } from "./developer-calls.ts";
import type { FakeXOptions } from "./fake-x-options.ts";
import type { Alteration, Fault } from "./faults.ts";
import { OAuth2Calls } from "./oauth2-calls.ts";
import { OAuth2Grants } from "./oauth2-grants.ts";
import { authorizationServerMetadata, protectedResourceMetadata } from "./oauth2-metadata.ts";
import { RateLimits } from "./rate-limits.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { RequestVerifier } from "./request-verifier.ts";
import type { Scenarios, SignedCall } from "./scenarios.ts";
import { SignedCalls } from "./signed-calls.ts";
import { TokenStore } from "./token-store.ts";
import { UsersMe } from "./users-me.ts";

type Handler = (request: ReceivedRequest) => Answer;

/** A call of a server, which a fault can alter. */
type SignedHandler = (request: ReceivedRequest, alteration?: Alteration) => Answer;

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
	const { scenarios } = parts;
	const tokens = new TokenStore(parts.clock);
	const grants = new OAuth2Grants(parts.clock);
	const screens = new ConsentScreens(options, tokens, grants, scenarios);
	const developer = new DeveloperCalls(options, screens, parts);
	return new Map<string, Handler>([
		...signedRoutes(options, tokens, grants, parts),
		["GET /.well-known/oauth-authorization-server", authorizationServerMetadata],
		["GET /.well-known/oauth-protected-resource", protectedResourceMetadata],
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
	{ apps, accounts }: FakeXOptions,
	tokens: TokenStore,
	grants: OAuth2Grants,
	{ clock, counts, scenarios }: RouteParts,
): readonly (readonly [string, Handler])[] {
	const limits = new RateLimits(clock);
	const calls = new SignedCalls(new RequestVerifier(apps, clock), tokens, limits);
	const oauth2 = new OAuth2Calls(apps, grants);
	const usersMe = new UsersMe(accounts, calls, grants, limits);
	const signed =
		(call: SignedCall, handler: SignedHandler): Handler =>
		(request) => {
			counts.countCall(call);
			const fault = scenarios.take(call, subjectOf(request, { apps, tokens, grants }));
			return faulty(fault, (alteration) => handler(request, alteration));
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
		["GET /2/users/me", signed("users_me", (one, how) => usersMe.answer(one, how))],
		["POST /2/oauth2/token", signed("oauth2_token", (one, how) => oauth2.token(one, how))],
		["POST /2/oauth2/revoke", signed("oauth2_revoke", (one) => oauth2.revoke(one))],
	];
}

function faulty(fault: Fault | undefined, own: (alteration?: Alteration) => Answer): Answer {
	switch (fault?.kind) {
		case "instead":
			return fault.answer;
		case "slow":
			return { ...own(), delayMs: fault.delayMs };
		case "altered":
			return own(fault.alteration);
		case undefined:
			return own();
	}
}
