import { html } from "hono/html";
import { type Markup, notice } from "../../layout.ts";
import { questionPage } from "../asking-first.ts";
import { pageHead } from "../page-head.ts";
import { brandPaths } from "../paths.ts";
import { type Problems, urlField } from "./brand-fields.ts";
import type { ShownBrand } from "./shown-brand.ts";

/** What another address of a brand breaks. */
export interface Move {
	readonly brand: ShownBrand;
	/** The new address. */
	readonly origin: string;
	/** The new callback URLs, by add-on. */
	readonly callbacks: readonly { readonly name: string; readonly url: string }[];
	/** The names of connected helpdesks. */
	readonly connected: readonly string[];
}

export function moveFormPage(page: {
	readonly brand: ShownBrand;
	readonly typed: string;
	readonly problems: Problems;
}): Markup {
	const { brand, typed, problems } = page;
	const paths = brandPaths(brand.id);
	const refusal =
		problems.size === 0 ? "" : notice("Nothing is changed. Fix the field marked below.", true);
	const lead = `Now it is ${brand.url}. The next page says what changes with it.`;
	return html`${pageHead(`Change the address of ${brand.name}`, lead)}${refusal}<div class="card"><form method="get" action="${paths.address}">${urlField(page, "url", "New address", "What visitors see in their browser: https and a host name, no path.", typed)}<div class="actions answer"><button type="submit">Continue</button><a href="${paths.brand}">Cancel</a></div></form></div>`;
}

/** Says what breaks, before anything does. */
export function moveQuestionPage(move: Move, csrf: string): Markup {
	const { brand, origin, callbacks, connected } = move;
	const paths = brandPaths(brand.id);
	const hasNewHost = new URL(origin).hostname !== new URL(brand.url).hostname;
	const effects = [
		...callbacks.map(
			({ name, url }) =>
				html`<li>${name} refuses every log-in here until you enter its new callback URL there: <code>${url}</code></li>`,
		),
		...(connected.length === 0
			? []
			: [
					html`<li>${connected.join(", ")}: nobody can log in there from here until you enter the new issuer and addresses there. Connected helpdesks shows them.</li>`,
				]),
		...(hasNewHost
			? [
					html`<li>Passkeys belong to a host name. Those of users here no longer work: they log in another way, and add a new one.</li>`,
					html`<li>Users are logged out: cookies belong to a host name.</li>`,
				]
			: []),
		html`<li>Links in e-mails that were sent lead to the old address. Let your proxy redirect from there.</li>`,
	];
	return questionPage(
		{
			title: `Move ${brand.name} to ${origin}?`,
			consequence:
				"The change takes effect at once. Links to set a password lead to the new address from then on, so make sure that it is yours.",
			details: html`<div class="card"><ul class="impact">${effects}</ul></div>`,
			...{ action: paths.address, fields: [["url", origin]] },
			...{ button: "Change the address", back: paths.brand },
		},
		csrf,
	);
}
