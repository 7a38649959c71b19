import { displayName } from "../../contract/display-name.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import { isBrandUrl, localeTag } from "./brand-rules.ts";

/**
 * What is stored about one id. It stays after the brand is gone, because ids are never used again: people, links and settings
 * lie under them.
 */
export type BrandRecord = {
	/** `stored`: the record is the brand. `configured`: a note about a brand that the configuration fixes. */
	readonly source: "stored" | "configured";
	readonly name: string;
	/** The origin that visitors see. */
	readonly url: string;
	/** BCP 47. */
	readonly locale: string;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
	/** When a stored brand was removed. Milliseconds since the epoch; null: it is there. */
	readonly removedAt: number | null;
	/** Whether the last start configured other brands and not this one. */
	readonly leftOut: boolean;
};

export const BRAND_RECORD: StoredKind<BrandRecord> = { name: "brands/brand", read: readRecord };

/** Keeps fields that a later version added. */
function readRecord(value: StorageValue): BrandRecord | undefined {
	const fields = fieldsOf(value);
	const { source, name, url, locale, createdAt, removedAt = null, leftOut = false } = fields;
	const tag = typeof locale === "string" ? localeTag(locale) : undefined;
	if (
		(source !== "stored" && source !== "configured") ||
		typeof name !== "string" ||
		displayName(name) === "" ||
		typeof url !== "string" ||
		!isBrandUrl(url) ||
		tag === undefined ||
		!isTime(createdAt) ||
		!(removedAt === null || isTime(removedAt)) ||
		typeof leftOut !== "boolean"
	) {
		return undefined;
	}
	const about = { source, name: displayName(name), url, locale: tag } as const;
	return { ...fields, ...about, createdAt, removedAt, leftOut };
}
