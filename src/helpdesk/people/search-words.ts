import { domainToUnicode } from "node:url";
import type { AccountLink, StoredAccount } from "./stored-account.ts";

/** Who is found by their words. */
export interface Searched {
	readonly id: string;
	readonly name: string;
	/** Empty for nobody's address. */
	readonly email: string;
	readonly links: readonly AccountLink[];
}

export function searchedOf(id: string, { name, email, links = [] }: StoredAccount): Searched {
	return { id, name, email, links };
}

/** The most words of a person in the index, and the most that a search looks at. */
const MOST_WORDS = 12;
/** A longer word is cut, in the index and in a search. In characters. */
const MOST_CHARACTERS = 32;
/** A run of a script without spaces starts a word at each of so many characters. */
const MOST_STARTS = 8;
/** More of a typed text is nobody's name. In UTF-16 units. */
const MOST_TYPED = 400;
const ID_START = 8;

/** Latin letters that have no decomposition, and the sigma at the end of a word. */
const SAME_LETTERS: Readonly<Record<string, string>> = {
	...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i", ς: "σ" },
};
const LETTER_WITH_A_TWIN = /[ßæœøđłıς]/g;
const WITHOUT_SPACES = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Khmr}\p{scx=Laoo}\p{scx=Mymr}`;
/** A run of letters and digits, in one kind of scripts. An underscore belongs to a handle. */
const RUN = new RegExp(
	String.raw`(?:(?=[\p{L}\p{N}])[${WITHOUT_SPACES}])+|(?:(?![${WITHOUT_SPACES}])[\p{L}\p{N}_])+`,
	"gu",
);
const STARTS_WITHOUT_SPACES = new RegExp(`^[${WITHOUT_SPACES}]`, "u");
/** Most texts have only these characters, and are compared without the tables of all scripts. */
const PLAIN = /^[ -~]*$/;
const PLAIN_RUN = /[a-z0-9][a-z0-9_]*/g;
const SURROGATE = /[\ud800-\udfff]/;
/** A domain that `domainToUnicode` gives back as it is, but for capitals. A last label with a digit may be a number. */
const PLAIN_DOMAIN = /^[a-z0-9-.]*\.[a-z]+$/i;
const IN_PUNYCODE = /xn--/i;

/**
 * The words by which a person is found: those of the name, of each handle, of the address and the beginning of the id, at
 * most 12. No word is the beginning of another one. The same in every version of Node that knows the letters.
 */
export function wordsOf(person: Searched): readonly string[] {
	const kept: string[] = [];
	for (const word of inTurn([
		wordsIn(person.name),
		person.links.flatMap(({ label }) => wordsIn(label)),
		addressWords(person.email).indexed,
		wordsIn(person.id.slice(0, ID_START)),
	])) {
		const begun = kept.findIndex((each) => word.startsWith(each));
		if (begun !== -1) {
			kept[begun] = word;
		} else if (kept.length < MOST_WORDS && !kept.some((each) => each.startsWith(word))) {
			kept.push(word);
		}
	}
	return [...new Set(kept)].sort();
}

/** The words of a typed text, each once. */
export function typedWords(typed: string): readonly string[] {
	const runs = runsIn(typed.slice(0, MOST_TYPED)).map((run) => wordAt(charactersOf(run), 0));
	return [...new Set(runs)].slice(0, MOST_WORDS);
}

/** Whether each typed word is the beginning of a word of the person. Words that the index leaves out count, too. */
export function hasWords(person: Searched, typed: readonly string[]): boolean {
	const own = [
		...wordsIn(person.name),
		...person.links.flatMap(({ label }) => wordsIn(label)),
		...addressWords(person.email).all,
		...wordsIn(person.id),
	];
	return typed.every((word) => own.some((each) => each.startsWith(word)));
}

/** A text as it is compared: without case, accents and the ways to write one letter. */
function compared(text: string): string {
	return text
		.normalize("NFKD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replace(LETTER_WITH_A_TWIN, (letter) => SAME_LETTERS[letter] ?? letter);
}

function runsIn(text: string): readonly string[] {
	if (PLAIN.test(text)) {
		return text.toLowerCase().match(PLAIN_RUN) ?? [];
	}
	return [...compared(text).matchAll(RUN)].flatMap(([run]) => {
		const word = run.replace(/^_+/, "");
		return word === "" ? [] : [word];
	});
}

function wordsIn(text: string): readonly string[] {
	const words: string[] = [];
	for (const run of runsIn(text)) {
		words.push(...wordsOfRun(run));
	}
	return words;
}

/** A word at each place where people may begin to type. */
function wordsOfRun(run: string): readonly string[] {
	const characters = charactersOf(run);
	const words: string[] = [];
	if (STARTS_WITHOUT_SPACES.test(run)) {
		for (let start = 0; start < Math.min(characters.length, MOST_STARTS); start += 1) {
			words.push(wordAt(characters, start));
		}
		return words;
	}
	for (let start = 0; start < characters.length; start += 1) {
		if (characters[start] !== "_" && (start === 0 || characters[start - 1] === "_")) {
			words.push(wordAt(characters, start));
		}
	}
	return words;
}

/** The characters of a text. Where each of them is one UTF-16 unit, the text itself. */
function charactersOf(text: string): string | readonly string[] {
	return SURROGATE.test(text) ? [...text] : text;
}

function wordAt(characters: string | readonly string[], start: number): string {
	const word = characters.slice(start, start + MOST_CHARACTERS);
	return typeof word === "string" ? word : word.join("");
}

/** The last label of a domain says little about a person. The index leaves it out. */
function addressWords(email: string): {
	readonly indexed: readonly string[];
	readonly all: readonly string[];
} {
	const at = email.lastIndexOf("@");
	const domain = email.slice(at + 1);
	const isPlain = PLAIN_DOMAIN.test(domain) && !IN_PUNYCODE.test(domain);
	const labels = (isPlain ? domain : domainToUnicode(domain) || domain).split(".");
	const indexed = [
		...wordsIn(email.slice(0, Math.max(at, 0))),
		...labels.slice(0, -1).flatMap(wordsIn),
	];
	return { indexed, all: [...indexed, ...wordsIn(labels.at(-1) ?? "")] };
}

/** The first of each list, then the second of each, so that no long list takes all the places. */
function* inTurn(lists: readonly (readonly string[])[]): Generator<string> {
	for (let turn = 0; lists.some((list) => turn < list.length); turn += 1) {
		for (const list of lists) {
			const word = list[turn];
			if (word !== undefined) {
				yield word;
			}
		}
	}
}
