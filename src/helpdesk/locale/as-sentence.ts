/** What a program, a server or a network said, with a full stop where it has no end. An isolate may stand behind the end. */
export function asSentence(said: string): string {
	const text = said.trimEnd();
	return /[.!?؟]\u2069?$/.test(text) ? text : `${text}.`;
}
