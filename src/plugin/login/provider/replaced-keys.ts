import { inject, injectable, LOGIN_SETTINGS } from "../../injection.ts";
import type { LoginSettings } from "../login-settings.ts";
import type { Credentials } from "./identity-provider.ts";

/** Finds replaced keys, so that people who log in while an administrator replaces them still succeed. */
@injectable()
export class ReplacedKeys {
	constructor(@inject(LOGIN_SETTINGS) private readonly settings: LoginSettings) {}

	/** The keys in force now; undefined if they are the ones that were used. */
	async since(brandId: string, used: Credentials): Promise<Credentials | undefined> {
		const { credentials } = await this.settings.read(brandId);
		const stored = credentials[used.protocol];
		const same = stored?.key === used.key && stored.secret?.reveal() === used.secret?.reveal();
		return same ? undefined : stored;
	}
}
