import { html } from "hono/html";
import type { LogInPrices } from "../../../../contract/log-in-prices.ts";
import { isRightToLeft, shownValue } from "../../../../contract/message-text.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { BrandCosts, LogInCosts } from "../../../sign-ins/log-in-costs.ts";
import type { Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { scrollRegion } from "../scroll-region.ts";
import { shortDayTag } from "./sign-in-charts.ts";

/** How many brands are shown, those with the most people first. */
const MAX_BRANDS = 20;

/** What log-ins with one provider cost. */
export interface ShownCosts {
	/** The name of the plugin. */
	readonly provider: string;
	readonly prices: LogInPrices;
	/** Says where the prices are published. */
	readonly source: string;
	readonly current: MonthCosts;
	readonly previous: MonthCosts;
}

/** A calendar month of UTC. */
export interface MonthCosts {
	/** The beginning of the month. Milliseconds since the epoch. */
	readonly month: number;
	/** The beginning of the first day with counts; undefined in a month without. */
	readonly firstDay: number | undefined;
	/** The beginning of the first day that is left out because of its many people; undefined where no day is left out. */
	readonly countedUntil?: number | undefined;
	readonly total: LogInCosts;
	readonly brands: readonly BrandCosts[];
}

/** What the parts of a card say. */
interface InWords {
	readonly provider: string;
	readonly prices: LogInPrices;
	readonly brandName: (brandId: string) => string;
	readonly locale: Locale;
}

/** An estimate of what the log-ins of this month cost, and what they would have cost by another protocol. */
export function logInCostsCard(
	{ provider, prices, source, current, previous }: ShownCosts,
	brandName: (brandId: string) => string,
	locale: Locale,
): Markup {
	const { text } = locale;
	const words = { provider, prices, brandName, locale };
	const before =
		previous.brands.length === 0
			? ""
			: html`<details><summary>${monthName(previous, locale)}</summary>${costsIn(previous, words)}</details>`;
	const day = dayName(Date.parse(prices.readOn), "full", locale);
	const title = text("sign-ins.costs.title", { provider, month: monthName(current, locale) });
	const estimate = text("sign-ins.costs.estimate", { day, provider });
	return html`<section class="card costs" aria-label="${title}"><h2>${title}</h2>
<p class="help">${pricesInWords(words)} ${estimate} ${linked(source)}</p>
${costsIn(current, words)}${before}</section>`;
}

function pricesInWords({ prices, provider, locale }: InWords): string {
	const { protocols, currency } = prices;
	const sentences = protocols.map(({ name: protocol, perPersonAndDay }) =>
		perPersonAndDay === null
			? locale.text("sign-ins.costs.no-price", { provider, protocol })
			: locale.text("sign-ins.costs.price", {
					...{ provider, protocol, amount: amount(perPersonAndDay, currency, locale) },
				}),
	);
	return sentences.join(" ");
}

function costsIn(shown: MonthCosts, words: InWords): Markup {
	const { brands, total } = shown;
	const { brandName, locale } = words;
	const { text } = locale;
	if (brands.length === 0) {
		const sentences = [text("sign-ins.costs.none"), ...notCounted(shown, locale)];
		return html`<p>${sentences.join(" ")}</p>`;
	}
	const all = brands.length === 1 ? "" : rowsOf(text("sign-ins.costs.all-brands"), total, words);
	const each = brands
		.slice(0, MAX_BRANDS)
		.map((costs) => rowsOf(brandName(costs.brandId), costs, words));
	const label = text("sign-ins.costs.label", { month: monthName(shown, locale) });
	const table = html`<table class="figures" aria-label="${label}"><thead><tr><th scope="col">${text("sign-ins.costs.protocol")}</th><th scope="col" class="number">${text("sign-ins.costs.people")}</th><th scope="col" class="number">${text("sign-ins.costs.cost")}</th><th scope="col" class="number">${text("sign-ins.costs.cost-of-all")}</th></tr></thead>${all}${each}</table>`;
	return html`${scrollRegion(label, table)}
<p class="help">${notesOn(shown, words)}</p>`;
}

function rowsOf(name: string, { protocols }: LogInCosts, { prices, locale }: InWords): Markup {
	const { text, language } = locale;
	const unpriced = html`<span class="soft nowrap">${text("sign-ins.costs.unpriced")}</span>`;
	// Somebody who used both protocols on a day counts twice.
	const isMixed = protocols.filter((each) => each.people > 0).length > 1;
	const priced = (value: number | null): Markup | string =>
		value === null ? unpriced : amount(value, prices.currency, locale);
	const pricedAtMost = (value: number | null): Markup | string =>
		value === null
			? unpriced
			: text("sign-ins.costs.at-most", { amount: amount(value, prices.currency, locale) });
	const rows = protocols.map(
		(each) =>
			html`<tr><th scope="row">${each.name}</th><td class="number">${shownValue(each.people, language)}</td><td class="number">${priced(each.cost)}</td><td class="number">${(isMixed ? pricedAtMost : priced)(each.costOfAll)}</td></tr>`,
	);
	return html`<tbody><tr><th scope="rowgroup" colspan="4">${name}</th></tr>${rows}</tbody>`;
}

function notCounted({ countedUntil }: MonthCosts, locale: Locale): readonly string[] {
	return countedUntil === undefined
		? []
		: [
				locale.text("sign-ins.costs.not-counted", {
					day: dayName(countedUntil, "short", locale),
				}),
			];
}

function notesOn(shown: MonthCosts, { provider, locale }: InWords): string {
	const { brands, total, month, firstDay = month } = shown;
	const { text } = locale;
	const notes = [text("sign-ins.costs.once-a-day"), ...notCounted(shown, locale)];
	if (firstDay > month) {
		notes.push(text("sign-ins.costs.first-day", { day: dayName(firstDay, "short", locale) }));
	}
	if (total.unnamed > 0) {
		notes.push(text("sign-ins.costs.unnamed", { count: total.unnamed, provider }));
	}
	if (brands.length > MAX_BRANDS) {
		notes.push(text("sign-ins.costs.most-brands", { count: MAX_BRANDS }));
	}
	return notes.join(" ");
}

function amount(value: number, currency: string, { tag }: Locale): string {
	// A sign stands on the wrong side of Persian digits.
	const currencyDisplay = isRightToLeft(tag) ? "name" : "symbol";
	const shown = { currency, currencyDisplay, maximumFractionDigits: 4 } as const;
	return value.toLocaleString(tag, { style: "currency", ...shown });
}

function monthName({ month }: MonthCosts, { tag }: Locale): string {
	return new Date(month).toLocaleDateString(tag, {
		month: "long",
		year: "numeric",
		...{ timeZone: "UTC", calendar: "gregory" },
	});
}

function dayName(day: number, form: "full" | "short", { tag }: Locale): string {
	return new Date(day).toLocaleDateString(shortDayTag(tag), {
		day: "numeric",
		month: "long",
		...(form === "full" && { year: "numeric" }),
		...{ timeZone: "UTC", calendar: "gregory" },
	});
}
