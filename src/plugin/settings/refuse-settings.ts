import { canonicalDomain } from "../../contract/email-address.ts";
import type { SettingsChange, SettingsProblem } from "../../contract/settings.ts";
import { domainsIn } from "./domain-list.ts";

// "1:ci" at the end, in base64: how X's OAuth 2.0 Client IDs end.
const CLIENT_ID_END = /MTpjaQ={0,2}$/;

/** What the schema cannot say: keys that are well-formed and still the wrong ones, lists of what is no domain. */
export function refuseSettings({ values, secrets }: SettingsChange): SettingsProblem[] {
	const apiKey = values["apiKey"];
	const problems: SettingsProblem[] = [];
	if (typeof apiKey === "string" && CLIENT_ID_END.test(apiKey)) {
		problems.push({ setting: "apiKey", message: "settings.apiKey.is-client-id" });
	}
	// A brand that takes both from all brands has neither of its own.
	const apiKeySecret = secrets["apiKeySecret"]?.reveal();
	if (apiKeySecret !== undefined && apiKeySecret === apiKey) {
		problems.push({ setting: "apiKeySecret", message: "settings.apiKeySecret.is-api-key" });
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
