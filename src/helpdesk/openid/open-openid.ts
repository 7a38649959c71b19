import type { Brand } from "../../contract/brands.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { connectedHelpdesksOf, consentsOf, openidKeysOf, openidRecordsOf } from "../namespaces.ts";
import type { Accounts } from "../people/accounts.ts";
import type { Sessions } from "../people/sessions.ts";
import type { Account } from "../people/stored-account.ts";
import type { Vault } from "../settings/vault.ts";
import { BrandOpenId, type BrandOpenIdParts } from "./brand-openid.ts";
import { ConnectedHelpdesks } from "./connected-helpdesks.ts";
import { Consents } from "./consents.ts";
import { SigningKeys } from "./signing-keys.ts";

export interface OpenIdParts
	extends Pick<BrandOpenIdParts, "clock" | "handleOf" | "fetch" | "logError"> {
	readonly storage: HostStorage;
	readonly random: Random;
	readonly vault: Vault;
	readonly accounts: Pick<Accounts, "find">;
	/** The sessions of a brand's portal. */
	readonly portalSessions: (brandId: string) => Pick<Sessions, "findById">;
}

/** A brand as the provider sees it. */
export type OpenIdBrand = Pick<Brand, "id" | "baseUrl">;

/** What the administration and the pages of a brand need of its provider. */
export interface BrandConnections {
	readonly helpdesks: ConnectedHelpdesks;
	readonly consents: Consents;
	readonly keys: SigningKeys;
	readonly openid: BrandOpenId;
}

/** The OpenID Providers of all brands. */
export class OpenIdProviders {
	private readonly brands = new Map<string, BrandConnections & { readonly baseUrl: string }>();

	constructor(private readonly parts: OpenIdParts) {}

	/** The provider of a brand, made again when the brand has another address. */
	of({ id, baseUrl }: OpenIdBrand): BrandConnections {
		const known = this.brands.get(id);
		if (known?.baseUrl === baseUrl) {
			return known;
		}
		const made = { ...connectionsOf(this.parts, { id, baseUrl }), baseUrl };
		this.brands.set(id, made);
		return made;
	}
}

function connectionsOf(parts: OpenIdParts, brand: OpenIdBrand): BrandConnections {
	const { storage, clock, random, vault, accounts, logError } = parts;
	const { id } = brand;
	const helpdesks = new ConnectedHelpdesks(
		...([
			id,
			namespaced(storage, connectedHelpdesksOf(id)),
			vault,
			clock,
			random,
			logError,
		] as const),
	);
	const consents = new Consents(namespaced(storage, consentsOf(id)), clock);
	const keys = new SigningKeys(id, namespaced(storage, openidKeysOf(id)), vault, clock);
	const accountOf = async (userId: string): Promise<Account | undefined> => {
		const account = await accounts.find(userId);
		return account?.brandId === id && account.status === "active" ? account : undefined;
	};
	const sessions = parts.portalSessions(id);
	const openid = new BrandOpenId({
		...parts,
		...{ brand, helpdesks, consents, keys, accountOf },
		storage: namespaced(storage, openidRecordsOf(id)),
		userOf: async (sessionId) => {
			const session = await sessions.findById(sessionId);
			const account = session && (await accountOf(session.subjectId));
			return account?.sessionEpoch === session?.epoch ? account?.id : undefined;
		},
		epochOf: async (userId) => (await accountOf(userId))?.sessionEpoch,
		extraRedirectUris: () => [],
	});
	return { helpdesks, consents, keys, openid };
}
