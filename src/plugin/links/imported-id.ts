/** The X account that a file names, or why its id cannot be used. */
export type ImportedId =
	| {
			readonly kind: "id";
			readonly identityId: string;
			/** It ends like a number that a spreadsheet has rounded. X may still have given it as it is. */
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
/** Other forms of a number: 2244994945.0, 2,244,994,945. */
const REFORMATTED = /^[+-]?[0-9][0-9.,' ]*$/;
/**
 * Spreadsheets keep fifteen digits of a number and put zeros for the rest: 1234567890123456789 becomes
 * 1234567890123450000. X's long ids have 18 and 19 digits. One in 1,000 of the first and one in 10,000 of the second
 * ends in such zeros by chance; in a rounded column all of them do. So {@link LinkImporter} links one such id in a file
 * with a warning, and refuses several ({@link roundedIn}). One in ten ids with 16 digits ends like that, which proves nothing.
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
		// Spreadsheets do not round an id with a prefix, so its zeros are real.
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
