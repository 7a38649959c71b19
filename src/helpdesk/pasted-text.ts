/** White space or an invisible character: what is copied together with a text from a page, an e-mail or a spreadsheet. */
const AROUND = /^[\s\p{Cc}\p{Cf}\p{DI}\u2800]$/u;

/**
 * A typed or pasted text without what nobody sees around it. It looks at each character once: a pattern for the end of a text
 * would begin again at each space within it.
 */
export function pastedText(text: string): string {
	const characters = [...text];
	const first = characters.findIndex((character) => !AROUND.test(character));
	const last = characters.findLastIndex((character) => !AROUND.test(character));
	return characters.slice(Math.max(0, first), last + 1).join("");
}
