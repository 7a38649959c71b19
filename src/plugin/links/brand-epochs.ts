import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { StorageCheck, StorageKey } from "../../contract/storage.ts";
import { HOST, inject, injectable } from "../injection.ts";

/** Longer than any log-in or import can take. */
export const EPOCH_MS = 60 * 60_000;

/** The first part of the key of a brand's epoch. */
export const BRAND_EPOCH = "brand-epoch";

/** An epoch is the time between two purges of a brand's links. A commit that checks the epoch fails after a purge. */
@injectable()
export class BrandEpochs {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	/** The check holds until the links of the brand are purged, whether its log-in is on or not. */
	async check(brandId: string): Promise<StorageCheck> {
		const key = epochKey(brandId);
		return { key, version: (await this.host.storage.get(key))?.version ?? null };
	}

	/** Starts a new epoch. Every check made before fails from now on. */
	async end(brandId: string): Promise<void> {
		const expiresAt = this.host.clock.now() + EPOCH_MS;
		await this.host.storage.commit({
			sets: [{ key: epochKey(brandId), value: null, expiresAt }],
		});
	}
}

function epochKey(brandId: string): StorageKey {
	return [BRAND_EPOCH, brandId];
}
