import { inject, injectable, LOGIN_SETTINGS } from "../../injection.ts";
import type { LoginSettings } from "../login-settings.ts";
import type { Credentials } from "./identity-provider.ts";

/** An administrator may replace a brand's keys at any moment, and people who are logging in then still get in. */
@injectable()
export class ReplacedKeys {
	constructor(@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings) {}

	/** What is in force now; undefined where it is still what was used. */
	async since(brandId: string, used: Credentials): Promise<Credentials | undefined> {
		const { credentials } = await this.settings.read(brandId);
		const same =
			credentials?.apiKey === used.apiKey &&
			credentials.apiKeySecret.reveal() === used.apiKeySecret.reveal();
		return same ? undefined : credentials;
	}
}
