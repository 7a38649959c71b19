/** What a program, a server or a network said, with a full stop where it has no end. An isolate may stand behind the end. */
export function asSentence(said: string): string {
	const text = said.trimEnd();
	return /[.!?؟]\u2069?$/.test(text) ? text : `${text}.`;
}

/** A sentence whose last word may bring a full stop of its own, as days do in some languages: it ends with one. */
export function withOneStop(sentence: string): string {
	return sentence.replace(/\.(\u2069?)\.$/, ".$1");
}
