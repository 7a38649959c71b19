import { displayName } from "../../contract/display-name.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTime, type StoredKind } from "../../storage/stored-value.ts";
import { type BrandFacts, isBrandUrl, localeTag } from "./brand-rules.ts";

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
	/** IANA. Null: UTC. */
	readonly timeZone: string | null;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
	/** When a stored brand was removed. Milliseconds since the epoch; null: it is there. */
	readonly removedAt: number | null;
	/** Whether the last start configured other brands and not this one. */
	readonly leftOut: boolean;
	/** Whether the last start configured a brand with the id of this stored one. The configuration counts then. */
	readonly overridden: boolean;
};

export const BRAND_RECORD: StoredKind<BrandRecord> = { name: "brands/brand", read: readRecord };

/** Keeps fields that a later version added. */
function readRecord(value: StorageValue): BrandRecord | undefined {
	const fields = fieldsOf(value);
	const { source, name, url, locale, timeZone = null, createdAt, removedAt = null } = fields;
	const { leftOut = false, overridden = false } = fields;
	const tag = typeof locale === "string" ? localeTag(locale) : undefined;
	if (
		(source !== "stored" && source !== "configured") ||
		typeof name !== "string" ||
		displayName(name) === "" ||
		typeof url !== "string" ||
		!isBrandUrl(url) ||
		tag === undefined ||
		!(timeZone === null || typeof timeZone === "string") ||
		!isTime(createdAt) ||
		!(removedAt === null || isTime(removedAt)) ||
		typeof leftOut !== "boolean" ||
		typeof overridden !== "boolean"
	) {
		return undefined;
	}
	const about = { source, name: displayName(name), url, locale: tag, timeZone } as const;
	return { ...fields, ...about, createdAt, removedAt, leftOut, overridden };
}

/** The facts in a record. A time zone that this node does not know stays: its times are shown in UTC. */
export function factsIn(id: string, { name, url, locale, timeZone }: BrandRecord): BrandFacts {
	return { id, name, url, locale, ...(timeZone !== null && { timeZone }) };
}

/** The part of a record that its facts make up. */
export function aboutOf({
	name,
	url,
	locale,
	timeZone,
}: BrandFacts): Pick<BrandRecord, "name" | "url" | "locale" | "timeZone"> {
	return { name, url, locale, timeZone: timeZone ?? null };
}
