// The characters between attributes in HTML are fewer than what `\s` matches.
const TAG = /<(?:form|button|input)(?=[\t\n\f\r />])/gi;
const ATTRIBUTE =
	/[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r "'>][^\t\n\f\r >]*)|(?=["'])()))?/y;
const END = /[\t\n\f\r /]*>/y;
/** Elements that lead a visitor elsewhere, run code, or change where the forms and links after them lead. */
const REFUSED = /<(meta|base|script|i?frame|frameset|object|embed)(?![^\t\n\f\r />])/i;
const LEADS = /^(?:form)?action$/i;

/**
 * The addresses that the forms and buttons of a piece of markup lead to, character references left as they are.
 * Attributes are read as browsers read them (HTML standard, sections 13.2.5.32 to 13.2.5.40): a slash or the end of a
 * quoted value ends an attribute, too.
 *
 * @returns undefined when a tag or a quoted value has no end, because its meaning then depends on the markup after it.
 */
export function formTargets(markup: string): readonly string[] | undefined {
	const targets: string[] = [];
	TAG.lastIndex = 0;
	while (TAG.test(markup)) {
		let at = TAG.lastIndex;
		for (
			let found = matchAt(ATTRIBUTE, markup, at);
			found !== null && found[5] === undefined;
			found = matchAt(ATTRIBUTE, markup, at)
		) {
			at = ATTRIBUTE.lastIndex;
			const [, name = "", double, single, bare] = found;
			if (LEADS.test(name)) {
				targets.push(double ?? single ?? bare ?? "");
			}
		}
		if (matchAt(END, markup, at) === null) {
			return undefined;
		}
		TAG.lastIndex = at;
	}
	return targets;
}

/** The first element in a piece of markup that no markup of a plugin may have, whether or not its tag has an end. */
export function refusedElement(markup: string): string | undefined {
	return REFUSED.exec(markup)?.[1]?.toLowerCase();
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}
