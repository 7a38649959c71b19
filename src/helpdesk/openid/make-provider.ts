import type * as OidcProvider from "oidc-provider";
import type { Configuration, ErrorOut, KoaContextWithOIDC, Provider } from "oidc-provider";
import type { Brand } from "../../contract/brands.ts";
import type { Account } from "../people/stored-account.ts";
import { boundedRecords } from "./bounded-records.ts";
import { CLAIMS_OF_SCOPES, claimsOf } from "./claims.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { ConnectedHelpdesks } from "./connected-helpdesks.ts";
import { interactionPolicy } from "./interaction-policy.ts";
import type { OpenIdRecords } from "./openid-records.ts";
import type { PortalSessions } from "./portal-sessions.ts";
import { OWN_CLIENT_FIELDS, RESPONSE_MODES } from "./provider-clients.ts";
import type { providerFetch } from "./provider-fetch.ts";
import type { SigningKey } from "./signing-keys.ts";

/** The path below a brand's base URL under which its provider answers. */
export const OPENID_PATH = "/oidc";

/** The page of the portal that a request of a connected helpdesk leads to. */
export const CONNECT_PATH = "/connect";

/** The path of that page for one request. */
export function connectPath(requestId: string): string {
	return `${CONNECT_PATH}/${requestId}`;
}

/** The issuer of a brand (OpenID Connect Core, section 1.2). */
export function issuerOf({ baseUrl }: Pick<Brand, "baseUrl">): string {
	return `${baseUrl}${OPENID_PATH}`;
}

/** How long each kind of record lives, in seconds. */
const LIFETIMES = {
	// A code goes through the browser and is redeemed at once.
	AuthorizationCode: 60,
	// A token is for the one question that follows a log-in.
	AccessToken: 10 * 60,
	IdToken: 10 * 60,
	// A visitor may register, and wait for a letter.
	Interaction: 60 * 60,
	// A portal session ends them, after 14 days at the latest. They outlive it, so that a node finds what it has to tell.
	Session: 15 * 24 * 60 * 60,
	Grant: 15 * 24 * 60 * 60,
};

/** The pages that the library itself answers with. */
export interface ProviderPages {
	/** @param error its code (RFC 6749, section 4.1.2.1) and the library's own sentence. */
	error(c: KoaContextWithOIDC, error: ErrorOut): Promise<string>;
	/** A request that is over. */
	over(c: KoaContextWithOIDC): Promise<string>;
	/** @param form the form that the page has to hold, as markup, without a button. */
	logOut(c: KoaContextWithOIDC, form: string): Promise<string>;
	/** @param isStillIn whether the visitor is still logged in at the portal. */
	loggedOut(c: KoaContextWithOIDC, isStillIn: boolean): Promise<string>;
}

export interface ProviderParts {
	readonly pages: Omit<ProviderPages, "loggedOut"> & {
		loggedOut(c: KoaContextWithOIDC): Promise<string>;
	};
	readonly brand: Pick<Brand, "id" | "baseUrl">;
	readonly helpdesks: ConnectedHelpdesks;
	/** The user with a subject who may log in; undefined for a subject that a claimed account had before. */
	readonly accountOf: (subject: string) => Promise<Account | undefined>;
	/** The handle of a user at X, without an "@"; undefined for none. */
	readonly handleOf: (userId: string) => Promise<string | undefined>;
	readonly portal: PortalSessions;
	/** Whether a user has agreed to what an answer to this address passes on. */
	readonly agrees: (
		account: Account,
		helpdesk: ConnectedHelpdesk,
		redirectUri: string,
	) => Promise<boolean>;
	/** See `boundedRecords`. */
	readonly mayStore: () => boolean;
	/** Sends the messages of back-channel log-out. */
	readonly fetch: ReturnType<typeof providerFetch>;
	readonly logError: (what: string, error: unknown) => void;
}

/** The library. It is loaded when the first brand is asked, because loading it takes longer than starting the helpdesk. */
export type Library = Pick<typeof OidcProvider, "Provider" | "errors" | "interactionPolicy">;

/** Makes the OpenID Provider of a brand. The library speaks the protocol; this only says what it may do. */
export function makeProvider(
	library: Library,
	parts: ProviderParts,
	records: Pick<OpenIdRecords, "of">,
	clients: ReturnType<OpenIdRecords["of"]>,
	keys: readonly SigningKey[],
): Provider {
	const provider = new library.Provider(issuerOf(parts.brand), {
		adapter: (model: string) =>
			model === "Client"
				? clients
				: boundedRecords(model, records.of(model), library, parts.mayStore),
		jwks: { keys: keys.map((key) => ({ ...key })) } as NonNullable<Configuration["jwks"]>,
		...features(parts),
		...protocol(),
		cookies: cookiesOf(parts.brand),
		claims: CLAIMS_OF_SCOPES,
		findAccount: findAccount(parts),
		interactions: {
			policy: interactionPolicy(library, parts),
			url: (_, { uid }) => connectPath(uid),
		},
		renderError: async (c, error) => {
			c.type = "html";
			c.body = await parts.pages.error(c, error);
		},
		fetch: parts.fetch as NonNullable<Configuration["fetch"]>,
	} as Configuration);
	atBaseUrl(provider, parts.brand.baseUrl);
	provider.silent = true;
	provider.use(async (c, next) => {
		answerNoForm(c as KoaContextWithOIDC);
		await next();
		sayQueryOnly(c as KoaContextWithOIDC);
		askNobody(c as KoaContextWithOIDC);
		await logOutNobodyElse(c as KoaContextWithOIDC, parts);
	});
	provider.on("server_error", (_, error) => parts.logError("the OpenID Provider failed", error));
	return provider;
}

/**
 * The library answers as a form whether a client may have that or not, and nothing turns it off. The policy of pages keeps
 * such a form from being sent, so this makes it a mode that there is not: the helpdesk hears that.
 */
function answerNoForm(c: KoaContextWithOIDC): void {
	if (c.query["response_mode"] === "form_post") {
		c.query = { ...c.query, response_mode: "none" };
	}
}

/**
 * Refuses to go on with a request that another user has agreed to. The library would log the user out whom it finds, and the
 * form for that would be a page of its own.
 */
async function logOutNobodyElse(c: KoaContextWithOIDC, { pages }: ProviderParts): Promise<void> {
	if (c.oidc?.route === "resume" && c.status === 200) {
		c.status = 409;
		c.type = "html";
		c.body = await pages.over(c);
	}
}

/** Discovery names the response modes of the library. Clients have one, because a form would need a policy of its own. */
function sayQueryOnly({ oidc, body }: KoaContextWithOIDC): void {
	if (oidc?.route === "discovery" && typeof body === "object" && body !== null) {
		Object.assign(body, { response_modes_supported: RESPONSE_MODES });
	}
}

/**
 * Leads a visitor who is logged in at no helpdesk to the end of a log-out. The library would have a form send itself, which
 * the policy of pages keeps from leading to the helpdesk. The library has checked the address.
 */
function askNobody(c: KoaContextWithOIDC): void {
	const { route, session, params } = c.oidc ?? {};
	if (route !== "end_session" || c.status !== 200 || session?.accountId !== undefined) {
		return;
	}
	const { post_logout_redirect_uri: uri, state } = params ?? {};
	const end = new URL(typeof uri === "string" ? uri : c.oidc.urlFor("end_session_success"));
	if (typeof uri === "string" && typeof state === "string") {
		end.searchParams.set("state", state);
	}
	c.status = 303;
	c.redirect(end.href);
}

/** Every address is the brand's, whatever host the request names. The library would build addresses from the request. */
function atBaseUrl(provider: Provider, baseUrl: string): void {
	const { host, protocol } = new URL(baseUrl);
	Object.defineProperties(provider.request, {
		host: { get: () => host },
		protocol: { get: () => protocol.slice(0, -1) },
		// The request line may hold a whole address of another host.
		href: {
			get(this: { readonly originalUrl: string }) {
				return `${baseUrl}${this.originalUrl.startsWith("/") ? this.originalUrl : "/"}`;
			},
		},
	});
}

function features({ pages }: ProviderParts): Pick<Configuration, "features"> {
	return {
		features: {
			devInteractions: { enabled: false },
			dPoP: { enabled: false },
			pushedAuthorizationRequests: { enabled: false },
			resourceIndicators: { enabled: false },
			userinfo: { enabled: true },
			backchannelLogout: { enabled: true },
			rpInitiatedLogout: {
				enabled: true,
				logoutSource: async (c, form) => {
					c.body = await pages.logOut(c, form);
				},
				postLogoutSuccessSource: async (c) => {
					c.type = "html";
					c.body = await pages.loggedOut(c);
				},
			},
		},
	};
}

function protocol(): Configuration {
	return {
		scopes: ["openid", "profile", "email"],
		responseTypes: ["code"],
		subjectTypes: ["public"],
		clientAuthMethods: ["client_secret_basic", "client_secret_post", "none"],
		enabledJWA: { idTokenSigningAlgValues: ["ES256", "RS256"] },
		extraClientMetadata: { properties: [...OWN_CLIENT_FIELDS] },
		pkce: { required: (_, client) => client["sends_pkce"] !== false },
		// Some helpdesks read only the ID token.
		conformIdTokenClaims: false,
		clientBasedCORS: () => false,
		// A request names where the answer goes (OpenID Connect Core, section 3.1.2.1).
		allowOmittingSingleRegisteredRedirectUri: false,
		ttl: LIFETIMES,
	};
}

function cookiesOf({ id, baseUrl }: ProviderParts["brand"]): NonNullable<Configuration["cookies"]> {
	const secure = baseUrl.startsWith("https:");
	const name = `openid-${id}`;
	// The two of a request are bound to its path, which the prefix __Host- does not allow.
	const short = secure ? "__Secure-" : "";
	const options = {
		httpOnly: true,
		sameSite: "lax",
		secure,
		signed: false,
		overwrite: true,
	} as const;
	return {
		names: {
			session: `${secure ? "__Host-" : ""}${name}`,
			interaction: `${short}${name}-request`,
			resume: `${short}${name}-resume`,
		},
		long: { ...options, path: "/" },
		short: options,
	};
}

function findAccount(parts: ProviderParts): NonNullable<Configuration["findAccount"]> {
	return async (c, subject) => {
		const account = await parts.accountOf(subject);
		if (account === undefined) {
			return undefined;
		}
		return {
			accountId: subject,
			claims: async () => {
				const clientId = c.oidc.client?.clientId ?? "";
				const helpdesk = await parts.helpdesks.find(clientId);
				// A helpdesk that was removed meanwhile hears who it was, and nothing more.
				return helpdesk === undefined
					? { sub: subject }
					: claimsOf(account, await parts.handleOf(account.id), helpdesk);
			},
		};
	};
}
