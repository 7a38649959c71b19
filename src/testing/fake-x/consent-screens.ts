import { type Answer, htmlAnswer } from "./answer.ts";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import { type Parameter, percentEncode } from "./oauth1-signature.ts";
import { cancelledPage, consentPage, deadTokenPage, redirectingPage } from "./pages.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { RequestToken, TokenStore } from "./token-store.ts";

const ACCOUNT_COOKIE = "fake_x_account";

/** What the visitor's browser sees at X. */
export class ConsentScreens {
	constructor(
		private readonly accounts: readonly FakeXAccount[],
		private readonly tokens: TokenStore,
	) {}

	/** GET /oauth/authenticate and GET /oauth/authorize */
	show(request: ReceivedRequest): Answer {
		const requestToken = this.openRequestToken(request.query);
		const signedIn = this.signedInAccount(request);
		if (requestToken === undefined || signedIn === undefined) {
			return htmlAnswer(401, deadTokenPage());
		}
		const { app, callback, token } = requestToken;
		const forced = firstValue(request.query, "force_login") === "true";
		const authenticate = request.path === "/oauth/authenticate";
		if (authenticate && !forced && this.tokens.hasApproved(app, signedIn)) {
			const verifier = this.tokens.approve(requestToken, signedIn);
			const location = approvedCallback(callback, token, verifier);
			return { ...htmlAnswer(302, ""), headers: { location } };
		}
		const screenName = firstValue(request.query, "screen_name")?.toLowerCase();
		const prefilled = this.accounts.find((one) => one.screenName.toLowerCase() === screenName);
		const page = consentPage({
			path: request.path,
			appName: nameOf(app),
			requestToken: token,
			approveLabel: authenticate ? "Sign in" : "Authorize app",
			accounts: this.accounts,
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
		const account = this.accounts.find(({ id }) => id === chosenId);
		if (account === undefined) {
			return htmlAnswer(401, deadTokenPage());
		}
		const verifier = this.tokens.approve(requestToken, account);
		const page = redirectingPage(nameOf(app), approvedCallback(callback, token, verifier));
		return {
			...htmlAnswer(200, page),
			headers: {
				"set-cookie": `${ACCOUNT_COOKIE}=${account.id}; Path=/oauth; HttpOnly; SameSite=Lax`,
			},
		};
	}

	/** Undefined as well for a token that was approved before: its page is not shown twice. */
	private openRequestToken(parameters: readonly Parameter[]): RequestToken | undefined {
		const found = this.tokens.findRequestToken(firstValue(parameters, "oauth_token") ?? "");
		return found?.approval === undefined ? found : undefined;
	}

	private signedInAccount(request: ReceivedRequest): FakeXAccount | undefined {
		const [, id] = /(?:^|;\s*)fake_x_account=(\d+)/.exec(request.cookie) ?? [];
		return this.accounts.find((account) => account.id === id) ?? this.accounts[0];
	}
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
