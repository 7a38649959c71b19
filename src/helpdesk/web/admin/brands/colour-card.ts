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
import type { Locale, TextKey } from "../../../locale/locale.ts";
import { csrfField, type Markup } from "../../layout.ts";
import { labelled } from "../form-fields.ts";
import { brandPaths } from "../paths.ts";
import type { SaidProblems } from "./brand-fields.ts";

/** The colour of the helpdesk. */
export const EXAMPLE_COLOUR = "#2457c5";

const TEXTS = {
	light: {
		name: "brand.colour.light",
		sample: "brand.colour.light.sample",
		shaded: "brand.colour.light.shaded",
	},
	dark: {
		name: "brand.colour.dark",
		sample: "brand.colour.dark.sample",
		shaded: "brand.colour.dark.shaded",
	},
} as const satisfies Record<Scheme, Record<string, TextKey>>;

/** The form with a brand's colour, and what becomes of it. */
export function colourCard(card: {
	readonly brandId: string;
	/** What is stored; null: nothing. */
	readonly colour: string | null;
	/** What was typed, after a refusal. */
	readonly typed: string | undefined;
	readonly problems: SaidProblems;
	readonly locale: Locale;
	readonly csrf: string;
}): Markup {
	const { brandId, colour, csrf, locale } = card;
	const { text } = locale;
	const input = labelled(
		card,
		"colour",
		text("brand.colour.label"),
		text("brand.colour.help", { example: EXAMPLE_COLOUR }),
		(traits) =>
			html`<input id="colour" name="colour" value="${card.typed ?? colour ?? ""}" maxlength="20" placeholder="${EXAMPLE_COLOUR}" autocomplete="off" spellcheck="false"${traits}>`,
	);
	const shades =
		colour === null
			? ""
			: html`<div class="chart-pair">${SCHEMES.map((scheme) => shadeOf(scheme, colour, locale))}</div>`;
	return html`<div class="card"><form method="post" action="${brandPaths(brandId).colour}" data-unsaved="${card.typed === undefined ? "" : "yes"}">${csrfField(csrf)}${input}<button type="submit">${text("brand.save")}</button></form>${shades}</div>`;
}

/** How links and buttons look in a scheme, with the shade that people can read. */
function shadeOf(scheme: Scheme, colour: string, { text, markup, tag }: Locale): Markup {
	const shade = shadeIn(scheme, colour);
	const { backs, words } = SURFACES[scheme];
	const [back = words] = backs;
	const { name, sample, shaded } = TEXTS[scheme];
	const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
	const ratio = (value: number): string => new Intl.NumberFormat(tag, digits).format(value);
	const contrastOf = { shade: html`<code>${shade}</code>`, contrast: ratio(contrast(shade, back)) };
	const changed = text(shaded, {
		...{ colour, contrast: ratio(leastContrast(colour, scheme)) },
		least: LEAST_CONTRAST,
	});
	return html`<section><h3>${text(name)}</h3><svg class="sample" viewBox="0 0 240 64" width="240" height="64" role="img" aria-label="${text(sample, { shade })}"><rect width="240" height="64" rx="8" fill="${back}" stroke="#808080"/><rect x="12" y="12" width="100" height="40" rx="8" fill="${shade}"/><text x="62" y="37" text-anchor="middle" font-size="15" font-weight="600" fill="${words}">${text("nav.login")}</text><text x="132" y="37" font-size="15" text-decoration="underline" fill="${shade}">${text("nav.register")}</text></svg>
<p class="help">${markup("brand.colour.contrast", contrastOf)}${shade === colour ? "" : ` ${changed}`}</p></section>`;
}
