import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { html } from "hono/html";
import type { Brand } from "../../contract/brands.ts";
import { colourSheet, isColour } from "../brands/brand-colour.ts";
import type { BrandLogo, BrandLook } from "../brands/brand-look.ts";
import type { BrandLooks } from "../brands/brand-looks.ts";
import type { Locale } from "../locale/locale.ts";
import type { Markup } from "./layout.ts";

/** A look as the pages of a brand need it. */
export interface BrandFace {
	/** The name of the brand. */
	readonly name: string;
	/** The address of the style sheet with its colour; undefined where it has none. */
	readonly sheet: string | undefined;
	readonly logo: BrandLogo | null;
	readonly privacyPolicyUrl: string;
	readonly termsUrl: string;
}

const FOLDER = "/assets/brand";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The bytes never change under an address with their hash. */
const FOR_GOOD = `public, max-age=${YEAR_SECONDS}, immutable`;

export function faceOf(
	{ name, privacyPolicyUrl, termsUrl }: Pick<Brand, "name" | "privacyPolicyUrl" | "termsUrl">,
	{ colour, logo }: BrandLook,
): BrandFace {
	const sheet = colour === null ? undefined : sheetUrl(colour);
	return { name, sheet, logo, privacyPolicyUrl, termsUrl };
}

/**
 * The address says all that the sheet depends on, so that each node gives the same one, whatever it has read of the brands.
 * It has the hash of the sheet as well, because browsers keep the file for an hour: an upgrade must not mix two versions.
 */
function sheetUrl(colour: string): string {
	const version = createHash("sha256").update(colourSheet(colour)).digest("hex").slice(0, 8);
	return `${FOLDER}/${colour.slice(1)}.css?v=${version}`;
}

export function sheetLink({ sheet }: BrandFace): Markup {
	return sheet === undefined ? html`` : html`<link rel="stylesheet" href="${sheet}">`;
}

/** The logo of a brand in the head of its pages, or its name. */
export function brandMark({ name, logo }: BrandFace): Markup {
	return logo === null
		? html`${name}`
		: html`<img src="${FOLDER}/logo/${logo.sha256}" width="${logo.width}" height="${logo.height}" alt="${name}">`;
}

/** The links that each page of a brand ends with. */
export function legalLinks({ privacyPolicyUrl, termsUrl }: BrandFace, { text }: Locale): Markup {
	return html`<a href="${privacyPolicyUrl}">${text("legal.privacy")}</a> · <a href="${termsUrl}">${text("legal.terms")}</a>`;
}

/**
 * Serves the colour and the logo of a brand at its own host. A logo is sent as the picture that it was found to be, and the
 * header `nosniff` keeps browsers from taking it for anything else.
 */
export function brandAssets(
	app: Hono,
	{ id }: Pick<Brand, "id">,
	looks: Pick<BrandLooks, "logoOf">,
): void {
	app.get(`${FOLDER}/:file{[0-9a-f]{6}\\.css}`, (c) => {
		const colour = `#${c.req.param("file").slice(0, 6)}`;
		return isColour(colour)
			? c.body(colourSheet(colour), 200, {
					"content-type": "text/css; charset=utf-8",
					"cache-control": "max-age=3600",
				})
			: c.notFound();
	});
	app.get(`${FOLDER}/logo/:sha256{[0-9a-f]{64}}`, async (c) => {
		const logo = await looks.logoOf(id);
		return logo?.sha256 === c.req.param("sha256")
			? c.body(new Uint8Array(logo.bytes), 200, {
					...{ "content-type": logo.type, "cache-control": FOR_GOOD },
				})
			: c.notFound();
	});
}
