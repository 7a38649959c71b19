/** What a file calls an X account: its identity, or why it names none. */
export type ImportedId =
	| { readonly kind: "id"; readonly identityId: string }
	| { readonly kind: "handle" | "mangled" | "not-an-id" };

const MAX_ID = 2n ** 64n - 1n;
/** Longer than any id, handle or address of a profile. */
const MAX_LENGTH = 80;
const PREFIX = /^x:/i;
const ID = /^[1-9][0-9]{0,19}$/;
/** Spreadsheets keep fifteen digits and put zeros for the rest: 2.24E+09, 2244994945.0, 1234567890123450000. */
const REFORMATTED = /^[+-]?[0-9][0-9.,' ]*(e[+-]?[0-9]+)?$/i;
const ROUNDED = /^[0-9]{15}0{3,5}$/;
const HANDLE = /^@?[a-z0-9_]{1,20}$/i;
const PROFILE = /^(https?:\/\/)?((www|mobile)\.)?(x|twitter)\.com\/@?[a-z0-9_]+\/?$/i;

/** Reads an id as {@link ExportedLink} has it, or as other programs export it: the number alone. */
export function importedId(typed: string): ImportedId {
	const text = typed.trim();
	if (text.length > MAX_LENGTH) {
		return { kind: "not-an-id" };
	}
	const number = text.replace(/^'/, "").replace(PREFIX, "");
	// A prefix keeps spreadsheets away, so that its zeros are its own.
	if (number === text && ROUNDED.test(number)) {
		return { kind: "mangled" };
	}
	if (ID.test(number)) {
		return BigInt(number) <= MAX_ID
			? { kind: "id", identityId: `x:${number}` }
			: { kind: "not-an-id" };
	}
	if (!/^[0-9]+$/.test(number) && REFORMATTED.test(number)) {
		return { kind: "mangled" };
	}
	const isName = HANDLE.test(number) && !/^[0-9]+$/.test(number);
	return { kind: isName || PROFILE.test(text) ? "handle" : "not-an-id" };
}
