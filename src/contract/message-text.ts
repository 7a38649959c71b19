/** Addresses, names of hosts, commands and codes. A digit at the start of an address would stand at its end. */
const COPIED = /^(https?:|\d+( \d+)*$|(?=.*[.@])[a-z][ -~]*\w$)/i;

/** The blocks that The Unicode Standard keeps for scripts that are written from right to left (UAX 9, table 4). */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** What stands for the placeholders of a text. A number chooses a plural form, and is written as the language writes it. */
export type MessageValues = Readonly<Record<string, string | number>>;

/**
 * A text of a locale with its placeholders filled in.
 *
 * @param tag BCP 47, of the locale.
 * @returns the key where the locale has no such text. A placeholder without a value stays. The result is plain text: escape it
 * for markup.
 */
export function messageText(
	texts: Readonly<Record<string, string>>,
	tag: string,
	key: string,
	values: MessageValues = {},
): string {
	return (chosenText(texts, tag, key, values) ?? key).replace(
		/(@?)\{(\w+)\}/g,
		(placeholder, at: string, name: string) => {
			const value = values[name];
			return typeof value === "string"
				? isolated(at + value, tag)
				: value === undefined
					? placeholder
					: at + shownValue(value, tag);
		},
	);
}

/**
 * A value that keeps its direction in a sentence that is written from right to left: between U+2068 and U+2069, which
 * nobody sees. One with a letter of such a script may start with another letter, and stands after U+2067. What people copy
 * has no such characters where it starts with a letter, and no-break spaces keep the groups of a code in order.
 */
function isolated(value: string, tag: string): string {
	if (!isRightToLeft(tag)) {
		return value;
	}
	return COPIED.test(value)
		? value.replace(/(?<=\d) (?=\d)/g, "\u00a0")
		: `${hasRightToLeft(value) ? "\u2067" : "\u2068"}${value}\u2069`;
}

/** Whether a value has a letter of a script that is written from right to left. */
export function hasRightToLeft(value: string): boolean {
	return RIGHT_TO_LEFT.test(value);
}

/** Whether a language is written from right to left. @param tag BCP 47. */
export function isRightToLeft(tag: string): boolean {
	return /^(ar|fa|he|ur)\b/i.test(tag);
}

/** A value as a text shows it: a number as the language writes it. */
export function shownValue(value: string | number, tag: string): string {
	return typeof value === "number" ? new Intl.NumberFormat(tag).format(value) : value;
}

/**
 * A text of a locale with its placeholders. An ICU message is kept as texts, one for each combination of its forms: `wait#`
 * names what chooses, `minutes`, and `wait#one` and `wait#other` are the texts. The loader makes them.
 *
 * @param values only those that choose a form are looked at.
 */
export function chosenText(
	texts: Readonly<Record<string, string>>,
	tag: string,
	key: string,
	values: Readonly<Record<string, unknown>>,
): string | undefined {
	const choices = texts[`${key}#`];
	return choices === undefined
		? texts[key]
		: texts[
				`${key}#${choices
					.split(" ")
					.map((choice) => chosenForm(choice, tag, values))
					.join("#")}`
			];
}

/** @param choice the name of a value and the forms it has besides those of a plural and `other`: `page:login,register`. */
function chosenForm(
	choice: string,
	tag: string,
	values: Readonly<Record<string, unknown>>,
): string {
	const [name = "", named = ""] = choice.split(":");
	const value = values[name];
	const exact = typeof value === "number" ? `=${value}` : String(value);
	if (named.split(",").includes(exact)) {
		return exact;
	}
	return typeof value === "number" ? new Intl.PluralRules(tag).select(value) : "other";
}
