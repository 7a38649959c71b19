import { randomBytes } from "node:crypto";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import type { Authorization } from "./oauth2-authorization.ts";

/** X's documented lifetime of an authorization code (authorization-code.mdx). */
const CODE_LIFETIME_MS = 30_000;
/** X's documented lifetime of an access token. */
export const ACCESS_TOKEN_SECONDS = 7200;
/** More codes than a test approves within 30 seconds. The oldest one is forgotten for one more. */
const MAX_CODES = 10_000;

interface IssuedCode extends Authorization {
	readonly account: FakeXAccount;
	readonly expiresAt: number;
}

/** What an app may read about an account. */
interface Access {
	readonly app: FakeXApp;
	readonly account: FakeXAccount;
	/** Scopes with a space between them. */
	readonly scope: string;
}

export interface Bearer extends Access {
	readonly expiresAt: number;
}

export interface IssuedTokens {
	readonly accessToken: string;
	/** Only with the scope `offline.access`. */
	readonly refreshToken?: string;
}

/**
 * The codes and tokens of OAuth 2.0. Each app has one live grant of an account: a new sign-in ends the earlier tokens
 * (X's x-ads-api/mcp.mdx). So there are never more tokens than apps times accounts.
 */
export class OAuth2Grants {
	private readonly codes = new Map<string, IssuedCode>();
	private readonly bearers = new Map<string, Bearer>();
	private readonly refreshTokens = new Map<string, Access>();
	private readonly live = new Map<string, IssuedTokens>();

	constructor(private readonly clock: { now(): number }) {}

	/** @returns a code that is good for 30 seconds and one call. */
	issueCode(authorization: Authorization, account: FakeXAccount): string {
		this.forgetExpired();
		const [oldest] = this.codes.keys();
		if (oldest !== undefined && this.codes.size >= MAX_CODES) {
			this.codes.delete(oldest);
		}
		const code = opaque(64);
		const expiresAt = this.clock.now() + CODE_LIFETIME_MS;
		this.codes.set(code, { ...authorization, account, expiresAt });
		return code;
	}

	/** Undefined for an unknown, used or expired code. */
	findCode(code: string): IssuedCode | undefined {
		this.forgetExpired();
		return this.codes.get(code);
	}

	/** Ends a code. An assumption: a call with a wrong verifier or callback uses it up as well. */
	useUp(code: string): void {
		this.codes.delete(code);
	}

	/**
	 * Ends the earlier grant of the account, and gives a new one. An assumption: the exchange ends it, not the approval.
	 *
	 * @param accessToken The access token, for a fault that wants one of another shape.
	 */
	issueTokens(access: Access, accessToken = opaque(91)): IssuedTokens {
		this.forgetExpired();
		this.end(access);
		const tokens: IssuedTokens = {
			accessToken,
			...(access.scope.split(" ").includes("offline.access") && { refreshToken: opaque(91) }),
		};
		const expiresAt = this.clock.now() + ACCESS_TOKEN_SECONDS * 1000;
		this.bearers.set(tokens.accessToken, { ...access, expiresAt });
		if (tokens.refreshToken !== undefined) {
			this.refreshTokens.set(tokens.refreshToken, access);
		}
		this.live.set(keyOf(access), tokens);
		return tokens;
	}

	/** Undefined for an unknown, ended or expired token. */
	findBearer(token: string): Bearer | undefined {
		this.forgetExpired();
		return this.bearers.get(token);
	}

	/** Undefined for an unknown, ended or used token. */
	findRefreshToken(token: string): Access | undefined {
		return this.refreshTokens.get(token);
	}

	/** Ends the tokens of an app for an account. */
	end(access: Access): void {
		const tokens = this.live.get(keyOf(access));
		if (tokens !== undefined) {
			this.live.delete(keyOf(access));
			this.bearers.delete(tokens.accessToken);
			this.refreshTokens.delete(tokens.refreshToken ?? "");
		}
	}

	/** How many codes and tokens are kept. */
	get size(): number {
		return this.codes.size + this.bearers.size + this.refreshTokens.size;
	}

	private forgetExpired(): void {
		const now = this.clock.now();
		// The oldest ones come first, and all of a kind live equally long.
		for (const [code, { expiresAt }] of this.codes) {
			if (now < expiresAt) {
				break;
			}
			this.codes.delete(code);
		}
		for (const [token, bearer] of this.bearers) {
			if (now < bearer.expiresAt) {
				break;
			}
			this.bearers.delete(token);
			if (this.live.get(keyOf(bearer))?.refreshToken === undefined) {
				this.live.delete(keyOf(bearer));
			}
		}
	}
}

function keyOf({ app, account }: Access): string {
	return JSON.stringify([app.clientId, account.id]);
}

function opaque(length: number): string {
	return randomBytes(length).toString("base64url").slice(0, length);
}
