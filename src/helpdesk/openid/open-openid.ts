import type { Brand } from "../../contract/brands.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { Random } from "../../contract/random.ts";
import { type HostStorage, isStorageError } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import type { PublicHttp } from "../../ports/public-http.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import {
	connectedHelpdesksOf,
	consentsOf,
	helpdeskTests,
	OPENID_HELPDESKS,
	OPENID_KEYS,
	OPENID_LOG_OUTS,
	openidKeysOf,
	openidRecordsOf,
} from "../namespaces.ts";
import type { Accounts } from "../people/accounts.ts";
import type { Sessions } from "../people/sessions.ts";
import type { Account } from "../people/stored-account.ts";
import type { Vault } from "../settings/vault.ts";
import { BrandOpenId, type BrandOpenIdParts } from "./brand-openid.ts";
import { type ConfiguredHelpdesk, ConnectedHelpdesks } from "./connected-helpdesks.ts";
import { Consents } from "./consents.ts";
import { HelpdeskTests, type TestedBrand } from "./helpdesk-tests.ts";
import { LogOutMessages } from "./log-out-messages.ts";
import type { OpenIdVisit } from "./openid-visits.ts";
import { providerFetch } from "./provider-fetch.ts";
import { ProviderSessions } from "./provider-sessions.ts";
import { RefusedClients } from "./refused-clients.ts";
import { type MakeSigningKey, SigningKeys } from "./signing-keys.ts";
import { userIdIn } from "./subject.ts";

/** The page of the administration that the test of a connected helpdesk ends on. */
export const TESTED_PATH = "/admin/settings/general/connected-helpdesks/tested";

const NOT_TOLD = {
	waits: {
		name: "openid.log-out-waits",
		message: "a connected helpdesk could not be told that a user has logged out; it is told later",
	},
	"given-up": {
		name: "openid.log-out-not-told",
		message:
			"a connected helpdesk could not be told that a user has logged out, and is not told any more",
	},
} as const;

export interface OpenIdParts extends Pick<BrandOpenIdParts, "clock" | "handleOf" | "logError"> {
	readonly storage: HostStorage;
	readonly random: Random;
	readonly vault: Vault;
	readonly accounts: Pick<Accounts, "find">;
	/** Calls connected helpdesks. */
	readonly http: Pick<PublicHttp, "send">;
	/** Left out: new keys. */
	readonly makeSigningKey: MakeSigningKey | undefined;
	/** The helpdesks that the start configures. */
	readonly configured: readonly ConfiguredHelpdesk[];
	/** The base URL of the brand with the administration. */
	readonly administrationAt: () => string;
	/** The sessions of a brand's portal. */
	readonly portalSessions: (brandId: string) => Pick<Sessions, "findById">;
	/** A brand that this node serves. */
	readonly brandOf: (brandId: string) => OpenIdBrand | undefined;
	readonly log: (event: PluginEvent) => void;
}

/** A helpdesk that asks the provider itself. It gets data and never a page. */
const NO_BROWSER: OpenIdVisit = {
	portalSession: undefined,
	pages: {
		error: async () => "",
		over: async () => "",
		logOut: async () => "",
		loggedOut: async () => "",
	},
	logOut: async () => [],
	mayStore: () => true,
};

/** A brand as the provider sees it. */
export type OpenIdBrand = Pick<Brand, "id" | "baseUrl">;

/** What the administration and the pages of a brand need of its provider. */
export interface BrandConnections {
	readonly helpdesks: ConnectedHelpdesks;
	readonly consents: Consents;
	readonly keys: SigningKeys;
	readonly openid: BrandOpenId;
	readonly sessions: ProviderSessions;
}

/** The OpenID Providers of all brands. */
export class OpenIdProviders {
	private readonly brands = new Map<string, BrandConnections & { readonly baseUrl: string }>();

	/** The messages to the connected helpdesks of all brands. */
	readonly messages: LogOutMessages;

	/** The tests of all brands end in the administration, which is at one of them. */
	readonly tests: HelpdeskTests;

	constructor(private readonly parts: OpenIdParts) {
		this.tests = testsOf(parts);
		const { storage, clock, brandOf, log, logError } = parts;
		this.messages = new LogOutMessages({
			storage: namespaced(storage, OPENID_LOG_OUTS),
			...{ clock, logError },
			isServed: (brandId) => brandOf(brandId) !== undefined,
			send: async (message) => {
				const brand = brandOf(message.brandId);
				await (brand && this.of(brand).openid.tell(message));
			},
			report: (what, { brandId, clientId }, error) =>
				log({
					...NOT_TOLD[what],
					level: "warn",
					brandId,
					fields: {
						helpdesk: clientId,
						why: error instanceof Error ? error.message : String(error),
					},
				}),
		});
	}

	/** What does not depend on the address of a brand, so that it is there for a brand that this node does not serve. */
	storedAt(brandId: string): Pick<BrandConnections, "helpdesks" | "consents" | "keys"> {
		return storedAt(this.parts, brandId);
	}

	/** Calls connected helpdesks. */
	get http(): Pick<PublicHttp, "send"> {
		return this.parts.http;
	}

	/** A brand for {@link tests}. */
	testedBrand(brand: OpenIdBrand): TestedBrand {
		const { helpdesks, openid } = this.of(brand);
		return {
			...{ id: brand.id, baseUrl: brand.baseUrl, helpdesks },
			answer: (request, response) => openid.answer(NO_BROWSER, request, response),
		};
	}

	/**
	 * Seals client secrets and signing keys with the first key of the key file, also those of brands that this node does not
	 * serve. What cannot be read stays, and is reported.
	 */
	async reseal(): Promise<void> {
		const { storage, logError } = this.parts;
		const brandIds = new Set<string>();
		for (const place of [OPENID_HELPDESKS, OPENID_KEYS]) {
			for await (const page of pagesOf(namespaced(storage, place), [])) {
				page.forEach(({ key }) => {
					brandIds.add(String(key[0]));
				});
			}
		}
		for (const brandId of brandIds) {
			const { helpdesks, keys } = storedAt(this.parts, brandId);
			try {
				await helpdesks.reseal();
				await keys.reseal();
			} catch (error) {
				if (isStorageError(error)) {
					throw error;
				}
				logError("secrets of connected helpdesks are not sealed with the new key", error);
			}
		}
	}

	/** The provider of a brand, made again when the brand has another address. */
	of({ id, baseUrl }: OpenIdBrand): BrandConnections {
		const known = this.brands.get(id);
		if (known?.baseUrl === baseUrl) {
			return known;
		}
		const made = { ...connectionsOf(this.parts, { id, baseUrl }, this), baseUrl };
		this.brands.set(id, made);
		return made;
	}
}

function connectionsOf(
	parts: OpenIdParts,
	brand: OpenIdBrand,
	{ messages, tests }: Pick<OpenIdProviders, "messages" | "tests">,
): BrandConnections {
	const { storage, accounts, logError } = parts;
	const { id } = brand;
	const { helpdesks, consents, keys } = storedAt(parts, id);
	const activeUser = async (userId: string): Promise<Account | undefined> => {
		const account = await accounts.find(userId);
		return account?.brandId === id && account.status === "active" ? account : undefined;
	};
	const portalSessions = parts.portalSessions(id);
	const portalSessionOf: BrandOpenIdParts["portalSessionOf"] = async (sessionId, find) => {
		const session = await portalSessions.findById(sessionId);
		const account = session && (await find(session.subjectId));
		return session !== undefined && account?.sessionEpoch === session.epoch
			? { userId: account.id, epoch: session.epoch }
			: undefined;
	};
	const openid = new BrandOpenId({
		...parts,
		...{ brand, helpdesks, consents, keys, activeUser, portalSessionOf },
		storage: namespaced(storage, openidRecordsOf(id)),
		tellLater: (message) => {
			messages
				.leave({ ...message, brandId: id })
				.catch((error) => logError("a connected helpdesk is not told of a log-out", error));
		},
		refusedClients: new RefusedClients(id, parts.clock, parts.log),
		fetch: providerFetch(parts.http),
		testRedirectUri: () => testedAt(parts.administrationAt),
		isTested: (helpdeskId) => tests.isOpenFor(id, helpdeskId),
	});
	const portal = { find: (sessionId: string) => portalSessionOf(sessionId, activeUser) };
	const place = { brandId: id, storage, helpdesks, messages, portal, logError };
	return { helpdesks, consents, keys, openid, sessions: new ProviderSessions(place) };
}

function testedAt(administrationAt: () => string): string {
	return `${administrationAt()}${TESTED_PATH}`;
}

function testsOf(parts: OpenIdParts): HelpdeskTests {
	const { accounts, storage, administrationAt } = parts;
	return new HelpdeskTests({
		...parts,
		storage: namespaced(storage, helpdeskTests()),
		accountOf: (subject) => accounts.find(userIdIn(subject)),
		redirectUri: () => testedAt(administrationAt),
	});
}

function storedAt(
	{ storage, clock, random, vault, logError, configured, makeSigningKey }: OpenIdParts,
	brandId: string,
): Pick<BrandConnections, "helpdesks" | "consents" | "keys"> {
	const place = namespaced(storage, connectedHelpdesksOf(brandId));
	return {
		helpdesks: new ConnectedHelpdesks(
			...([brandId, place, vault, clock, random, logError, configured] as const),
		),
		consents: new Consents(namespaced(storage, consentsOf(brandId)), clock),
		keys: new SigningKeys(
			...([brandId, namespaced(storage, openidKeysOf(brandId)), vault, clock] as const),
			...([logError, makeSigningKey] as const),
		),
	};
}
