import type { Manifest } from "../../contract/manifest.ts";
import type { Locales } from "../../contract/plugin.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import { finding, type Report } from "../finding.ts";
import { compileSchema } from "../json-schema.ts";
import { linesOf } from "../lines.ts";
import { readJsonFile } from "./json-file.ts";
import { MANIFEST } from "./read-manifest.ts";
import { type LoadedSettingsPage, SETTINGS_PAGE, textsOfPage } from "./read-settings-page.ts";

type Locale = Readonly<Record<string, string>>;

const checkLocale = compileSchema<Locale>({
	type: "object",
	additionalProperties: { type: "string" },
});

/** The locales by tag, compared with the default locale. `undefined` where the default locale is missing. */
export function readLocales(
	files: ReadonlyMap<string, Uint8Array>,
	{ locales: { directory, default: fallback } }: Manifest,
	report: Report,
): Locales | undefined {
	const locales = new Map<string, Locale>();
	const names = [...files.keys()].filter((name) => name.startsWith(`${directory}/`));
	for (const file of names) {
		const tag = /^[^/]+\/([A-Za-z0-9-]+)\.json$/.exec(file)?.[1];
		if (tag !== undefined) {
			const locale = readJsonFile(files, file, checkLocale, "invalid-locale", report);
			if (!isTag(tag)) {
				report(finding("invalid-locale", `"${tag}" is not a BCP 47 tag`, { file }));
			}
			if (locale !== undefined) {
				locales.set(tag, locale);
			}
		}
	}
	const model = locales.get(fallback);
	if (model === undefined) {
		const file = `${directory}/${fallback}.json`;
		if (!files.has(file)) {
			report(finding("missing-file", "this file is missing; it is the default locale", { file }));
		}
		return undefined;
	}
	for (const [tag, locale] of locales) {
		const file = `${directory}/${tag}.json`;
		compare(model, locale, file, new TextDecoder().decode(files.get(file)), report);
	}
	return locales;
}

function isTag(tag: string): boolean {
	try {
		return Intl.getCanonicalLocales(tag).length === 1;
	} catch {
		return false;
	}
}

function compare(
	model: Locale,
	locale: Locale,
	file: string,
	source: string,
	report: Report,
): void {
	for (const key of Object.keys(model)) {
		if (!Object.hasOwn(locale, key)) {
			report(finding("missing-text", `"${key}" is missing`, { file }));
		}
	}
	let lines: ReadonlyMap<string, number> | undefined;
	const placeOf = (key: string): { file: string; line: number } => {
		lines ??= linesOfKeys(source);
		return { file, line: lines.get(JSON.stringify(key)) ?? 1 };
	};
	for (const [key, text] of Object.entries(locale)) {
		if (!Object.hasOwn(model, key)) {
			report(finding("unknown-text", `"${key}" is not in the default locale`, placeOf(key)));
		} else if (placeholders(model[key] ?? "") !== placeholders(text)) {
			const message = `"${key}" has other placeholders than the default locale`;
			report(finding("other-placeholders", message, placeOf(key)));
		}
	}
}

function linesOfKeys(source: string): Map<string, number> {
	const lineAt = linesOf(source);
	const keys = [...source.matchAll(/("(?:[^"\\]|\\.){0,200}")\s{0,9}:/g)];
	return new Map(keys.map(({ 1: key = "", index }) => [key, lineAt(index)]));
}

function placeholders(text: string): string {
	return [...new Set(text.match(/\{\w+\}/g))].sort().join();
}

/** Reports texts that the manifest, the settings and their page need and the default locale lacks. */
export function checkTexts(
	{ texts, linkFile, locales: { directory, default: fallback } }: Manifest,
	{
		settingsSchema,
		settingsPage,
	}: {
		readonly settingsSchema: SettingsSchema | undefined;
		readonly settingsPage: LoadedSettingsPage | undefined;
	},
	locales: Locales,
	report: Report,
): void {
	const settings = Object.entries(settingsSchema?.properties ?? {}).flatMap(([name, setting]) => [
		`settings.${name}.label`,
		`settings.${name}.help`,
		...(setting.enum ?? []).map((value) => `settings.${name}.option.${value}`),
	]);
	const wanted = [
		texts.description,
		texts.privacy,
		...(texts.privacyPolicy === undefined ? [] : [texts.privacyPolicy]),
		...texts.prerequisites,
		...texts.steps,
		...(linkFile === undefined ? [] : [linkFile.help]),
		...settings,
		...(settingsPage === undefined ? [] : textsOfPage(settingsPage)),
	];
	const present = locales.get(fallback) ?? {};
	for (const key of new Set(wanted.filter((key) => !Object.hasOwn(present, key)))) {
		const message = `"${key}" is missing; ${MANIFEST}, the settings or ${SETTINGS_PAGE} need it`;
		report(finding("missing-text", message, { file: `${directory}/${fallback}.json` }));
	}
}
