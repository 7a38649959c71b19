import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../injection.ts";
import type { BrandLogin, LoginSettings } from "../login/login-settings.ts";
import type { Credentials } from "../login/provider/identity-provider.ts";
import { domainsIn } from "./domain-list.ts";
import { validateSettings } from "./settings-validator.js";

/** The protocols that a setting chooses, the first choice first. */
const CHOSEN = {
	oauth1: ["oauth1"],
	oauth2: ["oauth2"],
	"oauth2-else-oauth1": ["oauth2", "oauth1"],
} as const;

const STRICTEST = {
	mode: "link-only",
	linking: "prove",
	allowedDomains: [],
	blockedDomains: [],
	chosen: ["oauth1"],
	ways: [],
	credentials: {},
} as const;

/**
 * Reads a brand's settings for each request. A brand whose stored values the schema refuses counts as not set up, and an
 * event names the setting.
 */
@injectable()
export class BrandSettingsReader implements LoginSettings {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async read(brandId: string): Promise<BrandLogin> {
		const { secrets, settings } = this.host;
		const [{ enabled, values }, apiKeySecret, clientSecret] = await Promise.all([
			settings.read(brandId),
			secrets.get(brandId, "apiKeySecret"),
			secrets.get(brandId, "clientSecret"),
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
		const { apiKey, clientId, mode, linking } = values;
		const oauth1: Credentials | undefined =
			apiKey === undefined || apiKeySecret === undefined
				? undefined
				: { protocol: "oauth1", key: apiKey, secret: apiKeySecret };
		const oauth2: Credentials | undefined =
			// A secret that the host cannot open does not make a confidential client a public one.
			clientId === undefined ||
			(clientSecret === undefined && (await secrets.has(brandId, "clientSecret")))
				? undefined
				: { protocol: "oauth2", key: clientId, secret: clientSecret };
		const chosen = CHOSEN[values.protocol];
		const credentials = { ...(oauth1 && { oauth1 }), ...(oauth2 && { oauth2 }) };
		const withKeys = chosen.flatMap((protocol) => credentials[protocol] ?? []);
		return {
			enabled,
			mode,
			linking,
			allowedDomains: domainsIn(values.allowedDomains),
			blockedDomains: domainsIn(values.blockedDomains),
			chosen,
			// A choice for all brands locks nobody out of a brand that has keys for the other protocol alone.
			ways: withKeys.length > 0 ? withKeys : Object.values(credentials),
			credentials,
		};
	}
}
