import type { SettingsChange, SettingsProblem } from "../../contract/settings.ts";

// "1:ci" at the end, in base64: how X's OAuth 2.0 Client IDs end.
const CLIENT_ID_END = /MTpjaQ={0,2}$/;

/** What the schema cannot say: keys that are well-formed and still the wrong ones. */
export function refuseSettings({ values, secrets }: SettingsChange): SettingsProblem[] {
	const apiKey = values["apiKey"];
	const problems: SettingsProblem[] = [];
	if (typeof apiKey === "string" && CLIENT_ID_END.test(apiKey)) {
		problems.push({ setting: "apiKey", message: "settings.apiKey.is-client-id" });
	}
	if (secrets["apiKeySecret"]?.reveal() === apiKey) {
		problems.push({ setting: "apiKeySecret", message: "settings.apiKeySecret.is-api-key" });
	}
	return problems;
}
