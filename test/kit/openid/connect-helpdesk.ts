import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { derivedKeys } from "../../../src/helpdesk/derived-keys.ts";
import { connectedHelpdesksOf } from "../../../src/helpdesk/namespaces.ts";
import {
	type ConfiguredHelpdesk,
	ConnectedHelpdesks,
	type NewConnectedHelpdesk,
} from "../../../src/helpdesk/openid/connected-helpdesks.ts";
import { Vault } from "../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";

/** Where the relying parties of tests get their answers. Nothing listens there. */
export const REDIRECT_URI = "https://desk.example.org/callback";

const DESK: NewConnectedHelpdesk = {
	preset: "another",
	name: "Acorn Desk",
	address: "https://desk.example.org",
	redirectUris: [REDIRECT_URI],
	postLogoutRedirectUris: ["https://desk.example.org/goodbye"],
	backChannelLogoutUri: null,
	clientAuth: "client_secret_basic",
	signature: "ES256",
	pkce: true,
	needsEmail: false,
	straightToX: false,
	neverAsserted: [],
};

export interface Keeping {
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly keys: readonly Uint8Array[];
}

/** The connected helpdesks of a brand, as the helpdesk that keeps them has them. */
export function connectedHelpdesks(
	{ storage, clock, keys }: Keeping,
	brandId = "acorn",
	configured: readonly ConfiguredHelpdesk[] = [],
): ConnectedHelpdesks {
	return new ConnectedHelpdesks(
		brandId,
		namespaced(storage, connectedHelpdesksOf(brandId)),
		new Vault(derivedKeys(keys, "vault")),
		clock,
		cryptoRandom,
		(what, error) => {
			throw new Error(what, { cause: error });
		},
		configured,
	);
}

/** Connects a helpdesk to a brand. @returns its client id and secret. */
export async function connectHelpdesk(
	keeping: Keeping,
	desk: Partial<NewConnectedHelpdesk> = {},
	brandId?: string,
): Promise<{ readonly clientId: string; readonly clientSecret: string }> {
	const added = await connectedHelpdesks(keeping, brandId).add({ ...DESK, ...desk });
	if (added === undefined) {
		throw new Error("there are too many connected helpdesks");
	}
	return { clientId: added.helpdesk.id, clientSecret: added.secret.reveal() };
}
