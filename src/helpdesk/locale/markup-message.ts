import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { hasRightToLeft, isRightToLeft, shownValue } from "../../contract/message-text.ts";

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;
/** What stands for the placeholders of a text. Texts are escaped. */
export type MarkupValues = Readonly<Record<string, string | number | Markup>>;
/** What stands around a part of a text, by the name of its tag. */
export type MarkupTags = Readonly<Record<string, (content: Markup) => Markup>>;

interface Filling {
	/** BCP 47. */
	readonly language: string;
	readonly values: MarkupValues;
	readonly tags?: MarkupTags | undefined;
}

const PART = /(\{\w+\}|<\/?\w+>)/;

/** A text as markup: `Read <link>the privacy policy</link> of {brand}.` A tag that nothing stands for stays as text. */
export function markupOf(template: string, { language, values, tags = {} }: Filling): Markup {
	const open: { readonly name: string; readonly before: Markup[] }[] = [];
	let parts: Markup[] = [];
	for (const part of template.split(PART)) {
		const name = part.slice(part.startsWith("</") ? 2 : 1, -1);
		const value = part.startsWith("{") ? values[name] : undefined;
		const around = part.startsWith("<") ? tags[name] : undefined;
		if (value !== undefined) {
			parts.push(typeof value === "object" ? html`${value}` : shown(value, language));
		} else if (around !== undefined && !part.startsWith("</")) {
			open.push({ name, before: parts });
			parts = [];
		} else if (around !== undefined && open.at(-1)?.name === name) {
			const content = html`${parts}`;
			parts = open.pop()?.before ?? [];
			parts.push(around(content));
		} else {
			parts.push(html`${part}`);
		}
	}
	return html`${parts}`;
}

/** A value as markup, which keeps its direction in a sentence that is written from right to left. */
function shown(value: string | number, language: string): Markup {
	if (typeof value === "string" && isRightToLeft(language)) {
		return html`<bdi${hasRightToLeft(value) ? html` dir="rtl"` : ""}>${value}</bdi>`;
	}
	return html`${shownValue(value, language)}`;
}
