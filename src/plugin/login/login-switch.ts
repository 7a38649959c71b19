import type { StorageCheck } from "../../contract/storage.ts";
import { inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import { BrandEpochs } from "../links/brand-epochs.ts";
import { LoginError } from "./login-error.ts";
import type { LoginSettings } from "./login-settings.ts";

/** Checks that the log-in of a brand is still on before a visitor's data are stored for good. */
@injectable()
export class LoginSwitch {
	constructor(
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(BrandEpochs) private readonly epochs: BrandEpochs,
	) {}

	/**
	 * @returns a check that keeps a commit from following a purge: a later purge changes the epoch, and an earlier one has
	 *   switched the log-in off.
	 * @throws LoginError when it is switched off.
	 */
	async check(brandId: string): Promise<StorageCheck> {
		const epoch = await this.epochs.check(brandId);
		if (!(await this.settings.read(brandId)).enabled) {
			throw new LoginError("not-available");
		}
		return epoch;
	}
}
