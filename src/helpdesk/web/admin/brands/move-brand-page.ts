import { html } from "hono/html";
import type { Locale } from "../../../locale/locale.ts";
import { type Markup, notice } from "../../layout.ts";
import { questionPage } from "../asking-first.ts";
import { pageHead } from "../page-head.ts";
import { brandPaths } from "../paths.ts";
import { type Problems, saidProblems, urlField } from "./brand-fields.ts";
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
	readonly locale: Locale;
}): Markup {
	const { brand, typed, locale } = page;
	const { text } = locale;
	const paths = brandPaths(brand.id);
	const shown = { problems: saidProblems(page.problems, locale) };
	const refusal = page.problems.size === 0 ? "" : notice(text("move-brand.refused"), true);
	const title = text("move-brand.heading", { brand: brand.name });
	const lead = text("move-brand.lead", { url: brand.url });
	return html`${pageHead(title, lead)}${refusal}<div class="card"><form method="get" action="${paths.address}">${urlField(shown, "url", text("move-brand.address"), text("move-brand.address.help"), typed)}<div class="actions answer"><button type="submit">${text("move-brand.continue")}</button><a href="${paths.brand}">${text("move-brand.cancel")}</a></div></form></div>`;
}

/** Says what breaks, before anything does. */
export function moveQuestionPage(move: Move, csrf: string, locale: Locale): Markup {
	const { brand, origin } = move;
	const { text } = locale;
	const paths = brandPaths(brand.id);
	const effects = effectsOf(move, locale).map((effect) => html`<li>${effect}</li>`);
	return questionPage(
		{
			title: text("move-brand.question", { brand: brand.name, url: origin }),
			consequence: text("move-brand.consequence"),
			details: html`<div class="card"><ul class="impact">${effects}</ul></div>`,
			...{ action: paths.address, fields: [["url", origin]] },
			...{ button: text("move-brand.submit"), back: paths.brand },
		},
		csrf,
		locale,
	);
}

function effectsOf(
	{ brand, origin, callbacks, connected }: Move,
	{ text, markup, list }: Locale,
): readonly (Markup | string)[] {
	const hasNewHost = new URL(origin).hostname !== new URL(brand.url).hostname;
	return [
		...callbacks.map(({ name, url }) =>
			markup("move-brand.callback", { name, url: html`<code>${url}</code>` }),
		),
		...(connected.length === 0
			? []
			: [text("move-brand.connected", { helpdesks: list(connected) })]),
		...(hasNewHost ? [text("move-brand.passkeys"), text("move-brand.sessions")] : []),
		text("move-brand.sent-links"),
	];
}
