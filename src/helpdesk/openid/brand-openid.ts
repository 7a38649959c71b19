import type { IncomingMessage, ServerResponse } from "node:http";
import type { Grant, KoaContextWithOIDC, Provider } from "oidc-provider";
import type { Clock } from "../../contract/clock.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { Account } from "../people/stored-account.ts";
import { claimsOf } from "./claims.ts";
import type { ConnectedHelpdesk } from "./connected-helpdesk.ts";
import type { Consents } from "./consents.ts";
import { loadLibrary } from "./load-library.ts";
import type { LogOutMessage } from "./log-out-messages.ts";
import {
	type Library,
	makeProvider,
	OPENID_PATH,
	type ProviderPages,
	type ProviderParts,
} from "./make-provider.ts";
import { OpenIdRecords } from "./openid-records.ts";
import { type OpenIdVisit, OpenIdVisits } from "./openid-visits.ts";
import { isAgreed, passedData } from "./passed-data.ts";
import type { PortalSession, PortalSessions } from "./portal-sessions.ts";
import { providerClients } from "./provider-clients.ts";
import type { RefusedClients } from "./refused-clients.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { requestIn, type WaitingRequest } from "./waiting-request.ts";

/** How long a node goes on with the keys that it knows. Milliseconds. */
const KEYS_KNOWN_FOR_MS = 5000;

export interface BrandOpenIdParts
	extends Omit<ProviderParts, "portal" | "pages" | "mayStore" | "agrees" | "accountOf"> {
	/** The storage of the provider's records. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly keys: SigningKeys;
	readonly consents: Consents;
	/** A user who may log in. */
	readonly activeUser: (userId: string) => Promise<Account | undefined>;
	/** @param activeUser as above. @returns undefined when the session has ended. */
	readonly portalSessionOf: (
		sessionId: string,
		activeUser: BrandOpenIdParts["activeUser"],
	) => Promise<Pick<PortalSession, "userId" | "epoch"> | undefined>;
	/** Called when a connected helpdesk could not be told that a session has ended. Never throws. */
	readonly tellLater: (message: Omit<LogOutMessage, "brandId">) => void;
	readonly refusedClients: Pick<RefusedClients, "watch">;
	/** Where the provider sends an administrator back to who tests a connected helpdesk. */
	readonly testRedirectUri: () => string;
	/** Whether an administrator tests a connected helpdesk now. */
	readonly isTested: (helpdeskId: string) => Promise<boolean>;
}

/** The library's own client, of which its types leave this out. */
interface TellableClient {
	readonly backchannelLogoutUri?: string;
	/** Sends a logout token (OpenID Connect Back-Channel Logout, section 2.5). */
	backchannelLogout(sub: string, sid: string): Promise<void>;
}

interface Made {
	readonly provider: Provider;
	readonly version: string;
	readonly checkedAt: number;
}

/** The OpenID Provider of one brand. It is made when it is first asked, and again when its keys change. */
export class BrandOpenId {
	private readonly visits: OpenIdVisits;
	private library: Library | undefined;
	private made: Made | undefined;
	private readonly records: OpenIdRecords;

	constructor(private readonly parts: BrandOpenIdParts) {
		const { storage, clock, activeUser } = parts;
		this.visits = new OpenIdVisits(activeUser);
		this.records = new OpenIdRecords({
			...{ storage, clock },
			agreedSince: async (subject, id) => (await parts.consents.find(subject, id))?.since,
			portal: this.portal(),
			epochOf: async (subject) => (await this.visits.accountOf(subject))?.sessionEpoch,
			request: () => this.library?.Provider.ctx,
			refuseReplay: () => {
				if (this.library === undefined) {
					throw new Error("a code was redeemed before there was a provider");
				}
				throw new this.library.errors.InvalidGrant("authorization code already consumed");
			},
		});
	}

	/** Answers a request below {@link OPENID_PATH}. */
	async answer(
		visit: OpenIdVisit,
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const provider = await this.provider();
		const { url = "" } = request;
		const mounted = request as IncomingMessage & { originalUrl?: string };
		mounted.originalUrl = url;
		mounted.url = url.slice(OPENID_PATH.length);
		await this.visits.answer(visit, () => provider.callback()(request, response));
	}

	/**
	 * The request that a page is about.
	 *
	 * @returns undefined when there is none, or it has expired, or its helpdesk was removed.
	 */
	async waiting(requestId: string): Promise<WaitingRequest | undefined> {
		const found = await this.records.request(requestId);
		const { client_id: clientId, redirect_uri: redirectUri } = found?.params ?? {};
		const helpdesk = await this.parts.helpdesks.find(String(clientId));
		return (
			found &&
			helpdesk && {
				...{ id: requestId, helpdesk, beganAt: found.beganAt },
				hosts: this.hostsOf(helpdesk, String(redirectUri)),
				...requestIn(found.params),
			}
		);
	}

	/** The test of an administrator goes nowhere else. */
	private hostsOf({ address }: ConnectedHelpdesk, redirectUri: string): readonly string[] {
		const isTest = this.parts.testRedirectUri() === redirectUri;
		const led = isTest ? [] : [redirectUri];
		return [...new Set([address, ...led].map((each) => new URL(each).host))];
	}

	/** Whether this browser made the request, by its cookie. */
	async isOwn(
		requestId: string,
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<boolean> {
		const provider = await this.provider();
		try {
			return (await provider.interactionDetails(request, response)).uid === requestId;
		} catch (error) {
			if (error instanceof (await loadLibrary()).errors.SessionNotFound) {
				return false;
			}
			throw error;
		}
	}

	/**
	 * Lets the user of a portal session go on to a helpdesk.
	 *
	 * @returns the address to go on to.
	 */
	async finish(
		waiting: WaitingRequest,
		{ subject, provenAt }: Pick<PortalSession, "provenAt"> & { readonly subject: string },
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<string> {
		const provider = await this.provider();
		const grant: Grant = new provider.Grant({ accountId: subject, clientId: waiting.helpdesk.id });
		grant.addOIDCScope("openid profile email");
		const grantId = await grant.save();
		return provider.interactionResult(request, response, {
			login: { accountId: subject, ts: Math.floor(provenAt / 1000) },
			consent: { grantId },
		});
	}

	/** Sends a visitor back to the helpdesk without logging them in. @returns the address to go on to. */
	async refuse(request: IncomingMessage, response: ServerResponse, why: string): Promise<string> {
		const provider = await this.provider();
		return provider.interactionResult(
			request,
			response,
			{ error: "access_denied", error_description: why },
			{ mergeWithLastSubmission: false },
		);
	}

	/**
	 * Tells a connected helpdesk that a session has ended. One that was removed, or that cannot be told, has nothing to hear.
	 *
	 * @throws Error when the helpdesk did not take the message.
	 */
	async tell({ clientId, userId, sid }: Omit<LogOutMessage, "brandId">): Promise<void> {
		const provider = await this.provider();
		const client = (await provider.Client.find(clientId)) as TellableClient | undefined;
		if (client?.backchannelLogoutUri !== undefined) {
			await client.backchannelLogout(userId, sid);
		}
	}

	/** The provider with the keys of now. */
	async provider(): Promise<Provider> {
		const { keys, clock } = this.parts;
		const now = clock.now();
		if (this.made !== undefined && now - this.made.checkedAt < KEYS_KNOWN_FOR_MS) {
			return this.made.provider;
		}
		const current = await keys.current();
		this.library ??= await loadLibrary();
		const provider =
			this.made?.version === current.version
				? this.made.provider
				: this.newProvider(this.library, current.keys);
		this.made = { provider, version: current.version, checkedAt: now };
		return provider;
	}

	private newProvider(library: Library, keys: Parameters<typeof makeProvider>[4]): Provider {
		const { helpdesks, testRedirectUri, isTested } = this.parts;
		const clients = providerClients(helpdesks, async (id) =>
			(await isTested(id)) ? [testRedirectUri()] : [],
		);
		const mayStore = () => this.visits.current()?.mayStore() ?? false;
		const accountOf = (subject: string) => this.visits.accountOf(subject);
		const { consents, handleOf } = this.parts;
		const agrees: ProviderParts["agrees"] = async (account, helpdesk, redirectUri) => {
			const claims = claimsOf(account, await handleOf(account.id), helpdesk);
			const consent = await consents.find(claims.sub, helpdesk.id);
			const hosts = this.hostsOf(helpdesk, redirectUri);
			return consent !== undefined && isAgreed(consent.agreed, passedData(claims, hosts));
		};
		const ours = { portal: this.portal(), pages: this.pages(), mayStore, agrees };
		const parts = { ...this.parts, ...ours, accountOf };
		const provider = makeProvider(library, parts, this.records, clients, keys);
		provider.use((c, next) => this.logOutOfPortal(c as KoaContextWithOIDC, next));
		provider.on("authorization.success", (c) => void this.noteUse(c));
		this.parts.refusedClients.watch(provider);
		// The library tells the others of a log-out that a helpdesk asks for, once.
		provider.on("backchannel.error", (_, __, { clientId }, userId, sid) =>
			this.parts.tellLater({ clientId, userId, sid }),
		);
		return provider;
	}

	/**
	 * A log-out at the provider is one at the portal, if the visitor was logged in at a helpdesk and has confirmed it. Others
	 * were not asked, and any page on the web can send them here.
	 */
	private async logOutOfPortal(c: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
		await next();
		const { route, session } = c.oidc ?? {};
		const isOver = session !== undefined && "destroyed" in session && session.destroyed === true;
		if (route === "end_session_confirm" && isOver && session.accountId !== undefined) {
			for (const cookie of (await this.visits.current()?.logOut()) ?? []) {
				c.append("set-cookie", cookie);
			}
		}
	}

	/** A test by an administrator is no use. */
	private async noteUse(c: KoaContextWithOIDC): Promise<void> {
		const { helpdesks, testRedirectUri, logError } = this.parts;
		if (testRedirectUri() === c.oidc.params?.["redirect_uri"]) {
			return;
		}
		try {
			await helpdesks.noteUse(c.oidc.client?.clientId ?? "");
		} catch (error) {
			logError("a log-in to a connected helpdesk was not noted", error);
		}
	}

	private portal(): PortalSessions {
		return {
			current: () => this.visits.current()?.portalSession,
			find: (sessionId) =>
				this.parts.portalSessionOf(sessionId, (userId) => this.visits.userOf(userId)),
		};
	}

	private pages(): ProviderParts["pages"] {
		const now = (): ProviderPages => {
			const visit = this.visits.current();
			if (visit === undefined) {
				throw new Error("the OpenID Provider answers visits only");
			}
			return visit.pages;
		};
		return {
			error: (c, error) => now().error(c, error),
			over: (c) => now().over(c),
			logOut: (c, form) => now().logOut(c, form),
			loggedOut: (c) => now().loggedOut(c, this.visits.current()?.portalSession !== undefined),
		};
	}
}
