import { parseUrl } from "../../contract/parse-url.ts";
import type { StorageValue } from "../../contract/storage.ts";
import { fieldsOf, isTextOrNull, type StoredKind } from "../../storage/stored-value.ts";
import type { Message } from "../locale/locale.ts";
import { isColour } from "./brand-colour.ts";
import { type BrandTexts, textProblem } from "./brand-texts.ts";
import { LOGO_TYPES, type LogoType } from "./logo-file.ts";

/** A logo without its bytes. */
export type BrandLogo = {
	/** Of the bytes, in hexadecimal digits. Part of the address, so that caches keep the file for good. */
	readonly sha256: string;
	readonly type: LogoType;
	/** Pixels. */
	readonly width: number;
	readonly height: number;
};

/** How a brand looks, and what it says. Everything else about it is in its record. */
export type BrandLook = {
	/** `#rrggbb`. Null: the helpdesk's own. */
	readonly colour: string | null;
	/** Null: the name stands in its place. */
	readonly logo: BrandLogo | null;
	/** Null: the helpdesk's own page. */
	readonly privacyPolicyUrl: string | null;
	/** Null: the helpdesk's own page. */
	readonly termsUrl: string | null;
	/** At most one for each language. */
	readonly texts: readonly BrandTexts[];
};

/** The look of a brand that nobody has changed. */
export const PLAIN_LOOK: BrandLook = {
	...{ colour: null, logo: null, privacyPolicyUrl: null, termsUrl: null },
	texts: [],
};

export const BRAND_LOOK: StoredKind<BrandLook> = { name: "brands/look", read: readLook };

/** The most characters of a link. */
const MOST_LINK = 500;

/** Why a link of a brand cannot be used; undefined for one that can. */
export function linkProblem(typed: string): Message | undefined {
	const url = parseUrl(typed);
	if (url?.protocol !== "https:") {
		return {
			key: "brand.links.not-https",
			values: { example: "https://www.example.com/privacy" },
		};
	}
	if (url.username !== "" || url.password !== "") {
		return { key: "brand.links.credentials" };
	}
	return url.href.length <= MOST_LINK
		? undefined
		: { key: "brand.links.too-long", values: { most: MOST_LINK } };
}

/** Keeps fields that a later version added. */
function readLook(value: StorageValue): BrandLook | undefined {
	const fields = fieldsOf(value);
	const { colour = null, logo = null, privacyPolicyUrl = null, termsUrl = null } = fields;
	const { texts = [] } = fields;
	const knownLogo = logo === null ? null : readLogo(logo);
	const knownTexts = Array.isArray(texts) ? texts.map(readTexts) : [undefined];
	if (
		!(colour === null || (typeof colour === "string" && isColour(colour))) ||
		knownLogo === undefined ||
		!isLink(privacyPolicyUrl) ||
		!isLink(termsUrl) ||
		!knownTexts.every((each) => each !== undefined)
	) {
		return undefined;
	}
	return {
		...{ ...fields, colour, logo: knownLogo },
		...{ privacyPolicyUrl, termsUrl, texts: knownTexts },
	};
}

function isLink(value: StorageValue): value is string | null {
	return isTextOrNull(value) && (value === null || linkProblem(value) === undefined);
}

function readLogo(value: StorageValue): BrandLogo | undefined {
	const fields = fieldsOf(value);
	const { sha256, width, height } = fields;
	const type = LOGO_TYPES.find((each) => each === fields["type"]);
	return typeof sha256 === "string" &&
		/^[0-9a-f]{64}$/.test(sha256) &&
		type !== undefined &&
		typeof width === "number" &&
		typeof height === "number"
		? { ...fields, sha256, type, width, height }
		: undefined;
}

function readTexts(value: StorageValue): BrandTexts | undefined {
	const fields = fieldsOf(value);
	const { language, logIn, opening, signature } = fields;
	return typeof language === "string" &&
		[logIn, opening, signature].every(
			(text) => typeof text === "string" && textProblem(text) === undefined,
		)
		? ({ ...fields, language, logIn, opening, signature } as BrandTexts)
		: undefined;
}
