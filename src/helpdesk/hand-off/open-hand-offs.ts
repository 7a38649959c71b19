import type { Clock } from "../../contract/clock.ts";
import { type HostStorage, isStorageError } from "../../contract/storage.ts";
import { pagesOf } from "../../contract/storage-pages.ts";
import type { PublicHttp } from "../../ports/public-http.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { HAND_OFF_HELPDESKS, handOffHelpdesksOf } from "../namespaces.ts";
import type { Vault } from "../settings/vault.ts";
import { type ConfiguredHandOff, HandOffHelpdesks } from "./hand-off-helpdesks.ts";
import { HandOffTokens } from "./hand-off-tokens.ts";
import { HandOffs, type HandOffsParts } from "./hand-offs.ts";
import { SupportPalUsers } from "./supportpal-users.ts";

export interface BrandHandOffsParts extends Pick<HandOffsParts, "random" | "log" | "logError"> {
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly vault: Vault;
	/** Calls REST APIs. */
	readonly http: Pick<PublicHttp, "send">;
	/** The helpdesks that the start configures. */
	readonly configured: readonly ConfiguredHandOff[];
}

/** The hand-offs of all brands. */
export class BrandHandOffs {
	private readonly brands = new Map<string, HandOffs>();

	constructor(private readonly parts: BrandHandOffsParts) {}

	/** The hand-offs of a brand, also of one that this node does not serve. */
	of(brandId: string): HandOffs {
		const known = this.brands.get(brandId) ?? this.made(brandId);
		this.brands.set(brandId, known);
		return known;
	}

	private made(brandId: string): HandOffs {
		const { storage, clock, vault, random, http, configured, logError } = this.parts;
		const helpdesks = new HandOffHelpdesks(
			...([brandId, namespaced(storage, handOffHelpdesksOf(brandId)), vault, clock] as const),
			...([random, logError, configured] as const),
		);
		const tokens = new HandOffTokens(clock, random);
		const supportPal = new SupportPalUsers(http);
		return new HandOffs({ ...this.parts, brandId, helpdesks, tokens, supportPal });
	}

	/**
	 * Seals secrets with the first key of the key file, also those of brands that this node does not serve. What cannot be
	 * read stays, and is reported.
	 */
	async reseal(): Promise<void> {
		const { storage, logError } = this.parts;
		const brandIds = new Set<string>();
		for await (const page of pagesOf(namespaced(storage, HAND_OFF_HELPDESKS), [])) {
			page.forEach(({ key }) => {
				brandIds.add(String(key[0]));
			});
		}
		for (const brandId of brandIds) {
			try {
				await this.of(brandId).helpdesks.reseal();
			} catch (error) {
				if (isStorageError(error)) {
					throw error;
				}
				logError("secrets of hand-offs are not sealed with the new key", error);
			}
		}
	}
}
