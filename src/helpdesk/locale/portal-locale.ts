import { parseAccept } from "hono/utils/accept";
import de from "./de.json" with { type: "json" };
import en from "./en.json" with { type: "json" };

export type PortalText = keyof typeof en;

const LOCALES: ReadonlyMap<string, Readonly<Record<PortalText, string>>> = new Map([
	["en", en],
	["de", de],
]);

/** The languages of portals and their letters. */
export const PORTAL_LANGUAGES: readonly string[] = [...LOCALES.keys()];

/** A language, and its script and region if they follow. `Intl` takes every such tag. */
const LEADING_SUBTAGS = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?![^-])/i;
/** Nobody reads more languages than fit in a header of this length. */
const MAX_HEADER = 512;

export interface PortalLocale {
	/** BCP 47: a language, and a script and region if they are known. */
	readonly tag: string;
	text(key: PortalText): string;
}

/**
 * The language of a page: the portal's language with the highest weight in an `Accept-Language` header, else that of
 * the brand. A script and a region stay part of the tag (`de-AT`). `*` stands for the languages that the header does not
 * name, that of the brand first. A language with weight 0 is given only if the header refuses all.
 *
 * @param fallback of the brand. BCP 47.
 */
export function portalLocale(acceptLanguage: string | undefined, fallback: string): PortalLocale {
	const ranges = parseAccept(readablePart(acceptLanguage ?? ""));
	const named = new Set(ranges.map(({ type }) => languageOf(type)));
	const unnamed = [fallback, ...LOCALES.keys()].filter((tag) => !named.has(languageOf(tag)));
	const accepted = ranges
		.filter(({ q }) => q > 0)
		.flatMap(({ type }) => (type === "*" ? unnamed : [type]));
	for (const range of [...accepted, ...unnamed, fallback]) {
		const tag = languageTag(range);
		const messages = LOCALES.get(languageOf(tag ?? ""));
		if (tag !== undefined && messages !== undefined) {
			return { tag, text: (key) => messages[key] };
		}
	}
	return { tag: "en", text: (key) => en[key] };
}

/**
 * The language, script and region that a text of any origin begins with, as a tag that `Intl` takes: `en` for `en-x` and
 * `en-1`, which `Intl` refuses. Further subtags change no text here, and are dropped.
 *
 * @returns undefined for a text that begins with no language.
 */
export function languageTag(text: string): string | undefined {
	return LEADING_SUBTAGS.exec(text)?.[0];
}

/** The whole ranges of a header that are read, because half of one could lack its weight. A single range may be cut. */
function readablePart(header: string): string {
	if (header.length <= MAX_HEADER) {
		return header;
	}
	const end = header.lastIndexOf(",", MAX_HEADER);
	return header.slice(0, end < 0 ? MAX_HEADER : end);
}

function languageOf(tag: string): string {
	return tag.split("-")[0]?.toLowerCase() ?? "";
}
