import { randomBytes } from "node:crypto";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";

/** An assumption: X publishes no lifetime of a request token. */
const REQUEST_TOKEN_LIFETIME_MS = 15 * 60 * 1000;

/** More access tokens than a test uses. They do not expire, so the oldest one is forgotten for one more. */
const MAX_ACCESS_TOKENS = 50_000;

/** A request token that is neither spent nor expired. */
export interface RequestToken {
	readonly token: string;
	readonly secret: string;
	readonly app: FakeXApp;
	readonly callback: string;
	readonly expiresAt: number;
	/** Set when somebody has approved. */
	readonly approval?: { readonly account: FakeXAccount; readonly verifier: string };
}

export interface AccessToken {
	readonly token: string;
	readonly secret: string;
	readonly app: FakeXApp;
	readonly account: FakeXAccount;
}

/** The tokens and grants of one fake X. */
export class TokenStore {
	private readonly requestTokens = new Map<string, RequestToken>();
	/** No request token is expired before this time. */
	private expiredFrom = Number.POSITIVE_INFINITY;
	private readonly accessTokens = new Map<string, AccessToken>();
	private readonly grants = new Set<string>();

	constructor(private readonly clock: { now(): number }) {}

	issueRequestToken(app: FakeXApp, callback: string): RequestToken {
		this.forgetExpired();
		const issued: RequestToken = {
			token: opaque(27),
			secret: opaque(32),
			app,
			callback,
			expiresAt: this.clock.now() + REQUEST_TOKEN_LIFETIME_MS,
		};
		this.requestTokens.set(issued.token, issued);
		this.expiredFrom = Math.min(this.expiredFrom, issued.expiresAt);
		return issued;
	}

	/** Undefined for an unknown, spent or expired token. */
	findRequestToken(token: string): RequestToken | undefined {
		this.forgetExpired();
		return this.requestTokens.get(token);
	}

	/** @returns the verifier that belongs to this request token only. */
	approve(requestToken: RequestToken, account: FakeXAccount): string {
		const verifier = opaque(32);
		this.requestTokens.set(requestToken.token, {
			...requestToken,
			approval: { account, verifier },
		});
		this.grants.add(grantOf(requestToken.app, account));
		return verifier;
	}

	/** Ends a request token after its denial or its only exchange. */
	spend(requestToken: RequestToken): void {
		this.requestTokens.delete(requestToken.token);
	}

	/** Whether the account has approved the app before. */
	hasApproved(app: FakeXApp, account: FakeXAccount): boolean {
		return this.grants.has(grantOf(app, account));
	}

	issueAccessToken(app: FakeXApp, account: FakeXAccount): AccessToken {
		const [oldest] = this.accessTokens.keys();
		if (oldest !== undefined && this.accessTokens.size >= MAX_ACCESS_TOKENS) {
			this.accessTokens.delete(oldest);
		}
		const token = `${account.id}-${opaque(40)}`;
		const issued: AccessToken = { token, secret: opaque(45), app, account };
		this.accessTokens.set(token, issued);
		return issued;
	}

	/** @returns whether there was one. */
	invalidate(token: string): boolean {
		return this.accessTokens.delete(token);
	}

	findAccessToken(token: string): AccessToken | undefined {
		return this.accessTokens.get(token);
	}

	private forgetExpired(): void {
		const now = this.clock.now();
		if (now < this.expiredFrom) {
			return;
		}
		this.expiredFrom = Number.POSITIVE_INFINITY;
		for (const [token, { expiresAt }] of this.requestTokens) {
			if (expiresAt <= now) {
				this.requestTokens.delete(token);
			} else {
				this.expiredFrom = Math.min(this.expiredFrom, expiresAt);
			}
		}
	}
}

/** Alphabet and length are observed. X calls its tokens opaque. */
function opaque(length: number): string {
	return randomBytes(length).toString("base64url").slice(0, length);
}

function grantOf(app: FakeXApp, account: FakeXAccount): string {
	return JSON.stringify([app.apiKey, account.id]);
}
