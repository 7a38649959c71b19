import type { Brand } from "../../contract/brands.ts";
import type { Mail } from "../../contract/mail.ts";
import { framedLetter, textsIn } from "../brands/brand-texts.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { type Locale, localeFor, type TextKey } from "../locale/locale.ts";

/** Who a letter goes to. */
export interface Addressee {
	readonly brandId: string;
	readonly email: string | null;
	/** BCP 47. */
	readonly locale: string;
}

/** A letter before anybody knows in which language it goes. */
export interface PortalLetter {
	readonly subject: TextKey;
	/** @param text the words of the portal, with the name of the brand in them. */
	readonly paragraphs: (brand: Brand, text: Locale["text"]) => readonly string[];
	readonly usefulForMs?: number;
}

/** Writes a letter of a portal, in the language of its reader. Nobody without an address gets one. */
export async function writePortalLetter(
	{ brands, mail }: { readonly brands: KnownBrands; readonly mail: Mail },
	{ brandId, email, locale }: Addressee,
	{ subject, paragraphs, usefulForMs }: PortalLetter,
): Promise<void> {
	const brand = brands.find(brandId);
	if (brand === undefined || email === null) {
		return;
	}
	const { tag, text: textOf } = localeFor(locale, brand.locale);
	const words = textsIn(brands.lookOf(brandId).texts, tag);
	const text: Locale["text"] = (key, values) => textOf(key, { ...values, brand: brand.name });
	await mail.send({
		brandId,
		to: email,
		subject: text(subject),
		text: framedLetter(paragraphs(brand, text), brand, words),
		...(usefulForMs !== undefined && { usefulForMs }),
	});
}
