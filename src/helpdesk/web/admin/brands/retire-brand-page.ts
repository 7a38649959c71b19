import { html } from "hono/html";
import { csrfField, type Markup, notice } from "../../layout.ts";
import { labelled } from "../form-fields.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS, atBrand, brandPaths } from "../paths.ts";
import type { Problems } from "./brand-fields.ts";
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
	readonly csrf: string;
}): Markup {
	const { brand, people, connected, problems, csrf } = page;
	const paths = brandPaths(brand.id);
	const cancel = html`<a href="${paths.brand}">Cancel</a>`;
	const head = (lead: string) => pageHead(`Retire ${brand.name}?`, lead);
	if (connected.length > 0) {
		return html`${head(`${brand.name} is connected to ${connected.join(", ")}. Nobody could log in there any more.`)}<div class="card"><p>Remove ${connected.length === 1 ? "it" : "them"} under <a href="${atBrand(ADMIN_PATHS.connectedHelpdesks, brand.id)}">Connected helpdesks</a> first.</p><p class="actions">${cancel}</p></div>`;
	}
	const refusal =
		problems.size === 0 ? "" : notice("Nothing is retired. Fix the field marked below.", true);
	const field = labelled(
		page,
		"sure",
		`Type ${brand.id} to confirm`,
		"",
		(traits) =>
			html`<input id="sure" name="sure" autocomplete="off" autocapitalize="none" spellcheck="false" required${traits}>`,
	);
	return html`${head("This cannot be undone.")}${refusal}<div class="card"><ul class="impact">${peopleSentences(people)}<li>The settings and keys of the brand, its look and its texts are deleted.</li><li>Nobody can log in at ${brand.url} any more.</li></ul><p>The id <code>${brand.id}</code> is never used again. A job does it, which the page Jobs shows.</p>
<form method="post" action="${paths.retire}">${csrfField(csrf)}${field}<div class="actions answer"><button class="danger" type="submit">Retire and delete everybody there</button>${cancel}</div></form></div>`;
}

function peopleSentences(people: BrandCounted | undefined): Markup {
	if (people === undefined) {
		return html`<li>Everybody who has an account there is deleted. They are being counted at the moment.</li>`;
	}
	const { all, linked } = people;
	const who =
		all === 0
			? "Nobody has an account there."
			: all === 1
				? "1 person is deleted, with everything that is stored about them."
				: `${all.toLocaleString("en")} people are deleted, with everything that is stored about them.`;
	return html`<li>${who}</li>${linked.map(({ name, people: count }) => html`<li>${count === 1 ? "1 of them has" : `${count.toLocaleString("en")} of them have`} an account linked by ${name}. These links go, too.</li>`)}`;
}
