import { type Answer, htmlAnswer } from "./answer.ts";
import type { FakeXAccount, FakeXApp, FakeXOptions } from "./fake-x-options.ts";
import { type Parameter, percentEncode } from "./oauth1-signature.ts";
import { type Authorization, authorizationIn } from "./oauth2-authorization.ts";
import type { OAuth2Grants } from "./oauth2-grants.ts";
import {
	cancelledPage,
	consentPage,
	deadTokenPage,
	redirectingPage,
	wrongAuthorizationPage,
} from "./pages.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { Scenarios } from "./scenarios.ts";
import type { RequestToken, TokenStore } from "./token-store.ts";

const ACCOUNT_COOKIE = "fake_x_account";

/** The pages that a visitor's browser sees at X. */
export class ConsentScreens {
	constructor(
		private readonly options: FakeXOptions,
		private readonly tokens: TokenStore,
		private readonly grants: OAuth2Grants,
		private readonly scenarios: Scenarios,
	) {}

	/** GET /oauth/authenticate and GET /oauth/authorize. An assumption: `lang`, which clients send, changes nothing. */
	show(request: ReceivedRequest): Answer {
		const requestToken = this.openRequestToken(request.query);
		const signedIn = this.signedInAccount(request);
		if (requestToken === undefined || signedIn === undefined) {
			return htmlAnswer(401, deadTokenPage());
		}
		const { app, callback, token } = requestToken;
		const forced = firstValue(request.query, "force_login") === "true";
		const authenticate = request.path === "/oauth/authenticate";
		const remembered = app.signInWithX !== false && this.tokens.hasApproved(app, signedIn);
		if (authenticate && !forced && remembered) {
			const verifier = this.tokens.approve(requestToken, signedIn);
			const location = approvedCallback(
				callback,
				this.tokenOnTheWay(requestToken, signedIn),
				verifier,
			);
			return { ...htmlAnswer(302, ""), headers: { location } };
		}
		const screenName = firstValue(request.query, "screen_name")?.toLowerCase();
		const prefilled = this.options.accounts.find(
			(one) => one.screenName.toLowerCase() === screenName,
		);
		const page = consentPage({
			path: request.path,
			appName: nameOf(app),
			fields: [["oauth_token", token]],
			approveLabel: authenticate ? "Sign in" : "Authorize app",
			accounts: this.options.accounts,
			chosen: prefilled ?? signedIn,
		});
		return htmlAnswer(200, page);
	}

	/** POST of the form that {@link show} gives. */
	decide(request: ReceivedRequest): Answer {
		const requestToken = this.openRequestToken(request.form);
		if (requestToken === undefined) {
			return htmlAnswer(401, deadTokenPage());
		}
		const { app, callback, token } = requestToken;
		if (firstValue(request.form, "decision") !== "approve") {
			// An assumption: X does not say whether a denied request token can still be approved.
			this.tokens.spend(requestToken);
			const denied = withParameters(callback, [["denied", token]]);
			return htmlAnswer(200, cancelledPage(nameOf(app), denied));
		}
		const chosenId = firstValue(request.form, "account");
		const account = this.options.accounts.find(({ id }) => id === chosenId);
		if (account === undefined) {
			return htmlAnswer(401, deadTokenPage());
		}
		const verifier = this.tokens.approve(requestToken, account);
		const page = redirectingPage(
			nameOf(app),
			approvedCallback(callback, this.tokenOnTheWay(requestToken, account), verifier),
		);
		return { ...htmlAnswer(200, page), headers: signedInAs(account) };
	}

	/**
	 * GET /i/oauth2/authorize. The page asks visitors who approved before again: visitors of real apps report that X does
	 * (unasuke/omniauth-twitter2 #3, superfaceai/passport-twitter-oauth2 #29), and no setting of the app changes it.
	 */
	showOAuth2(request: ReceivedRequest): Answer {
		const authorization = authorizationIn(this.options.apps, request.query);
		const signedIn = this.signedInAccount(request);
		if (authorization === undefined || signedIn === undefined) {
			return htmlAnswer(400, wrongAuthorizationPage());
		}
		const page = consentPage({
			path: request.path,
			appName: nameOf(authorization.app),
			scopes: authorization.scope.split(" "),
			fields: request.query,
			approveLabel: "Authorize app",
			accounts: this.options.accounts,
			chosen: signedIn,
		});
		return htmlAnswer(200, page);
	}

	/** POST of the form that {@link showOAuth2} gives. */
	decideOAuth2(request: ReceivedRequest): Answer {
		const authorization = authorizationIn(this.options.apps, request.form);
		const chosenId = firstValue(request.form, "account");
		const account = this.options.accounts.find(({ id }) => id === chosenId);
		if (authorization === undefined || account === undefined) {
			return htmlAnswer(400, wrongAuthorizationPage());
		}
		const approved = firstValue(request.form, "decision") === "approve";
		const { redirectUri } = authorization;
		const state = this.stateOnTheWay(authorization, account);
		// A refusal has the standard's form (RFC 6749, section 4.1.2.1). X probably uses it; that is not certain.
		const location = withParameters(
			redirectUri,
			approved
				? [
						["state", state],
						["code", this.grants.issueCode(authorization, account)],
					]
				: [
						["error", "access_denied"],
						["state", state],
					],
		);
		return { ...htmlAnswer(302, ""), headers: { location, ...signedInAs(account) } };
	}

	/** The account that a new browser is logged in to X with. */
	freshAccount: FakeXAccount | undefined;

	/** The account that a browser is logged in to X with. */
	signedInAccount(request: ReceivedRequest): FakeXAccount | undefined {
		const [, id] = /(?:^|;\s*)fake_x_account=(\d+)/.exec(request.cookie) ?? [];
		return (
			this.options.accounts.find((account) => account.id === id) ??
			this.freshAccount ??
			this.options.accounts[0]
		);
	}

	/** The request token, or a wrong one if the scenario says so. */
	private tokenOnTheWay({ app, token }: RequestToken, account: FakeXAccount): string {
		return this.swapped(token, app, account);
	}

	/** The state, or a wrong one if the scenario says so. */
	private stateOnTheWay({ app, state }: Authorization, account: FakeXAccount): string {
		return this.swapped(state, app, account);
	}

	private swapped(text: string, app: FakeXApp, { id }: FakeXAccount): string {
		const subject = { app: app.apiKey, clientId: app.clientId, account: id };
		const fault = this.scenarios.take("callback", subject);
		return fault?.kind === "altered" && fault.alteration === "swapped-token"
			? [...text].reverse().join("")
			: text;
	}

	/** Undefined for a dead token, and for an approved one: its page is not shown twice. */
	private openRequestToken(parameters: readonly Parameter[]): RequestToken | undefined {
		const found = this.tokens.findRequestToken(firstValue(parameters, "oauth_token") ?? "");
		return found?.approval === undefined ? found : undefined;
	}
}

/** The cookie of a browser that is logged in to X. */
export function signedInAs({ id }: FakeXAccount): Record<string, string> {
	return { "set-cookie": `${ACCOUNT_COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax` };
}

function nameOf(app: FakeXApp): string {
	return app.name ?? "the app";
}

function firstValue(parameters: readonly Parameter[], wanted: string): string | undefined {
	return parameters.find(([name]) => name === wanted)?.[1];
}

function approvedCallback(callback: string, token: string, verifier: string): string {
	return withParameters(callback, [
		["oauth_token", token],
		["oauth_verifier", verifier],
	]);
}

/** Keeps the query that the callback already has. */
function withParameters(callback: string, parameters: readonly Parameter[]): string {
	const [address = "", ...fragment] = callback.split("#");
	const added = parameters.map(([name, value]) => `${name}=${percentEncode(value)}`).join("&");
	const joint = address.includes("?") ? "&" : "?";
	return [`${address}${joint}${added}`, ...fragment].join("#");
}
