import { readFileSync } from "node:fs";
import { parseAccept } from "hono/utils/accept";
import { chosenText, type MessageValues, messageText } from "../../contract/message-text.ts";
import { nearestLocale } from "../../contract/nearest-locale.ts";
import { type Markup, type MarkupTags, type MarkupValues, markupOf } from "./markup-message.ts";
import type addOns from "./texts/admin-add-ons/en.json";
import type brands from "./texts/admin-brands/en.json";
import type connections from "./texts/admin-connections/en.json";
import type frame from "./texts/admin-frame/en.json";
import type mail from "./texts/admin-mail/en.json";
import type people from "./texts/admin-people/en.json";
import type portal from "./texts/portal/en.json";

/** The name of a text, in whichever folder of `texts` it is. */
export type TextKey = keyof (typeof addOns &
	typeof brands &
	typeof connections &
	typeof frame &
	typeof mail &
	typeof people &
	typeof portal);

/** What a rule says, before anybody's language is known. */
export type Message = {
	readonly key: TextKey;
	/** A message among them is said in the same language, and words are listed as people do in it. */
	readonly values?: { readonly [name: string]: string | number | Message | Listed };
};

/** Words in a row, see {@link Locale.list} and {@link Locale.either}. */
export type Listed =
	| { readonly all: readonly string[]; readonly either?: never }
	| { readonly either: readonly string[]; readonly all?: never };

/**
 * The languages of a helpdesk's pages and letters, by BCP 47 tag, each as its readers call it. build.mjs makes their texts from
 * the folder `texts`.
 */
export const LANGUAGES: ReadonlyMap<string, string> = new Map([
	["cs", "Čeština"],
	["da", "Dansk"],
	["de", "Deutsch"],
	["en", "English"],
	["es", "Español"],
	["fr", "Français"],
	["nl", "Nederlands"],
	["nb", "Norsk bokmål"],
	["pl", "Polski"],
	["pt", "Português"],
	["pt-BR", "Português (Brasil)"],
	["sr", "Srpski"],
	["sv", "Svenska"],
	["tr", "Türkçe"],
	["ru", "Русский"],
	["fa", "فارسی"],
]);

const ENGLISH = "en";
/** The script of a language in which most people write two, where its name alone stands for the other one. */
const WRITTEN_IN: ReadonlyMap<string, string> = new Map([["sr", "Latn"]]);
/** A language, and its script and region if they follow. `Intl` takes every such tag. */
const LEADING_SUBTAGS = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?![^-])/i;
/** Nobody reads more languages than fit in a header of this length. */
const MAX_HEADER = 512;

/** A language, with the texts of a helpdesk in it. */
export interface Locale {
	/** BCP 47: a language, and a script and region if they are known. */
	readonly tag: string;
	/** The one of {@link LANGUAGES} that the texts are in. */
	readonly language: string;
	/** Plain text: escape it for markup. */
	text(key: TextKey, values?: MessageValues): string;
	/** The text of a message, or a name, which is the same in all languages. Plain text: escape it for markup. */
	say(message: Message | string): string;
	/** Words in a row: `Ada, Bea and Cem`. */
	list(words: Iterable<string>): string;
	/** Words of which one is meant: `Ada, Bea or Cem`. */
	either(words: Iterable<string>): string;
	/**
	 * A text whose values may be markup.
	 *
	 * @param tags what stands around a part of the text, such as a link: `<link>Log in</link>`.
	 */
	markup(key: TextKey, values: MarkupValues, tags?: MarkupTags): Markup;
}

/**
 * The language of a page: the portal's language with the highest weight in an `Accept-Language` header, else that of
 * the brand. A script and a region stay part of the tag (`de-AT`). `*` stands for the languages that the header does not
 * name, that of the brand first, then English. A language with weight 0 is given only if the header refuses all.
 *
 * @param fallback of the brand. BCP 47.
 */
export function localeFor(acceptLanguage: string | undefined, fallback: string): Locale {
	const ranges = parseAccept(readablePart(acceptLanguage ?? ""));
	const named = new Set(ranges.map(({ type }) => languageOf(type)));
	const unnamed = [fallback, ENGLISH, ...LANGUAGES.keys()].filter(
		(tag) => !named.has(languageOf(tag)),
	);
	const accepted = ranges
		.filter(({ q }) => q > 0)
		.flatMap(({ type }) => (type === "*" ? unnamed : [type]));
	for (const range of [...accepted, ...unnamed, fallback]) {
		const tag = languageTag(range);
		const language = tag === undefined ? undefined : nearestLocale(tag, LANGUAGES.keys());
		if (tag !== undefined && language !== undefined) {
			return localeOf(language, readerTag(tag, language));
		}
	}
	return localeOf(ENGLISH, ENGLISH);
}

/**
 * The language, script and region that a text of any origin begins with, as a tag that `Intl` takes: `en` for `en-x` and
 * `en-1`, which `Intl` refuses. Further subtags change no text here, and are dropped.
 *
 * @returns undefined for a text that begins with no language.
 */
export function languageTag(text: string): string | undefined {
	return LEADING_SUBTAGS.exec(text.replaceAll("_", "-"))?.[0];
}

function localeOf(language: string, tag: string): Locale {
	const texts = textsOf(language);
	const text: Locale["text"] = (key, values) => messageText(texts, language, key, values);
	const listed = (type: Intl.ListFormatType) => (words: Iterable<string>) =>
		new Intl.ListFormat(tag, { type }).format(words);
	const rows = { list: listed("conjunction"), either: listed("disjunction") };
	return {
		...{ tag, language, text, ...rows },
		say: (message) => saidWith({ text, ...rows }, message),
		markup: (key, values, tags) =>
			markupOf(chosenText(texts, language, key, values) ?? key, { language, values, tags }),
	};
}

function saidWith(
	locale: Pick<Locale, "text" | "list" | "either">,
	said: Message | Listed | string,
): string {
	if (typeof said === "string") {
		return said;
	}
	if (!("key" in said)) {
		return said.all === undefined ? locale.either(said.either) : locale.list(said.all);
	}
	const values = Object.entries(said.values ?? {}).map(([name, value]) => [
		name,
		typeof value === "number" ? value : saidWith(locale, value),
	]);
	return locale.text(said.key, Object.fromEntries(values));
}

const loaded = new Map<string, Readonly<Record<string, string>>>();

/** Whether there is a text with this name. */
export function isTextKey(name: string): name is TextKey {
	const texts = textsOf(ENGLISH);
	// The parts of a text with forms have names as well.
	return !name.includes("#") && (Object.hasOwn(texts, name) || Object.hasOwn(texts, `${name}#`));
}

/** The texts in a language, in English where they lack one. Most processes need few languages, so each is read when it is needed. */
function textsOf(language: string): Readonly<Record<string, string>> {
	const known = loaded.get(language);
	if (known !== undefined) {
		return known;
	}
	const file = readFileSync(new URL(`./messages/${language}.json`, import.meta.url), "utf8");
	const texts = { ...(language === ENGLISH ? {} : textsOf(ENGLISH)), ...JSON.parse(file) };
	loaded.set(language, texts);
	return texts;
}

/** A reader's tag with the language and the script that the texts are in: `nb-NO` for `no-NO`, `sr-Latn-RS` for `sr-RS`. */
function readerTag(tag: string, locale: string): string {
	const [, ...rest] = tag.split("-");
	const language = locale.split("-")[0] ?? locale;
	const script = WRITTEN_IN.get(language);
	const subtags =
		script === undefined ? rest : [script, ...rest.filter(({ length }) => length < 4)];
	return [language, ...subtags].join("-");
}

/** The whole ranges of a header that are read, because half of one could lack its weight. A single range may be cut. */
function readablePart(header: string): string {
	if (header.length <= MAX_HEADER) {
		return header;
	}
	const end = header.lastIndexOf(",", MAX_HEADER);
	return header.slice(0, end < 0 ? MAX_HEADER : end);
}

function languageOf(tag: string): string {
	return tag.split(/[-_]/)[0]?.toLowerCase() ?? "";
}
