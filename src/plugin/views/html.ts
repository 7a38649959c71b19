/** Markup that is ready to send. Only {@link html} and {@link trusted} create it. */
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

/** A template that escapes every text, for elements and quoted attributes, but not markup. */
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

/** Marks a text as markup. Use it for constants of this plugin only, never for a value from outside. */
export function trusted(markup: string): Html {
	return { markup };
}

function markupOf(value: string | Html | readonly Html[]): string {
	if (typeof value === "string") {
		return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
	}
	return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}
