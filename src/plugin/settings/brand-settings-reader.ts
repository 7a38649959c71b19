import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../injection.ts";
import type { BrandLogin, LoginSettings } from "../login/login-settings.ts";
import { domainsIn } from "./domain-list.ts";
import { validateSettings } from "./settings-validator.js";

const STRICTEST = {
	mode: "link-only",
	linking: "prove",
	allowedDomains: [],
	blockedDomains: [],
	credentials: undefined,
} as const;

/**
 * Reads a brand's settings for each request. A brand whose stored values the schema refuses counts as not set up, and an
 * event names the setting.
 */
@injectable()
export class BrandSettingsReader implements LoginSettings {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async read(brandId: string): Promise<BrandLogin> {
		const [{ enabled, values }, apiKeySecret] = await Promise.all([
			this.host.settings.read(brandId),
			this.host.secrets.get(brandId, "apiKeySecret"),
		]);
		if (!validateSettings(values)) {
			this.host.events.emit({
				name: "settings.refused",
				level: "error",
				message: "a stored setting is not valid",
				brandId,
				fields: { setting: validateSettings.errors },
			});
			return { ...STRICTEST, enabled };
		}
		const { apiKey, mode, linking } = values;
		const credentials =
			apiKey !== undefined && apiKeySecret !== undefined ? { apiKey, apiKeySecret } : undefined;
		return {
			enabled,
			mode,
			linking,
			allowedDomains: domainsIn(values.allowedDomains),
			blockedDomains: domainsIn(values.blockedDomains),
			credentials,
		};
	}
}
