import { createHash } from "node:crypto";
import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import { type Secret, secret } from "../../contract/secret.ts";
import type { HostStorage, StorageValue } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";
import type { Account } from "../people/stored-account.ts";
import type { Vault } from "../settings/vault.ts";
import { type EmailGap, emailGap } from "./claims.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { ConnectedHelpdesks } from "./connected-helpdesks.ts";
import { type AsyncListener, callInProcess } from "./in-process-call.ts";
import { issuerOf, OPENID_PATH } from "./make-provider.ts";
import { ENDPOINT_PATHS } from "./presets/paste-table.ts";

/** As long as a request of a helpdesk waits for the visitor. */
const LIFETIME_MS = 60 * 60_000;

/** The error where a visitor says no (RFC 6749, section 4.1.2.1). */
const DENIED = "access_denied";

const STATE = /^[\w-]{43}$/;

type StoredTest = {
	readonly brandId: string;
	readonly helpdeskId: string;
	/** The session of the operator who began it. */
	readonly startedBy: string;
	/** The PKCE verifier (RFC 7636), encrypted. */
	readonly verifier: string;
};

const TEST: StoredKind<StoredTest> = { name: "openid/tests", read: readTest };

/** A brand with what its tests need. */
export interface TestedBrand {
	readonly id: string;
	readonly baseUrl: string;
	readonly helpdesks: Pick<ConnectedHelpdesks, "find" | "noteTest" | "secretOf">;
	/** Answers the brand's OpenID requests, as a helpdesk sends them. */
	readonly answer: AsyncListener;
}

/** What a helpdesk receives about a user. */
export type Claims = Readonly<Record<string, unknown>>;

export type TestResult =
	/** There is no such test, it has ended, or another browser began it. */
	| { readonly kind: "over" }
	/** @property error as the provider says it (RFC 6749, section 4.1.2.1); empty for an answer with no code and no error. */
	| { readonly kind: "refused"; readonly helpdesk: ConnectedHelpdesk; readonly error: string }
	| {
			readonly kind: "received";
			readonly helpdesk: ConnectedHelpdesk;
			readonly idToken: Claims;
			readonly userInfo: Claims;
			/** Why there is no e-mail address, and which one is kept back; undefined where there is one. */
			readonly missing: { readonly gap: EmailGap; readonly email: string | null } | undefined;
	  };

export interface HelpdeskTestsParts {
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly vault: Vault;
	readonly accountOf: (subject: string) => Promise<Account | undefined>;
	/** The page that a test ends on. Only operators see it. */
	readonly redirectUri: () => string;
}

/**
 * Log-ins that an operator makes in the place of a connected helpdesk, to see what it would receive. Each goes the whole
 * way: the operator logs in at the portal in the same browser, and the code comes back to a page of the administration.
 *
 * A code says nothing to anybody but the session that began its test, and only once. It was made for this client and for
 * a challenge whose verifier never left the storage, so a code of another log-in is refused.
 */
export class HelpdeskTests {
	constructor(private readonly parts: HelpdeskTestsParts) {}

	/**
	 * @param startedBy the id of the operator's session.
	 * @returns the address to open; undefined when there is no such helpdesk.
	 */
	async start(
		brand: TestedBrand,
		helpdeskId: string,
		startedBy: string,
	): Promise<string | undefined> {
		const helpdesk = await brand.helpdesks.find(helpdeskId);
		if (helpdesk === undefined) {
			return undefined;
		}
		const { storage, clock, vault, redirectUri } = this.parts;
		const [state, verifier] = [this.newText(), this.newText()];
		const sealed = vault.seal(secret(verifier), placeOf(state));
		const value: StoredTest = { brandId: brand.id, helpdeskId, startedBy, verifier: sealed };
		const expiresAt = clock.now() + LIFETIME_MS;
		await storage.commit({ sets: [{ key: [hashOf(state)], value, expiresAt }] });
		const query = new URLSearchParams({
			...{ client_id: helpdeskId, redirect_uri: redirectUri(), response_type: "code", state },
			...{ scope: "openid profile email", code_challenge_method: "S256" },
			code_challenge: hashOf(verifier),
		});
		return `${issuerOf(brand)}${ENDPOINT_PATHS.authorization}?${query}`;
	}

	/** Whether an operator has begun a test of a helpdesk that is not finished. */
	async isOpenFor(brandId: string, helpdeskId: string): Promise<boolean> {
		for await (const page of pagesOf(this.parts.storage, [])) {
			const tests = page.map(({ value }) => fieldsOf(value));
			if (tests.some((test) => test["brandId"] === brandId && test["helpdeskId"] === helpdeskId)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Redeems the code of an answer, and notes how the test went.
	 *
	 * @param answer the query of the address that the provider led to.
	 * @param startedBy the id of the session of the operator who sees the answer.
	 */
	async finish(
		answer: URLSearchParams,
		startedBy: string,
		brandOf: (brandId: string) => TestedBrand | undefined,
	): Promise<TestResult> {
		const state = answer.get("state") ?? "";
		const test = await this.take(state, startedBy);
		const brand = test && brandOf(test.brandId);
		const helpdesk = test && (await brand?.helpdesks.find(test.helpdeskId));
		if (test === undefined || brand === undefined || helpdesk === undefined) {
			return { kind: "over" };
		}
		const code = answer.get("code");
		if (code === null || answer.get("iss") !== issuerOf(brand)) {
			const error = errorIn(Object.fromEntries(answer));
			// An operator who says no has not found out anything about the helpdesk.
			await (answer.get("error") !== DENIED && brand.helpdesks.noteTest(helpdesk, error));
			return { kind: "refused", helpdesk, error };
		}
		const verifier = this.parts.vault.open(test.verifier, placeOf(state));
		const result = await this.redeem(brand, helpdesk, code, verifier);
		await brand.helpdesks.noteTest(helpdesk, result.kind === "refused" ? result.error : null);
		return result;
	}

	private async redeem(
		brand: TestedBrand,
		helpdesk: ConnectedHelpdesk,
		code: string,
		verifier: Secret,
	): Promise<TestResult> {
		const body = new URLSearchParams({
			...{ grant_type: "authorization_code", code, redirect_uri: this.parts.redirectUri() },
			code_verifier: verifier.reveal(),
		});
		const headers = proofOf(helpdesk, brand.helpdesks.secretOf(helpdesk), body);
		const token = await callInProcess(brand.answer, {
			...{ method: "POST", path: `${OPENID_PATH}${ENDPOINT_PATHS.token}`, body: `${body}` },
			headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
		});
		const tokens = claimsIn(token.body);
		if (token.status !== 200) {
			return { kind: "refused", helpdesk, error: errorIn(tokens) };
		}
		const info = await callInProcess(brand.answer, {
			...{ method: "GET", path: `${OPENID_PATH}${ENDPOINT_PATHS.userinfo}` },
			headers: { authorization: `Bearer ${tokens["access_token"]}` },
		});
		const userInfo = claimsIn(info.body);
		if (info.status !== 200) {
			return { kind: "refused", helpdesk, error: errorIn(userInfo) };
		}
		const [, payload = ""] = String(tokens["id_token"]).split(".");
		const idToken = claimsIn(Buffer.from(payload, "base64url").toString());
		const account = await this.parts.accountOf(String(userInfo["sub"]));
		const gap = account && emailGap(account, helpdesk.neverAsserted);
		const missing = gap && { gap, email: account.email };
		return { kind: "received", helpdesk, idToken, userInfo, missing };
	}

	/** Of any number of simultaneous answers one gets the test. */
	private async take(state: string, startedBy: string): Promise<StoredTest | undefined> {
		if (!STATE.test(state)) {
			return undefined;
		}
		const { storage } = this.parts;
		const key = [hashOf(state)];
		const entry = await storage.get(key);
		const isOwn = entry !== undefined && readEntry(entry, TEST).startedBy === startedBy;
		const taken = isOwn ? await storage.take(key) : undefined;
		return taken && readEntry(taken, TEST);
	}

	private newText(): string {
		return Buffer.from(this.parts.random.bytes(32)).toString("base64url");
	}
}

/** Adds to the request what the helpdesk proves itself with (OpenID Connect Core, section 9). */
function proofOf(
	{ id, clientAuth }: ConnectedHelpdesk,
	clientSecret: Secret,
	body: URLSearchParams,
): Readonly<Record<string, string>> {
	if (clientAuth === "client_secret_basic") {
		// Both parts are encoded as in a form first (RFC 6749, section 2.3.1).
		const pair = [id, clientSecret.reveal()].map(formEncoded).join(":");
		return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
	}
	body.set("client_id", id);
	if (clientAuth === "client_secret_post") {
		body.set("client_secret", clientSecret.reveal());
	}
	return {};
}

function formEncoded(text: string): string {
	return new URLSearchParams({ _: text }).toString().slice(2);
}

function claimsIn(json: string): Claims {
	const claims: unknown = JSON.parse(json);
	return typeof claims === "object" && claims !== null ? { ...claims } : {};
}

function errorIn({ error, error_description: why }: Claims): string {
	return [error, why].filter((each) => typeof each === "string" && each !== "").join(": ");
}

function placeOf(state: string): string {
	return `test of a connected helpdesk ${hashOf(state)}`;
}

/** Also the challenge of a verifier (RFC 7636, section 4.2). */
function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("base64url");
}

function readTest(value: StorageValue): StoredTest | undefined {
	const { brandId, helpdeskId, startedBy, verifier } = fieldsOf(value);
	return typeof brandId === "string" &&
		typeof helpdeskId === "string" &&
		typeof startedBy === "string" &&
		typeof verifier === "string"
		? { brandId, helpdeskId, startedBy, verifier }
		: undefined;
}
