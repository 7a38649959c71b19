import type { Locale } from "../../../locale/locale.ts";

/** Words with commas between them, without an “and” before the last: `3 logged in, 1 did not`. */
export function inRow(words: readonly string[], { tag }: Locale): string {
	return new Intl.ListFormat(tag, { type: "unit" }).format(words);
}
