import { html } from "hono/html";
import type { LogInPrices } from "../../../../contract/log-in-prices.ts";
import type { BrandCosts, LogInCosts } from "../../../sign-ins/log-in-costs.ts";
import type { Markup } from "../../layout.ts";
import { linked } from "../admin-pages.ts";
import { scrollRegion } from "../scroll-region.ts";

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

/** An estimate of what the log-ins of this month cost, and what they would have cost by another protocol. */
export function logInCostsCard(
	{ provider, prices, source, current, previous }: ShownCosts,
	brandName: (brandId: string) => string,
): Markup {
	const before =
		previous.brands.length === 0
			? ""
			: html`<details><summary>${monthName(previous)}</summary>${costsIn(previous, prices, provider, brandName)}</details>`;
	const published = dayName(Date.parse(prices.readOn), "full");
	const title = `Cost at ${provider} in ${monthName(current)}`;
	return html`<section class="card costs" aria-label="${title}"><h2>${title}</h2>
<p class="help">${pricesInWords(prices, provider)} This is an estimate from the prices of ${published}. ${provider}'s own console has the bill. ${linked(source)}</p>
${costsIn(current, prices, provider, brandName)}${before}</section>`;
}

function pricesInWords({ protocols, currency }: LogInPrices, provider: string): string {
	const sentences = protocols.map(({ name, perPersonAndDay }) =>
		perPersonAndDay === null
			? `${provider} publishes no price for ${name}.`
			: `With ${name}, ${provider} charges ${amount(perPersonAndDay, currency)} for each person and day.`,
	);
	return sentences.join(" ");
}

function costsIn(
	shown: MonthCosts,
	prices: LogInPrices,
	provider: string,
	brandName: (brandId: string) => string,
): Markup {
	const { brands, total } = shown;
	if (brands.length === 0) {
		return html`<p>${["No log-in of this month is counted yet.", ...notCounted(shown)].join(" ")}</p>`;
	}
	const all = brands.length === 1 ? "" : rowsOf("All brands", total, prices);
	const each = brands
		.slice(0, MAX_BRANDS)
		.map((costs) => rowsOf(brandName(costs.brandId), costs, prices));
	const table = html`<table class="figures" aria-label="Cost in ${monthName(shown)}"><thead><tr><th scope="col">Protocol</th><th scope="col" class="number">People</th><th scope="col" class="number">Cost</th><th scope="col" class="number">If all used it</th></tr></thead>${all}${each}</table>`;
	return html`${scrollRegion(`Cost in ${monthName(shown)}`, table)}
<p class="help">${notesOn(shown, provider)}</p>`;
}

function rowsOf(name: string, { protocols }: LogInCosts, { currency }: LogInPrices): Markup {
	// Somebody who used both protocols on a day counts twice.
	const isMixed = protocols.filter((each) => each.people > 0).length > 1;
	const rows = protocols.map((each) => {
		const atMost = isMixed && each.costOfAll !== null ? "at most " : "";
		return html`<tr><th scope="row">${each.name}</th><td class="number">${each.people.toLocaleString("en")}</td><td class="number">${priced(each.cost, currency)}</td><td class="number">${atMost}${priced(each.costOfAll, currency)}</td></tr>`;
	});
	return html`<tbody><tr><th scope="rowgroup" colspan="4">${name}</th></tr>${rows}</tbody>`;
}

function notCounted({ countedUntil }: MonthCosts): readonly string[] {
	return countedUntil === undefined
		? []
		: [
				`So many people have logged in since ${dayName(countedUntil, "short")} that they are only counted after the day is over.`,
			];
}

function notesOn(shown: MonthCosts, provider: string): string {
	const { brands, total, month, firstDay = month } = shown;
	const notes = [
		"Each person counts once a day at each brand, and days begin at midnight UTC.",
		...notCounted(shown),
	];
	if (firstDay > month) {
		notes.push(`The first day with a counted log-in is ${dayName(firstDay, "short")}.`);
	}
	if (total.unnamed > 0) {
		const attempts =
			total.unnamed === 1 ? "1 attempt" : `${total.unnamed.toLocaleString("en")} attempts`;
		notes.push(
			`In ${attempts}, an error at ${provider} came before ${provider} said who the person is. This costs nothing.`,
		);
	}
	if (brands.length > MAX_BRANDS) {
		notes.push(
			`Only the ${MAX_BRANDS} brands with the most people are listed. For the others, choose a brand above.`,
		);
	}
	return notes.join(" ");
}

function priced(value: number | null, currency: string): Markup | string {
	return value === null ? html`<span class="soft nowrap">no price</span>` : amount(value, currency);
}

function amount(value: number, currency: string): string {
	return value.toLocaleString("en", { style: "currency", currency, maximumFractionDigits: 4 });
}

function monthName({ month }: MonthCosts): string {
	return new Date(month).toLocaleDateString("en", {
		month: "long",
		year: "numeric",
		timeZone: "UTC",
	});
}

function dayName(day: number, form: "full" | "short"): string {
	return new Date(day).toLocaleDateString("en-GB", {
		day: "numeric",
		month: "long",
		...(form === "full" && { year: "numeric" }),
		timeZone: "UTC",
	});
}
