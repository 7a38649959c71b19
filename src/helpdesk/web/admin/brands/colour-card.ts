import { html } from "hono/html";
import {
	contrast,
	LEAST_CONTRAST,
	leastContrast,
	SCHEMES,
	type Scheme,
	SURFACES,
	shadeIn,
} from "../../../brands/brand-colour.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { labelled } from "../form-fields.ts";
import { brandPaths } from "../paths.ts";
import type { Problems } from "./brand-fields.ts";

const SCHEME_WORDS = { light: "Light scheme", dark: "Dark scheme" } as const;

/** The form with a brand's colour, and what becomes of it. */
export function colourCard(card: {
	readonly brandId: string;
	/** What is stored; null: nothing. */
	readonly colour: string | null;
	/** What was typed, after a refusal. */
	readonly typed: string | undefined;
	readonly problems: Problems;
	readonly csrf: string;
}): Markup {
	const { brandId, colour, csrf } = card;
	const help =
		"Six hexadecimal digits, such as #2457c5. Leave the field empty for the colour of the helpdesk.";
	const input = labelled(
		card,
		"colour",
		"Colour of links and buttons",
		help,
		(traits) =>
			html`<input id="colour" name="colour" value="${card.typed ?? colour ?? ""}" maxlength="20" placeholder="#2457c5" autocomplete="off" spellcheck="false"${traits}>`,
	);
	const shades =
		colour === null
			? ""
			: html`<div class="chart-pair">${SCHEMES.map((scheme) => shadeOf(scheme, colour))}</div>`;
	return html`<div class="card"><form method="post" action="${brandPaths(brandId).colour}" data-unsaved="${card.typed === undefined ? "" : "yes"}">${csrfField(csrf)}${input}<button type="submit">Save</button></form>${shades}</div>`;
}

/** How links and buttons look in a scheme, with the shade that people can read. */
function shadeOf(scheme: Scheme, colour: string): Markup {
	const shade = shadeIn(scheme, colour);
	const { backs, words } = SURFACES[scheme];
	const [back = words] = backs;
	const ratio = (value: number): string => `${value.toFixed(1)} to 1`;
	const changed =
		shade === colour
			? ""
			: html` People could not read ${colour} there: its contrast is ${ratio(leastContrast(colour, scheme))}, and text needs ${LEAST_CONTRAST} to 1. Links and buttons have the nearest ${scheme === "light" ? "darker" : "lighter"} shade instead.`;
	return html`<section><h3>${SCHEME_WORDS[scheme]}</h3><svg class="sample" viewBox="0 0 240 64" width="240" height="64" role="img" aria-label="${SCHEME_WORDS[scheme]}: a button and a link in ${shade}"><rect width="240" height="64" rx="8" fill="${back}" stroke="#808080"/><rect x="12" y="12" width="100" height="40" rx="8" fill="${shade}"/><text x="62" y="37" text-anchor="middle" font-size="15" font-weight="600" fill="${words}">Log in</text><text x="132" y="37" font-size="15" text-decoration="underline" fill="${shade}">Register</text></svg>
<p class="help"><code>${shade}</code>, contrast ${ratio(contrast(shade, back))}.${changed}</p></section>`;
}
