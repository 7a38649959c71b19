// What the helpdesks do with a token, from their documentation, with nothing but Node's own cryptography: it shares no code
// with what makes the tokens.

import { createHmac, timingSafeEqual } from "node:crypto";
import { parseUrl } from "../../../src/contract/parse-url.ts";

type Claims = Readonly<Record<string, unknown>>;

/** One helpdesk's reading of a token. */
export interface TokenRules {
	readonly algorithm: "HS256" | "HS512";
	/** The claim that says who comes. */
	readonly identity: string;
	/** @returns what is wrong with the claims. @param nowSeconds since the epoch. */
	problemWith(claims: Claims, nowSeconds: number): string | undefined;
	/** Whether the way on is the helpdesk's own. */
	isOwn(wayOn: string, origins: readonly string[]): boolean;
}

export type Verdict =
	| { readonly kind: "in"; readonly who: string; readonly claims: Claims; readonly wayOn: string }
	| { readonly kind: "refused"; readonly why: string };

/** A helpdesk's memory of tokens that it took. */
export class TokenVerifier {
	private readonly taken = new Set<string>();

	constructor(
		private readonly rules: TokenRules,
		private readonly key: string,
		private readonly origins: readonly string[],
		/** Milliseconds since the epoch. */
		private readonly now: () => number,
	) {}

	/** @param wayOn undefined: the helpdesk's first page. */
	verify(token: string, wayOn: string | undefined): Verdict {
		const [head = "", body = "", signature = "", ...more] = token.split(".");
		const header = claimsIn(head);
		const claims = claimsIn(body);
		if (more.length > 0 || header === undefined || claims === undefined) {
			return refused("it is not a token");
		}
		const { algorithm, identity } = this.rules;
		if (header["alg"] !== algorithm || header["typ"] !== "JWT") {
			return refused(`it is not signed with ${algorithm}`);
		}
		if (!isSame(signature, signatureOf(`${head}.${body}`, this.key, algorithm))) {
			return refused("its signature is wrong");
		}
		const problem = this.rules.problemWith(claims, Math.floor(this.now() / 1000));
		if (problem !== undefined) {
			return refused(problem);
		}
		const id = String(claims["jti"]);
		if (this.taken.has(id)) {
			return refused("it was used before");
		}
		if (wayOn !== undefined && !this.rules.isOwn(wayOn, this.origins)) {
			return refused("its way on leads elsewhere");
		}
		this.taken.add(id);
		return { kind: "in", who: String(claims[identity]), claims, wayOn: wayOn ?? "/" };
	}
}

/** A token that a test makes itself. */
export function forgedToken(
	claims: Claims,
	key: string,
	algorithm: TokenRules["algorithm"],
	header: Claims = { alg: algorithm, typ: "JWT" },
): string {
	const signed = [header, claims].map(encoded).join(".");
	return `${signed}.${signatureOf(signed, key, algorithm)}`;
}

/** What a token says. Nothing of it is checked. */
export function claimsOf(token: string): Claims {
	return claimsIn(token.split(".")[1] ?? "") ?? {};
}

/** docs.supportpal.com: `exp`, `email`, `jti`; the optional `redirect`. */
export const SUPPORTPAL_RULES: TokenRules = {
	algorithm: "HS256",
	identity: "email",
	problemWith: (claims, now) =>
		missing(claims, { email: "string", jti: "string", exp: "number" }) ?? expired(claims, now),
	isOwn: isAddressAt,
};

/** How far Zendesk lets the clocks differ. Seconds. */
const ZENDESK_SKEW = 180;

/** support.zendesk.com: `iat`, `jti`, `name`, `email`; `external_id` may be there; the optional `return_to`. */
export const ZENDESK_RULES: TokenRules = {
	algorithm: "HS256",
	identity: "email",
	problemWith: (claims, now) =>
		missing(claims, { iat: "number", jti: "string", name: "string", email: "string" }) ??
		(Math.abs(now - Number(claims["iat"])) > ZENDESK_SKEW ? "its time is wrong" : undefined) ??
		("exp" in claims ? expired(claims, now) : undefined) ??
		("external_id" in claims ? missing(claims, { external_id: "string" }) : undefined),
	isOwn: isAddressAt,
};

/** developer.helpscout.com and its examples: HS512, `exp`, `sub`; the way on is a path. */
export const HELP_SCOUT_RULES: TokenRules = {
	algorithm: "HS512",
	identity: "sub",
	problemWith: (claims, now) =>
		missing(claims, { sub: "string", exp: "number" }) ?? expired(claims, now),
	isOwn: (wayOn) => /^\/(?![/\\])/.test(wayOn),
};

function missing(claims: Claims, types: Readonly<Record<string, string>>): string | undefined {
	const name = Object.keys(types).find(
		(each) => typeof claims[each] !== types[each] || claims[each] === "",
	);
	return name && `its ${name} is missing`;
}

function expired({ exp }: Claims, now: number): string | undefined {
	return Number(exp) > now ? undefined : "it has expired";
}

function isAddressAt(wayOn: string, origins: readonly string[]): boolean {
	const url = parseUrl(wayOn);
	return url !== undefined && origins.includes(url.origin);
}

function refused(why: string): Verdict {
	return { kind: "refused", why };
}

function signatureOf(text: string, key: string, algorithm: TokenRules["algorithm"]): string {
	const hash = algorithm === "HS256" ? "sha256" : "sha512";
	return createHmac(hash, key).update(text).digest("base64url");
}

function isSame(a: string, b: string): boolean {
	return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function encoded(claims: Claims): string {
	return Buffer.from(JSON.stringify(claims)).toString("base64url");
}

function claimsIn(part: string): Claims | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
		return typeof value === "object" && value !== null ? (value as Claims) : undefined;
	} catch {
		return undefined;
	}
}
