import { canonicalDomain } from "../../contract/email-address.ts";
import type { Secrets, SettingsChange, SettingsProblem } from "../../contract/settings.ts";
import { domainsIn } from "./domain-list.ts";

/** The settings that take a key of X, and what the key is called in the locales. */
const KEYS = {
	apiKey: "api-key",
	apiKeySecret: "api-key-secret",
	clientId: "client-id",
	clientSecret: "client-secret",
} as const;

/** What people paste instead of a key: another value on X's page "Keys and tokens", or more than the key. */
type Pasted = (typeof KEYS)[keyof typeof KEYS] | "bearer-token" | "access-token" | "wrapped";

/** A Bearer Token begins with the app's number in base64. */
const BEARER_TOKEN = /^(Bearer )?A{8}/;
/** The number before the dash is that of the app's owner. A Client Secret may have a dash, and hardly after so many digits. */
const ACCESS_TOKEN = /^[0-9]{5,20}-[0-9A-Za-z]{20,}$/;

/** The quotation marks, braces and names around a key in a file. X's keys have none of these characters. */
const WRAPPED = /["'`(){}[\]<>:=,;]/;

/**
 * Finds what the schema cannot express: well-formed but wrong keys, missing ones, and lists with invalid domains. It
 * refuses only what is certain. An API key, its secret and a Client Secret look alike, so each is recognised only in the
 * field of another that has the same value.
 *
 * @param stored the secrets in force before the change.
 */
export async function refuseSettings(
	{ brandId, values, secrets, inherited }: SettingsChange,
	stored: Secrets,
): Promise<SettingsProblem[]> {
	const problems = inherited === undefined ? [] : missingIn({ ...inherited, ...values });
	const known = new Map<string, Pasted>();
	const keptKinds = new Map<string, string>();
	for (const setting of ["apiKeySecret", "clientSecret"] as const) {
		const kept = secrets[setting] === undefined && (await stored.get(brandId, setting));
		if (kept) {
			keptKinds.set(kept.reveal(), KEYS[setting]);
		}
	}
	// A key is absent for a brand that uses the keys of all brands, and for a secret that stays.
	for (const [setting, kind] of Object.entries(KEYS)) {
		const typed = values[setting] ?? secrets[setting]?.reveal();
		if (typeof typed !== "string") {
			continue;
		}
		const shape = shapeOf(typed);
		const other = shape === kind ? undefined : (shape ?? known.get(typed));
		const kept = keptKinds.get(typed);
		if (other !== undefined) {
			problems.push({ setting, message: `settings.${setting}.is-${other}` });
		} else if (kept !== undefined && kept !== kind) {
			// Which of the two is wrong is not known.
			problems.push({ setting, message: `settings.is-stored.${kept}` });
		} else {
			known.set(typed, kind);
		}
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

/** A brand under OAuth 1.0a alone can be saved without keys, as before OAuth 2.0. Its helpdesk says what is missing. */
function missingIn({ protocol, apiKey, clientId }: SettingsChange["values"]): SettingsProblem[] {
	const missing = [
		...(protocol === "oauth2-else-oauth1" && apiKey === undefined ? ["apiKey"] : []),
		...(protocol !== "oauth1" && clientId === undefined ? ["clientId"] : []),
	];
	return missing.map((setting) => ({ setting, message: `settings.${setting}.is-missing` }));
}

function shapeOf(typed: string): Pasted | undefined {
	if (BEARER_TOKEN.test(typed)) {
		return "bearer-token";
	}
	if (ACCESS_TOKEN.test(typed)) {
		return "access-token";
	}
	if (WRAPPED.test(typed)) {
		return "wrapped";
	}
	// OAuth 2.0 Client IDs are base64 of a name, a version and "ci".
	const isClientId = Buffer.from(typed, "base64").toString("latin1").endsWith(":1:ci");
	return isClientId ? "client-id" : undefined;
}
