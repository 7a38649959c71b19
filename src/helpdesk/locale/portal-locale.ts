import de from "./de.json" with { type: "json" };
import en from "./en.json" with { type: "json" };

export type PortalText = keyof typeof en;

const LOCALES: ReadonlyMap<string, Readonly<Record<PortalText, string>>> = new Map([
	["en", en],
	["de", de],
]);

export interface PortalLocale {
	/** BCP 47. */
	readonly tag: string;
	text(key: PortalText): string;
}

/** The first language of an `Accept-Language` header that the portal has, else that of the brand. */
export function portalLocale(acceptLanguage: string | undefined, fallback: string): PortalLocale {
	const asked = (acceptLanguage ?? "").slice(0, 512).split(",");
	for (const item of [...asked, fallback]) {
		const tag = item.split(";")[0]?.trim() ?? "";
		const messages = LOCALES.get(tag.split("-")[0]?.toLowerCase() ?? "");
		if (messages !== undefined && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)) {
			return { tag, text: (key) => messages[key] };
		}
	}
	return { tag: "en", text: (key) => en[key] };
}
