/** What a file calls an X account: its identity, or why it names none. */
export type ImportedId =
	| {
			readonly kind: "id";
			readonly identityId: string;
			/** It ends as a number does that a spreadsheet has rounded; it may be one that X gave all the same. */
			readonly looksRounded: boolean;
	  }
	| { readonly kind: "handle" | "scientific" | "mangled" | "not-an-id" };

const MAX_ID = 2n ** 64n - 1n;
/** Longer than any id, handle or address of a profile. */
const MAX_LENGTH = 80;
const PREFIX = /^x:/i;
const ID = /^[1-9][0-9]{0,19}$/;
/** How spreadsheets show long numbers: 2.24E+09. The digits that are not shown are lost. */
const SCIENTIFIC = /^[+-]?[0-9][0-9.,]*e[+-]?[0-9]+$/i;
/** Other looks of a number: 2244994945.0, 2,244,994,945. */
const REFORMATTED = /^[+-]?[0-9][0-9.,' ]*$/;
/**
 * Spreadsheets keep fifteen digits of a number and put zeros for the rest: 1234567890123456789 becomes
 * 1234567890123450000. X's long ids have 18 and 19 digits, of which one in 1,000 and one in 10,000 ends so by itself; a
 * column that was rounded does throughout. So one such id in a file is linked with a warning, and several are refused, by
 * {@link LinkImporter}. With 16 digits one in ten ends so, which says nothing.
 */
const ROUNDED = /^[0-9]{15}0{2,5}$/;
const HANDLE = /^@?[a-z0-9_]{1,20}$/i;
const PROFILE = /^(https?:\/\/)?((www|mobile)\.)?(x|twitter)\.com\/@?[a-z0-9_]+\/?$/i;

/** Reads an id as {@link ExportedLink} has it, or as other programs export it: the number alone. */
export function importedId(typed: string): ImportedId {
	const text = typed.trim();
	if (text.length > MAX_LENGTH) {
		return { kind: "not-an-id" };
	}
	const number = text.replace(/^'/, "").replace(PREFIX, "");
	if (ID.test(number)) {
		// A prefix keeps spreadsheets away, so that its zeros are its own: the way through for an id that X gave so.
		const looksRounded = number === text && ROUNDED.test(number);
		return BigInt(number) <= MAX_ID
			? { kind: "id", identityId: `x:${number}`, looksRounded }
			: { kind: "not-an-id" };
	}
	if (SCIENTIFIC.test(number)) {
		return { kind: "scientific" };
	}
	if (!/^[0-9]+$/.test(number) && REFORMATTED.test(number)) {
		return { kind: "mangled" };
	}
	const isName = HANDLE.test(number) && !/^[0-9]+$/.test(number);
	return { kind: isName || PROFILE.test(text) ? "handle" : "not-an-id" };
}
