import { canonicalDomain } from "../../contract/email-address.ts";
import type { SettingsChange, SettingsProblem } from "../../contract/settings.ts";
import { domainsIn } from "./domain-list.ts";

/** What else X's page "Keys and tokens" shows, and people paste for the keys. */
type OtherKey = "client-id" | "bearer-token" | "access-token";

/** An app's Bearer Token begins with what its number is in base64. */
const BEARER_TOKEN = /^(Bearer )?A{8}/;
/** The number of the app's owner is before the dash. */
const ACCESS_TOKEN = /^[0-9]{1,20}-[0-9A-Za-z]{20,}$/;

/** What the schema cannot say: keys that are well-formed and still the wrong ones, lists of what is no domain. */
export function refuseSettings({ values, secrets }: SettingsChange): SettingsProblem[] {
	const apiKey = values["apiKey"];
	const problems: SettingsProblem[] = [];
	const otherKey = typeof apiKey === "string" ? otherKeyIn(apiKey) : undefined;
	if (otherKey !== undefined) {
		problems.push({ setting: "apiKey", message: `settings.apiKey.is-${otherKey}` });
	}
	// A brand that takes both from all brands has neither of its own.
	const apiKeySecret = secrets["apiKeySecret"]?.reveal();
	const otherSecret = apiKeySecret === undefined ? undefined : otherKeyIn(apiKeySecret);
	if (apiKeySecret !== undefined && apiKeySecret === apiKey) {
		problems.push({ setting: "apiKeySecret", message: "settings.apiKeySecret.is-api-key" });
	} else if (otherSecret !== undefined) {
		problems.push({ setting: "apiKeySecret", message: `settings.apiKeySecret.is-${otherSecret}` });
	}
	for (const setting of ["allowedDomains", "blockedDomains"] as const) {
		const list = values[setting];
		if (
			typeof list === "string" &&
			!domainsIn(list).every((domain) => canonicalDomain(domain) !== undefined)
		) {
			problems.push({ setting, message: `settings.${setting}.not-a-domain` });
		}
	}
	return problems;
}

function otherKeyIn(typed: string): OtherKey | undefined {
	if (BEARER_TOKEN.test(typed)) {
		return "bearer-token";
	}
	if (ACCESS_TOKEN.test(typed)) {
		return "access-token";
	}
	// OAuth 2.0 Client IDs are base64 of a name, a version and "ci".
	const isClientId = Buffer.from(typed, "base64").toString("latin1").endsWith(":1:ci");
	return isClientId ? "client-id" : undefined;
}
