import type { SettingSchema, SettingsSchema } from "../../contract/settings-schema.ts";
import { finding, type Report } from "../finding.ts";

const SECRET =
	/secret|password|passwd|passphrase|token|credential|(?:private|signing|encryption)key/;
const KEY = /(?:api|access|consumer|client|auth|licen[cs]e)key$/;

/** Settings that are called secrets, and would be shown again. */
export function findReadableSecrets(
	file: string,
	{ properties }: SettingsSchema,
	report: Report,
): void {
	for (const [name, setting] of Object.entries(properties)) {
		if (isText(setting) && !setting.writeOnly && looksSecret(name, properties)) {
			const message = `the setting ${name} looks like a secret, but can be read`;
			report(finding("readable-secret", message, { file }));
		}
	}
}

function isText({ type, enum: options }: SettingSchema): boolean {
	return type === "string" && options === undefined;
}

/** A key with a secret beside it (`apiKey`, `apiKeySecret`) is a name, as OAuth 1.0a has it. */
function looksSecret(name: string, settings: SettingsSchema["properties"]): boolean {
	const lower = name.toLowerCase();
	const hasSecret = settings[`${name}Secret`]?.writeOnly === true;
	return SECRET.test(lower) || (KEY.test(lower) && !hasSecret);
}
