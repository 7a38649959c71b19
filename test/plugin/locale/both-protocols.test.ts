// Ends, problems and pages belong to log-ins under OAuth 1.0a and OAuth 2.0 alike: their sentences have to be right for both.
import { expect, test } from "vitest";
import de from "../../../locales/de.json" with { type: "json" };
import en from "../../../locales/en.json" with { type: "json" };

const LOCALES = { en, de } as Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Words of one protocol. */
const OF_ONE =
	/verifier|request token|API[- ]key|API-Schlüssel|API-Geheimnis|Client ID|Client Secret|OAuth ?\d|PKCE|access.token/i;
/** Problems of the keys of one protocol, which no log-in under the other one meets. */
const OF_KEYS = /^x-problem\.(bad-keys|bad-client|unknown-client)\b/;

test.each(Object.keys(LOCALES))(
	"no page for visitors, and no end, names one protocol (%s)",
	(locale) => {
		const named = Object.entries(LOCALES[locale] ?? {}).filter(
			([key, text]) =>
				/^(error|end|button|page|form|mail|simulate)\./.test(key) && OF_ONE.test(text),
		);
		expect(named).toEqual([]);
	},
);

test.each(Object.keys(LOCALES))(
	"advice that names a protocol says which one it is for (%s)",
	(locale) => {
		const wrong = Object.entries(LOCALES[locale] ?? {}).filter(
			([key, text]) =>
				key.startsWith("x-problem.") &&
				!OF_KEYS.test(key) &&
				OF_ONE.test(text) &&
				!/OAuth (1\.0a|2\.0)/.test(text),
		);
		expect(wrong).toEqual([]);
	},
);

test.each(Object.keys(LOCALES))(
	"the guide has the keys, the names of X and the traps of both (%s)",
	(locale) => {
		const texts = LOCALES[locale] ?? {};
		const guide = Object.entries(texts).filter(([key]) => key.startsWith("setup."));
		const text = guide.map(([, sentence]) => sentence).join("\n");
		for (const name of [
			"https://console.x.com",
			"API Key Secret",
			"Client Secret",
			"User authentication settings",
			"Request email from users",
			"Web App, Automated App or Bot",
			"Callback URI / Redirect URL",
			"Keys and tokens",
			"Something went wrong",
		]) {
			expect(text).toContain(name);
		}
		expect(texts["setup.callback"]).toContain("{callbackUrl}");
	},
);
