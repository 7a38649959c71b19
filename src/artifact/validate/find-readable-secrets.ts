import type { SettingSchema, SettingsSchema } from "../../contract/settings-schema.ts";
import { finding, type Report } from "../finding.ts";

const SECRET =
	/secret|password|passwd|passphrase|token|credential|(?:private|signing|encryption)key/;
const KEY = /(?:api|access|consumer|client|auth|licen[cs]e)key$/;

/** Reports settings that are named like secrets and can be read. */
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

/** A key with a secret next to it (`apiKey`, `apiKeySecret`) is public in OAuth 1.0a. */
function looksSecret(name: string, settings: SettingsSchema["properties"]): boolean {
	const lower = name.toLowerCase();
	const hasSecret = settings[`${name}Secret`]?.writeOnly === true;
	return SECRET.test(lower) || (KEY.test(lower) && !hasSecret);
}
