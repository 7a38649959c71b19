import {
	isIcuMessage,
	readIcuMessage,
	textsOfMessage,
	writtenChoices,
} from "../../src/artifact/load/icu-message.ts";
import { isSameInEnglish } from "./same-in-english.ts";

export type Texts = Readonly<Record<string, string>>;

const TAG = /<\/?\w+>/g;
const PLACEHOLDER = /\{\w+\}/g;
/** What stands in quotation marks of any language: names of buttons, pages and fields, which may be English ones. */
const QUOTED = /[“„”«»‹›‘‚][^“„”«»‹›‘‚’]*[“”«»‹›’‘]/g;
const WORD = /\p{L}/u;
const WORDS = /\p{L}+/gu;
/** Addresses, options, types and names in code. */
const CODE = /\S*[/_$=]\S*|\S+\.\S+|--\S+/g;
/** The fewest English words in a row that no other language has by chance. */
const ENGLISH_RUN = 4;

/**
 * How the texts of a language differ from the English ones in more than words.
 *
 * @param tag BCP 47, of the language.
 * @returns a sentence for each problem; empty for texts that are complete.
 */
export function compareTexts(tag: string, own: Texts, english: Texts): readonly string[] {
	const missing = Object.keys(english).filter((key) => !Object.hasOwn(own, key));
	const extra = Object.keys(own).filter((key) => !Object.hasOwn(english, key));
	return [
		...missing.map((key) => `${key} is missing`),
		...extra.map((key) => `${key} is not in English`),
		...Object.entries(own)
			.filter(([key]) => Object.hasOwn(english, key))
			.flatMap(([key, text]) =>
				problemsOf(tag, text, english[key] ?? "").map((problem) => `${key} ${problem}`),
			),
	];
}

function problemsOf(tag: string, text: string, english: string): readonly string[] {
	const problems: string[] = [];
	if (text.trim() === "" && english.trim() !== "") {
		problems.push("is empty");
	}
	if (shapeOf(text) !== shapeOf(english)) {
		problems.push(`has ${shapeOf(text)}, and in English ${shapeOf(english)}`);
	}
	// Markup comes from pages, and a straight apostrophe would quote a brace.
	if (/[<>]/.test(text.replace(TAG, "")) || (tag !== "en" && text.includes("'"))) {
		problems.push("has <, > or a straight apostrophe");
	}
	if (isIcuMessage(text)) {
		problems.push(...pluralProblems(tag, text));
	}
	if (tag !== "en" && isInEnglish(tag, text, english)) {
		problems.push(`is in English: ${text}`);
	}
	return problems;
}

/** What a text is given, what stands around parts of it, and how it chooses between its forms. */
function shapeOf(text: string): string {
	const tags = text.match(TAG) ?? [];
	if (!isIcuMessage(text)) {
		return [...new Set([...(text.match(PLACEHOLDER) ?? []), ...tags])].sort().join(" ");
	}
	const message = readIcuMessage(text);
	const names = message.names.map((name) => `{${name}}`);
	return [...names, ...[...new Set(tags)].sort(), writtenChoices(message)].join(" ");
}

function pluralProblems(tag: string, text: string): readonly string[] {
	const rules = new Intl.PluralRules(tag);
	const counts = new Set(Array.from({ length: 201 }, (_, count) => rules.select(count)));
	const message = readIcuMessage(text);
	const missing = message.choices
		.filter(({ isPlural }) => isPlural)
		.flatMap(({ name, forms }) =>
			[...counts].filter((form) => !forms.has(form)).map((form) => `${name}: ${form}`),
		);
	const texts = textsOfMessage(message, rules.resolvedOptions().pluralCategories);
	return [
		...missing.map((form) => `lacks the plural form ${form}`),
		...(texts.size > 1 ? [] : ["has no forms"]),
	];
}

/** Whether a text is the English one, or has words of it in a row that are no name. */
function isInEnglish(tag: string, text: string, english: string): boolean {
	if (text === english) {
		return WORD.test(bare(text)) && !isSameInEnglish(tag, text);
	}
	const all = ` ${wordsOf(english).join(" ")} `;
	const own = wordsOf(text);
	return own.some((_, start) => {
		const words = own.slice(start, start + ENGLISH_RUN);
		const run = words.join(" ");
		const isSentence = words.length === ENGLISH_RUN && run === run.toLowerCase();
		return isSentence && all.includes(` ${run} `) && !isSameInEnglish(tag, run);
	});
}

/** Without what is no word of the language: values, tags, and how forms are chosen. */
function bare(text: string): string {
	const forms = isIcuMessage(text)
		? [...textsOfMessage(readIcuMessage(text), ["other"])]
				.filter(([form]) => form !== "#")
				.map(([, each]) => each)
		: [text];
	const prose = forms.join(" ").replace(/<code>.*?<\/code>/g, " ");
	return prose.replace(PLACEHOLDER, " ").replace(TAG, " ");
}

function wordsOf(text: string): readonly string[] {
	return bare(text).replace(QUOTED, " ").replace(CODE, " ").match(WORDS) ?? [];
}
