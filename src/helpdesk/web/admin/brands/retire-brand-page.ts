import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { labelled } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, brandPaths } from "../paths.ts";
import { type Problems, saidProblems } from "./brand-fields.ts";
import type { ShownBrand } from "./shown-brand.ts";

/** The people of a brand. */
export interface BrandCounted {
	readonly all: number;
	/** How many have linked accounts, by add-on. */
	readonly linked: readonly { readonly name: string; readonly people: number }[];
}

/** What a retired brand takes along, before it does. */
export function retirePage(page: {
	readonly brand: ShownBrand;
	/** Undefined: they are being counted. */
	readonly people: BrandCounted | undefined;
	/** The names of connected helpdesks. */
	readonly connected: readonly string[];
	readonly problems: Problems;
	readonly locale: Locale;
	readonly csrf: string;
}): Markup {
	const { brand, people, connected, locale, csrf } = page;
	const { text, markup, list } = locale;
	const paths = brandPaths(brand.id);
	const cancel = html`<a href="${paths.brand}">${text("retire-brand.cancel")}</a>`;
	const head = (lead: string) =>
		pageHead(text("retire-brand.question", { brand: brand.name }), lead);
	if (connected.length > 0) {
		const values = { brand: brand.name, helpdesks: list(connected) };
		const count = { count: connected.length };
		const first = markup("retire-brand.disconnect-first", count, {
			link: (content) =>
				html`<a href="${atBrand(ADMIN_PATHS.connectedHelpdesks, brand.id)}">${content}</a>`,
		});
		return html`${head(text("retire-brand.connected", values))}<div class="card"><p>${first}</p><p class="actions">${cancel}</p></div>`;
	}
	const refusal = page.problems.size === 0 ? "" : notice(text("retire-brand.refused"), true);
	const field = labelled(
		{ problems: saidProblems(page.problems, locale) },
		"sure",
		text("retire-brand.confirm", { id: brand.id }),
		"",
		(traits) =>
			html`<input id="sure" name="sure" autocomplete="off" autocapitalize="none" spellcheck="false" required${traits}>`,
	);
	const submit = people?.all === 0 ? "retire-brand.submit-empty" : "retire-brand.submit";
	const job = markup("retire-brand.job", { id: html`<code>${brand.id}</code>` });
	return html`${head(text("retire-brand.lead"))}${refusal}<div class="card"><ul class="impact">${peopleSentences(people, locale)}<li>${text("retire-brand.settings")}</li><li>${text("retire-brand.log-ins", { url: brand.url })}</li></ul><p>${job}</p>
<form method="post" action="${paths.retire}">${csrfField(csrf)}${field}<div class="actions answer"><button class="danger" type="submit">${text(submit)}</button>${cancel}</div></form></div>`;
}

function peopleSentences(people: BrandCounted | undefined, { text }: Locale): Markup {
	if (people === undefined) {
		return html`<li>${text("retire-brand.counting")}</li>`;
	}
	const linked = people.linked.map(
		({ name, people: count }) => html`<li>${text("retire-brand.linked", { count, name })}</li>`,
	);
	return html`<li>${text("retire-brand.people", { count: people.all })}</li>${linked}`;
}
