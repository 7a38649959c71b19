import type { Manifest } from "../../contract/manifest.ts";
import type { Locales } from "../../contract/plugin.ts";
import type { SettingsSchema } from "../../contract/settings-schema.ts";
import { finding, type Report } from "../finding.ts";
import { compileSchema } from "../json-schema.ts";
import { linesOf } from "../lines.ts";
import {
	type IcuMessage,
	isIcuMessage,
	MessageSyntaxError,
	readIcuMessage,
	textsOfMessage,
	writtenChoices,
} from "./icu-message.ts";
import { readJsonFile } from "./json-file.ts";
import { MANIFEST } from "./read-manifest.ts";
import { type LoadedSettingsPage, SETTINGS_PAGE, textsOfPage } from "./read-settings-page.ts";

type Locale = Readonly<Record<string, string>>;

const checkLocale = compileSchema<Locale>({
	type: "object",
	additionalProperties: { type: "string" },
});

/**
 * The locales by tag, compared with the default locale, with ICU messages as `messageText` takes them. `undefined` where the
 * default locale is missing.
 */
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
			} else if (locale !== undefined) {
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
	const categories = categoriesOf(locales);
	return new Map(
		[...locales].map(([tag, locale]) => {
			const file = `${directory}/${tag}.json`;
			const source = () => new TextDecoder().decode(files.get(file));
			const of = { tag, locale, file, source, report };
			compareKeys(model, of);
			return [tag, compiled(model, of, categories)];
		}),
	);
}

/** The plural categories of all locales, where a text needs them: a packed plugin has no messages, and each start reads it. */
function categoriesOf(locales: ReadonlyMap<string, Locale>): readonly string[] {
	const hasMessages = [...locales.values()].some((texts) =>
		Object.values(texts).some(isIcuMessage),
	);
	const tags = hasMessages ? [...locales.keys()] : [];
	return [...new Set(tags.flatMap((tag) => [...pluralForms(tag)]))];
}

/** The CLDR plural categories of the counts that texts have: whole numbers that are not millions. */
function pluralForms(tag: string): ReadonlySet<string> {
	const rules = new Intl.PluralRules(tag);
	return new Set(Array.from({ length: 201 }, (_, count) => rules.select(count)));
}

function isTag(tag: string): boolean {
	try {
		return Intl.getCanonicalLocales(tag).length === 1;
	} catch {
		return false;
	}
}

interface LocaleFile {
	readonly tag: string;
	readonly locale: Locale;
	readonly file: string;
	/** Reads the text of the file. */
	readonly source: () => string;
	readonly report: Report;
}

function compareKeys(model: Locale, { locale, file, source, report }: LocaleFile): void {
	for (const key of Object.keys(model)) {
		if (!Object.hasOwn(locale, key)) {
			report(finding("missing-text", `"${key}" is missing`, { file }));
		}
	}
	const placeOf = placesIn(source, file);
	for (const key of Object.keys(locale)) {
		if (!Object.hasOwn(model, key)) {
			report(finding("unknown-text", `"${key}" is not in the default locale`, placeOf(key)));
		}
	}
}

/** The texts of a locale, with messages as texts with `{name}` alone. A text that is wrong is reported and left as it is. */
function compiled(
	model: Locale,
	{ tag, locale, file, source, report }: LocaleFile,
	categories: readonly string[],
): Locale {
	const placeOf = placesIn(source, file);
	const texts = new Map<string, string>();
	for (const [key, text] of Object.entries(locale)) {
		const modelText = model[key] ?? text;
		// Most texts hold no value. Each start of a helpdesk reads thousands of them.
		if (!text.includes("{") && !modelText.includes("{")) {
			texts.set(key, text);
			continue;
		}
		try {
			const message = isIcuMessage(text) ? checkedMessage(text, tag) : undefined;
			const modelMessage = isIcuMessage(modelText) ? readIcuMessage(modelText) : undefined;
			if (choicesOf(modelMessage) !== choicesOf(message)) {
				throw new MessageSyntaxError("its forms depend on other values than in the default locale");
			}
			const own = plainTexts(text, message, categories);
			// A packed plugin has the forms as texts of their own, and a helpdesk compares each of them.
			const others = plainTexts(modelText, modelMessage, categories);
			if (
				[...own].some(
					([form, each]) => placeholders(each) !== placeholders(others.get(form) ?? each),
				)
			) {
				const why = `"${key}" has other placeholders than the default locale`;
				report(finding("other-placeholders", why, placeOf(key)));
			}
			for (const [form, each] of own) {
				texts.set(`${key}${form}`, each);
			}
		} catch (error) {
			if (!(error instanceof MessageSyntaxError)) {
				throw error;
			}
			texts.set(key, text);
			report(finding("invalid-message", `"${key}": ${error.message}`, placeOf(key)));
		}
	}
	return Object.fromEntries(texts);
}

/** The texts of a key, by what stands behind it. */
function plainTexts(
	text: string,
	message: IcuMessage | undefined,
	categories: readonly string[],
): ReadonlyMap<string, string> {
	return message === undefined ? new Map([["", text]]) : textsOfMessage(message, categories);
}

/** @throws MessageSyntaxError for a message whose plural forms are not those of its language. */
function checkedMessage(text: string, tag: string): IcuMessage {
	const message = readIcuMessage(text);
	const wanted = pluralForms(tag);
	const known = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
	for (const { name, forms } of message.choices.filter(({ isPlural }) => isPlural)) {
		const missing = [...wanted].find((form) => !forms.has(form));
		if (missing !== undefined) {
			throw new MessageSyntaxError(`{${name}} lacks the plural form “${missing}” of this language`);
		}
		const unknown = [...forms].find(
			(form) => !form.startsWith("=") && !known.includes(form as "one"),
		);
		if (unknown !== undefined) {
			throw new MessageSyntaxError(`{${name}} has the form “${unknown}”, which the language lacks`);
		}
	}
	return message;
}

function choicesOf(message: IcuMessage | undefined): string {
	return message === undefined ? "" : writtenChoices(message);
}

/** Where keys stand in a file. It is read only when something is reported. */
function placesIn(
	source: () => string,
	file: string,
): (key: string) => { file: string; line: number } {
	let lines: ReadonlyMap<string, number> | undefined;
	return (key) => {
		lines ??= linesOfKeys(source());
		return { file, line: lines.get(JSON.stringify(key)) ?? 1 };
	};
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
		const file = `${directory}/${fallback}.json`;
		report(
			Object.hasOwn(present, `${key}#`)
				? finding("invalid-message", `"${key}": a helpdesk shows it, and fills in {name} alone`, {
						file,
					})
				: finding(
						"missing-text",
						`"${key}" is missing; ${MANIFEST}, the settings or ${SETTINGS_PAGE} need it`,
						{ file },
					),
		);
	}
}
