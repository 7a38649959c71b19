import { canonicalDomain } from "../../contract/email-address.ts";
import type { SettingsChange, SettingsProblem } from "../../contract/settings.ts";
import { domainsIn } from "./domain-list.ts";

/** What people paste instead of the keys: other values on X's page "Keys and tokens", or more than the key. */
type OtherKey = "client-id" | "bearer-token" | "access-token" | "wrapped";

/** A Bearer Token begins with the app's number in base64. */
const BEARER_TOKEN = /^(Bearer )?A{8}/;
/** The number before the dash is that of the app's owner. */
const ACCESS_TOKEN = /^[0-9]{1,20}-[0-9A-Za-z]{20,}$/;

/** The quotation marks, braces and names around a key in a file. X's keys consist of letters and digits. */
const WRAPPED = /["'`(){}[\]<>:=,;]/;

/** Finds what the schema cannot express: well-formed but wrong keys, and lists with invalid domains. */
export function refuseSettings({ values, secrets }: SettingsChange): SettingsProblem[] {
	const apiKey = values["apiKey"];
	const problems: SettingsProblem[] = [];
	const otherKey = typeof apiKey === "string" ? otherKeyIn(apiKey) : undefined;
	if (otherKey !== undefined) {
		problems.push({ setting: "apiKey", message: `settings.apiKey.is-${otherKey}` });
	}
	// Both are absent for a brand that uses the keys of all brands.
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
	return isClientId ? "client-id" : WRAPPED.test(typed) ? "wrapped" : undefined;
}
