import type { Brand } from "../../contract/brands.ts";
import { nearestLocale } from "../../contract/nearest-locale.ts";
import type { Message } from "../locale/locale.ts";

/** What a brand says in one language. Plain text; empty where it says nothing of its own. */
export type BrandTexts = {
	/** A language of portals, such as `de` or `pt-BR`. */
	readonly language: string;
	/** Stands on the log-in page, above its form. */
	readonly logIn: string;
	/** The first words of letters. */
	readonly opening: string;
	/** The last words of letters. */
	readonly signature: string;
};

/** The most characters of a text. */
export const MOST_TEXT = 600;

/** What stands for the name of the brand and for the address of its portal in a text. */
export const PLACEHOLDERS = { name: "{brand}", address: "{address}" } as const;

const IN_BRACES = /\{[^{}\n]{0,40}\}/g;
/** Control characters but line feeds, and characters that turn the direction of the text around them. */
const UNSEEN = /(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** A text as it is kept: without characters that show nothing, and without rows of empty lines. */
export function cleanText(typed: string): string {
	return typed
		.replaceAll("\r\n", "\n")
		.replaceAll("\t", " ")
		.replace(UNSEEN, "")
		.split("\n")
		.map((line) => line.trimEnd())
		.join("\n")
		.replace(/\n{3,}/g, "\n\n")
		.trim();
}

/** Why a text cannot be used; undefined for one that can. @param text see {@link cleanText}. */
export function textProblem(text: string): Message | undefined {
	if ([...text].length > MOST_TEXT) {
		return { key: "brand-texts.too-long", values: { most: MOST_TEXT } };
	}
	const known: readonly string[] = Object.values(PLACEHOLDERS);
	const unknown = text.match(IN_BRACES)?.find((each) => !known.includes(each));
	return unknown === undefined
		? undefined
		: { key: "brand-texts.unknown-placeholder", values: { unknown, ...PLACEHOLDERS } };
}

/** A text of a brand with what its placeholders stand for. */
export function filledText(
	text: string,
	{ name, baseUrl }: Pick<Brand, "name" | "baseUrl">,
): string {
	const values = new Map<string, string>([
		[PLACEHOLDERS.name, name],
		[PLACEHOLDERS.address, baseUrl],
	]);
	return text.replace(IN_BRACES, (each) => values.get(each) ?? each);
}

/** The texts of a brand in a language. @param tag BCP 47. Undefined: the brand says nothing of its own in it. */
export function textsIn(texts: readonly BrandTexts[], tag: string): BrandTexts | undefined {
	const nearest = nearestLocale(
		tag,
		texts.map(({ language }) => language),
	);
	return texts.find(({ language }) => language === nearest);
}

/** The paragraphs of a letter between the words that a brand begins and ends its letters with. */
export function framedLetter(
	paragraphs: readonly string[],
	brand: Pick<Brand, "name" | "baseUrl">,
	texts: Pick<BrandTexts, "opening" | "signature"> | undefined,
): string {
	const { opening = "", signature = "" } = texts ?? {};
	return [opening, ...paragraphs, signature]
		.map((each, index, { length }) =>
			index === 0 || index === length - 1 ? filledText(each, brand) : each,
		)
		.filter((each) => each !== "")
		.join("\n\n");
}
