import { parseAccept } from "hono/utils/accept";
import de from "./de.json" with { type: "json" };
import en from "./en.json" with { type: "json" };

export type PortalText = keyof typeof en;

const LOCALES: ReadonlyMap<string, Readonly<Record<PortalText, string>>> = new Map([
	["en", en],
	["de", de],
]);

const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
/** Nobody reads more languages than fit in a header of this length. */
const MAX_HEADER = 512;

export interface PortalLocale {
	/** BCP 47. */
	readonly tag: string;
	text(key: PortalText): string;
}

/**
 * The language of a page: the portal's language with the highest weight in an `Accept-Language` header, else that of
 * the brand. A region stays part of the tag (`de-AT`). `*` stands for the languages that the header does not name, that
 * of the brand first.
 *
 * @param fallback of the brand. BCP 47.
 */
export function portalLocale(acceptLanguage: string | undefined, fallback: string): PortalLocale {
	const ranges = parseAccept((acceptLanguage ?? "").slice(0, MAX_HEADER));
	const named = new Set(ranges.map(({ type }) => languageOf(type)));
	const unnamed = [fallback, ...LOCALES.keys()].filter((tag) => !named.has(languageOf(tag)));
	const accepted = ranges
		.filter(({ q }) => q > 0)
		.flatMap(({ type }) => (type === "*" ? unnamed : [type]));
	for (const tag of [...accepted, fallback]) {
		const messages = TAG.test(tag) ? LOCALES.get(languageOf(tag)) : undefined;
		if (messages !== undefined) {
			return { tag, text: (key) => messages[key] };
		}
	}
	return { tag: "en", text: (key) => en[key] };
}

function languageOf(tag: string): string {
	return tag.split("-")[0]?.toLowerCase() ?? "";
}
