/** Markup that is ready to be sent. Only {@link html} and {@link trusted} make it. */
export interface Html {
	readonly markup: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** A template in which every text is escaped, for elements and quoted attributes, and only markup is not. */
export function html(
	strings: TemplateStringsArray,
	...values: readonly (string | Html | readonly Html[])[]
): Html {
	const markup = strings.reduce((before, after, index) => {
		const value = values[index - 1];
		return before + (value === undefined ? "" : markupOf(value)) + after;
	});
	return { markup };
}

/** Takes markup as it is. For constants of this plugin, never for anything that came from outside. */
export function trusted(markup: string): Html {
	return { markup };
}

function markupOf(value: string | Html | readonly Html[]): string {
	if (typeof value === "string") {
		return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
	}
	return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}
