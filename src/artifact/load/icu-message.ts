import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";

/** More texts than a message in any language needs. */
const MOST_TEXTS = 100;
const ARGUMENT_WITH_TYPE = /\{\s*\w+\s*,/;
const PLACEHOLDER = /\{\w+\}/;

/** Why a text is not a message. */
export class MessageSyntaxError extends Error {
	override readonly name = "MessageSyntaxError";
}

/** A value that chooses between forms of a message. */
interface Choice {
	readonly name: string;
	readonly isPlural: boolean;
	readonly forms: ReadonlySet<string>;
}

/** A text with forms, in the syntax of ICU's MessageFormat. */
export interface IcuMessage {
	readonly choices: readonly Choice[];
	/** The names of all values, sorted. */
	readonly names: readonly string[];
	readonly elements: readonly MessageFormatElement[];
}

/**
 * Whether a text is an ICU message: it has an argument with a type, such as `{count, plural, …}`. All others are texts with
 * `{name}` alone, in which an apostrophe is an apostrophe (`l'{name}`).
 */
export function isIcuMessage(text: string): boolean {
	return ARGUMENT_WITH_TYPE.test(text);
}

/**
 * Reads a message with `plural` and `select`, which may stand in one another. Numbers and dates are written by the code that
 * gives the values.
 *
 * @throws MessageSyntaxError
 */
export function readIcuMessage(text: string): IcuMessage {
	const elements = parsed(text);
	const choices = new Map<string, Choice>();
	const names = new Set<string>();
	collect(elements, choices, names);
	const inOrder = [...choices.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
	return { choices: inOrder, names: [...names].sort(), elements };
}

/**
 * The message as texts with `{name}` alone, by what stands behind the key. See `messageText`, which takes one of them.
 *
 * @param categories the CLDR plural categories for which there is a text.
 * @throws MessageSyntaxError if there would be too many, or forms with other values than the others.
 */
export function textsOfMessage(
	message: IcuMessage,
	categories: readonly string[],
): ReadonlyMap<string, string> {
	const { choices, names, elements } = message;
	const texts = new Map([["#", writtenChoices(message)]]);
	let combinations: readonly (readonly string[])[] = [[]];
	for (const { isPlural, forms } of choices) {
		const all = new Set([...forms, ...(isPlural ? categories : []), "other"]);
		combinations = combinations.flatMap((forms) => [...all].map((form) => [...forms, form]));
		if (combinations.length > MOST_TEXTS) {
			throw new MessageSyntaxError(`it has more than ${MOST_TEXTS} combinations of forms`);
		}
	}
	for (const forms of combinations) {
		const chosen = new Map(choices.map(({ name }, index) => [name, forms[index] ?? "other"]));
		const text = written(elements, chosen, "");
		const missing = names.find(
			(name) => !text.includes(`{${name}}`) && choices.every((choice) => choice.name !== name),
		);
		if (missing !== undefined) {
			throw new MessageSyntaxError(`its form “${forms.join(", ")}” lacks {${missing}}`);
		}
		texts.set(`#${forms.join("#")}`, text);
	}
	return texts;
}

function parsed(text: string): readonly MessageFormatElement[] {
	try {
		return parse(text, { ignoreTag: true });
	} catch (error) {
		const cause = error instanceof Error ? error.message : String(error);
		throw new MessageSyntaxError(`it is not an ICU message (${cause})`, { cause: error });
	}
}

function collect(
	elements: readonly MessageFormatElement[],
	choices: Map<string, Choice>,
	names: Set<string>,
): void {
	for (const element of elements) {
		switch (element.type) {
			case TYPE.argument:
				names.add(element.value);
				break;
			case TYPE.plural:
			case TYPE.select: {
				const { value: name, options } = element;
				const isPlural = element.type === TYPE.plural;
				if (isPlural && (element.offset !== 0 || element.pluralType === "ordinal")) {
					throw new MessageSyntaxError(
						"it has an offset or ordinal numbers, which are not supported",
					);
				}
				const known = choices.get(name);
				if (known !== undefined && known.isPlural !== isPlural) {
					throw new MessageSyntaxError(`{${name}} is both a plural and a select`);
				}
				names.add(name);
				choices.set(name, {
					...{ name, isPlural },
					forms: new Set([...(known?.forms ?? []), ...Object.keys(options)]),
				});
				for (const { value } of Object.values(options)) {
					collect(value, choices, names);
				}
				break;
			}
			case TYPE.literal:
				if (PLACEHOLDER.test(element.value)) {
					throw new MessageSyntaxError(
						"it has a quoted placeholder: an apostrophe quotes before a brace",
					);
				}
				break;
			case TYPE.number:
			case TYPE.date:
			case TYPE.time:
				throw new MessageSyntaxError(
					"it has a number, date or time with a type; give the value as text",
				);
			case TYPE.pound:
			case TYPE.tag:
				break;
		}
	}
}

/** What tells `messageText` how a form is chosen. */
export function writtenChoices({ choices }: IcuMessage): string {
	return choices.map(writtenChoice).join(" ");
}

function writtenChoice({ name, isPlural, forms }: Choice): string {
	const named = [...forms]
		.sort()
		.filter((form) => (isPlural ? form.startsWith("=") : form !== "other"));
	return named.length === 0 ? name : `${name}:${named.join(",")}`;
}

function written(
	elements: readonly MessageFormatElement[],
	chosen: ReadonlyMap<string, string>,
	counted: string,
): string {
	return elements
		.map((element) => {
			switch (element.type) {
				case TYPE.literal:
					return element.value;
				case TYPE.argument:
					return `{${element.value}}`;
				case TYPE.pound:
					return `{${counted}}`;
				case TYPE.plural:
				case TYPE.select: {
					const { value: name, options } = element;
					const option = options[chosen.get(name) ?? "other"] ?? options["other"];
					return written(option?.value ?? [], chosen, name);
				}
				default:
					return "";
			}
		})
		.join("");
}
