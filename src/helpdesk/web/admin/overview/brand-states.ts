import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import type { LogInFigures } from "../../../alerts/log-in-figures.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { atBrand, integrationPaths, socialLoginPaths } from "../paths.ts";
import { moment } from "../sign-ins/sign-ins-page.ts";
import type { BrandSwitch } from "../social-login/brand-switches.ts";
import type { BrandFacts } from "./brand-facts.ts";
import { inRow } from "./in-row.ts";
import type { AddOnFacts } from "./overview-facts.ts";

/** How an add-on does at the brands of the helpdesk. */
export function brandStates({ addOn, switches, logIns }: AddOnFacts, locale: Locale): Markup {
	const { text } = locale;
	const { id, name } = addOn.loaded.manifest;
	const rows = switches.map((each) => brandRow(each, id, logIns.get(each.brand.id), locale));
	const numbers = { shown: switches.length, total: addOn.brands.length };
	const partial =
		numbers.shown < numbers.total
			? html`<p class="help">${text("overview.brands.partial", numbers)} <a href="${socialLoginPaths(id).manage}">${text("overview.brands.all")}</a></p>`
			: "";
	const columns = (["brand", "status", "last-test", "log-ins"] as const).map(
		(each) => html`<th scope="col">${text(`overview.brands.${each}`)}</th>`,
	);
	return html`<h2>${name}</h2><table><thead><tr>${columns}</tr></thead><tbody>${rows}</tbody></table><p class="help">${text("overview.brands.help")}</p>${partial}`;
}

function brandRow(
	{ brand, enabled, readable, test }: BrandSwitch,
	id: string,
	facts: BrandFacts | undefined,
	locale: Locale,
): Markup {
	const { text, markup } = locale;
	const problem = (content: Markup) => html`<span class="problem">${content}</span>`;
	const settings = html`<a href="${atBrand(integrationPaths(id).settings, brand.id)}#test">${text("overview.brands.failed-link")}</a>`;
	const button = readable
		? text(enabled ? "overview.brands.on" : "overview.brands.off")
		: problem(html`${text("overview.brands.unreadable")}`);
	const tested =
		test === undefined
			? text("overview.brands.untested")
			: hasFailed(test)
				? html`${markup("overview.brands.failed", { time: moment(test.at, brand) }, { problem })} ${settings}`
				: markup("overview.brands.passed", { time: moment(test.at, brand) });
	return html`<tr><td><strong>${brand.name}</strong></td><td>${button}</td><td>${tested}</td><td>${facts === undefined ? "" : logInsOf(facts, brand, id, locale)}</td></tr>`;
}

/** How log-ins went, and what to do where they fail. */
function logInsOf(
	{ day, week, failing, refusals }: BrandFacts,
	brand: Brand,
	id: string,
	locale: Locale,
): Markup {
	const { text, markup } = locale;
	const path = atBrand(integrationPaths(id).settings, brand.id);
	const now =
		failing === undefined
			? ""
			: html`<p class="problem">${markup("overview.brands.failing", { time: moment(failing.since, brand), what: failing.words.title })}</p><p class="help">${failing.words.text} <a href="${path}">${text("overview.brands.settings", { brand: brand.name })}</a></p>`;
	const why = refusals.map(
		({ count, words }) =>
			html`<details><summary>${text("overview.log-ins.why", { count, what: words.title })}</summary><p class="help">${words.text}</p></details>`,
	);
	const ofDay = text("overview.log-ins.day", { numbers: figures(day, locale) });
	const ofWeek = text("overview.log-ins.week", { numbers: figures(week, locale) });
	return html`${now}${ofDay}<br>${ofWeek}${why}`;
}

function figures({ cameIn, refused, cancelled }: LogInFigures, locale: Locale): string {
	const { text } = locale;
	const parts = [
		text("overview.log-ins.came-in", { count: cameIn }),
		...(refused > 0 ? [text("overview.log-ins.refused", { count: refused })] : []),
		...(cancelled > 0 ? [text("overview.log-ins.cancelled", { count: cancelled })] : []),
	];
	return cameIn + refused + cancelled === 0
		? text("overview.log-ins.nobody")
		: inRow(parts, locale);
}
