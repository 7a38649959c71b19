import type { StorageCheck } from "../../contract/storage.ts";
import { inject, injectable, LOGIN_SETTINGS } from "../injection.ts";
import { BrandEpochs } from "../links/brand-epochs.ts";
import { LoginError } from "./login-error.ts";
import type { LoginSettings } from "./login-settings.ts";

/** Whether the log-in of a brand is still on when something of a visitor is about to be stored for good. */
@injectable()
export class LoginSwitch {
	constructor(
		@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings,
		@inject(BrandEpochs) private readonly epochs: BrandEpochs,
	) {}

	/**
	 * @returns what a commit has to check so that it cannot come after a purge: a purge that begins from now on changes the
	 *   epoch, and one that began before found the log-in switched off.
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
