import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { StorageCheck, StorageKey } from "../../contract/storage.ts";
import { HOST, inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import { LoginError } from "../login/login-error.ts";
import type { LoginSettings } from "../login/login-settings.ts";
import { EPOCH_MS } from "./links.ts";

/** The first part of the key of a brand's epoch. */
export const BRAND_EPOCH = "brand-epoch";

/** Whether the log-in of a brand is still on when something of a visitor is about to be stored for good. */
@injectable()
export class OpenBrands {
	constructor(
		@inject(HOST) private readonly host: HelpdeskHost,
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
	) {}

	/**
	 * What a commit has to check so that it cannot come after a purge: one that begins from now on changes the epoch, and
	 * one that began before found the log-in switched off.
	 *
	 * @throws LoginError when it is switched off.
	 */
	async check(
		brandId: string,
		end: { readonly returnPath: string; readonly linking?: boolean },
	): Promise<StorageCheck> {
		const epoch = await this.epochOf(brandId);
		if (!(await this.settings.read(brandId)).enabled) {
			throw new LoginError("not-available", end);
		}
		return epoch;
	}

	/** Holds until the links of the brand are purged, whether its log-in is on or not. */
	async epochOf(brandId: string): Promise<StorageCheck> {
		const key = epochKey(brandId);
		return { key, version: (await this.host.storage.get(key))?.version ?? null };
	}

	/** Whatever was checked before is refused from now on. */
	async endEpoch(brandId: string): Promise<void> {
		const expiresAt = this.host.clock.now() + EPOCH_MS;
		await this.host.storage.commit({
			sets: [{ key: epochKey(brandId), value: null, expiresAt }],
		});
	}
}

function epochKey(brandId: string): StorageKey {
	return [BRAND_EPOCH, brandId];
}
