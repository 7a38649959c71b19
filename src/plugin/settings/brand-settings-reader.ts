import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import { HOST, inject, injectable } from "../injection.ts";
import type { BrandLogin, LoginMode, LoginSettings } from "../login/login-settings.ts";
import { validateSettings } from "./settings-validator.js";

/** What `settings-schema.json` allows, secrets left out. */
interface StoredSettings {
	readonly apiKey?: string;
	readonly mode: LoginMode;
}

/** Reads a brand's settings afresh for each request. Stored values the schema refuses count as not set up. */
@injectable()
export class BrandSettingsReader implements LoginSettings {
	constructor(@inject(HOST) private readonly host: HelpdeskHost) {}

	async read(brandId: string): Promise<BrandLogin> {
		const [{ enabled, values }, apiKeySecret] = await Promise.all([
			this.host.settings.read(brandId),
			this.host.secrets.get(brandId, "apiKeySecret"),
		]);
		if (!isStoredSettings(values)) {
			return { enabled, mode: "login-only", credentials: undefined };
		}
		const { apiKey, mode } = values;
		const credentials =
			apiKey !== undefined && apiKeySecret !== undefined ? { apiKey, apiKeySecret } : undefined;
		return { enabled, mode, credentials };
	}
}

function isStoredSettings(values: unknown): values is StoredSettings {
	return validateSettings(values);
}
