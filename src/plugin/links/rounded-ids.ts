import type { LinkRow } from "../../contract/link-transfer.ts";
import { importedId } from "./imported-id.ts";

/** X's long ids have 18 and 19 digits. A prefix keeps programs from reading one as a number. */
const LONG = /^[0-9]{18,20}$/;
/** The most digits of a number that a program with 64-bit floating point writes, JavaScript among them. */
const EXACT_DIGITS = 17;
const INEXACT = /^[0-9]{17}0{1,3}$/;
/** So many zeros stand at the end of all long ids of a file by chance once in 10,000 files. */
const ENOUGH_ZEROS = 4;

/**
 * Finds the ids that were rounded before they came into a file: several that a spreadsheet has rounded to 15 digits, and
 * all long ids of a file where each is rounded to 17 digits, as programs do that read ids as numbers.
 *
 * @returns the ids as the file has them, without spaces around them.
 */
export function roundedIn(rows: readonly LinkRow[]): ReadonlySet<string> {
	const bySpreadsheet = new Set<string>();
	const long = new Set<string>();
	for (const { identityId } of rows) {
		const typed = identityId.trim();
		const id = importedId(typed);
		if (id.kind === "id" && id.looksRounded) {
			bySpreadsheet.add(typed);
		}
		if (id.kind === "id" && LONG.test(typed)) {
			long.add(typed);
		}
	}
	const zeros = [...long].reduce((sum, { length }) => sum + length - EXACT_DIGITS, 0);
	const isInexact = zeros >= ENOUGH_ZEROS && [...long].every((typed) => INEXACT.test(typed));
	return new Set([...(bySpreadsheet.size > 1 ? bySpreadsheet : []), ...(isInexact ? long : [])]);
}
