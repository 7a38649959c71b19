import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import { html } from "hono/html";
import { shownValue } from "../../../../contract/message-text.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Markup } from "../../layout.ts";
import { scrollRegion } from "../scroll-region.ts";

/** One series of a chart. `look` is a fill of the style sheet, with its own pattern and its own colour. */
export interface Series {
	readonly name: string;
	readonly look: "good" | "quiet" | "bad" | "plain";
}

export interface Column {
	/** The text below the column, where there is room. */
	readonly label: string;
	/** The text in the table. */
	readonly name: string;
	/** The text under the pointer, with the counts. */
	readonly tip: string;
	/** One count for each series. */
	readonly values: readonly number[];
}

export interface Bar {
	readonly label: string;
	readonly count: number;
	/** The link of its table row. */
	readonly href?: string;
}

/** Widths are in percent and heights in pixels, so that a chart fits any screen and its letters keep their size. */
const PLOT = { left: 7, right: 100, top: 16, bottom: 176, height: 204 } as const;

const MAX_NARROW_LABELS = 5;
/** The letters of a label that has room where every other one is left out. */
const SHORT_LABEL = 8;

/** Columns of stacked counts, with a legend and a table of the same figures. */
export function columnChart(chart: {
	readonly id: string;
	readonly title: string;
	readonly summary: string;
	readonly series: readonly Series[];
	/** The unit of the columns, shown as the head of the table. */
	readonly unit: string;
	readonly columns: readonly Column[];
	/** The distance between labels in columns, counted back from the last column. */
	readonly labelEvery: number;
	readonly locale: Locale;
}): Markup {
	const { id, series, columns, labelEvery, locale } = chart;
	const layers = stack<Column, number>()
		.keys([...series.keys()])
		.value(({ values }, key) => values[key] ?? 0)(columns);
	const highest = Math.max(1, ...layers.flatMap((layer) => layer.map(([, top]) => top)));
	const y = scaleLinear().domain([0, highest]).nice(4).range([PLOT.bottom, PLOT.top]);
	const x = scaleBand<number>()
		.domain([...columns.keys()])
		.range([PLOT.left, PLOT.right])
		.paddingInner(0.25)
		.paddingOuter(0.1);
	const grid = y
		.ticks(4)
		.filter(Number.isInteger)
		.map(
			(tick) =>
				html`<line class="grid" x1="${percent(PLOT.left)}" x2="100%" y1="${y(tick)}" y2="${y(tick)}"></line><text class="tick" x="${percent(PLOT.left - 1)}" y="${y(tick) + 4}" text-anchor="end">${compact(tick, locale)}</text>`,
		);
	const isShort = columns.every(({ label }) => label.length <= SHORT_LABEL);
	const narrowEvery = isShort ? 2 : 3;
	const drawn = columns.map(({ tip, label }, index) => {
		const left = percent(x(index) ?? 0);
		const parts = layers.map((layer) => {
			const [low, high] = layer[index] ?? [0, 0];
			const fill = `url(#${id}-${series[layer.key]?.look})`;
			return high === low
				? ""
				: html`<rect fill="${fill}" x="${left}" width="${percent(x.bandwidth())}" y="${y(high)}" height="${y(low) - y(high)}"></rect>`;
		});
		const fromLast = columns.length - 1 - index;
		// On a narrow screen labels go where they would overlap.
		const isSpare =
			columns.length > MAX_NARROW_LABELS * labelEvery &&
			(fromLast / labelEvery) % narrowEvery !== 0;
		const text =
			fromLast % labelEvery === 0
				? html`<text class="tick${isSpare ? " spare" : ""}" x="${percent((x(index) ?? 0) + x.bandwidth() / 2)}" y="${PLOT.height - 8}" text-anchor="middle">${label}</text>`
				: "";
		const pointed = html`<title>${tip}</title>`;
		return html`<g>${pointed}<rect class="hit" x="${left}" width="${percent(x.bandwidth())}" y="${PLOT.top}" height="${PLOT.bottom - PLOT.top}"></rect>${parts}</g>${text}`;
	});
	const head = [chart.unit, ...series.map(({ name }) => name)];
	const rows = columns.map(
		({ name, values }) => [html`<span class="nowrap">${name}</span>`, ...values] as const,
	);
	return figure(
		chart,
		PLOT.height,
		html`${grid}${drawn}`,
		legend(id, series),
		table(head, rows, locale),
	);
}

/** Rows of counts. Short labels stand beside their bars, long ones above. */
export function barChart(chart: {
	readonly id: string;
	readonly title: string;
	readonly summary: string;
	readonly series: Series;
	readonly unit: string;
	readonly labels: "beside" | "above";
	readonly bars: readonly Bar[];
	readonly locale: Locale;
}): Markup {
	const { id, series, bars, labels, locale } = chart;
	const above = labels === "above";
	const row = above ? 44 : 28;
	// On a telephone labels have room for readers who space letters out (WCAG 1.4.12).
	const left = above ? 0 : 40;
	const highest = Math.max(1, ...bars.map(({ count }) => count));
	const width = scaleLinear()
		.domain([0, highest])
		.range([0, 88 - left]);
	const drawn = bars.map(({ label, count }, index) => {
		const top = index * row;
		const bar = above ? top + 22 : top + 4;
		const fill = `url(#${id}-${series.look})`;
		return html`<g><title>${locale.text("sign-ins.chart.bar", { label, count })}</title><text class="label" x="0" y="${above ? top + 15 : top + 17}">${shortened(label)}</text><rect fill="${fill}" x="${percent(left)}" width="${percent(width(count))}" y="${bar}" height="16"></rect><text class="label" x="${percent(left + width(count) + 2)}" y="${bar + 13}">${shownValue(count, locale.language)}</text></g>`;
	});
	const rows = bars.map(
		({ label, count, href }) =>
			[href === undefined ? html`${label}` : html`<a href="${href}">${label}</a>`, count] as const,
	);
	return figure(
		chart,
		bars.length * row,
		html`${drawn}`,
		html`<svg class="patterns" aria-hidden="true" focusable="false">${pattern(id, series)}</svg>`,
		table([chart.unit, series.name], rows, locale),
	);
}

function figure(
	{
		id,
		title,
		summary,
		locale,
	}: {
		readonly id: string;
		readonly title: string;
		readonly summary: string;
		readonly locale: Locale;
	},
	height: number,
	drawing: Markup,
	key: Markup,
	figures: Markup,
): Markup {
	const { text } = locale;
	const described = text("sign-ins.chart.described", { summary });
	const label = text("sign-ins.chart.table.label", { title });
	return html`<figure class="card chart"><figcaption><h2>${title}</h2><p class="help">${summary}</p></figcaption>${key}
<svg role="img" aria-labelledby="${id}-title ${id}-desc" width="100%" height="${height}"><title id="${id}-title">${title}</title><desc id="${id}-desc">${described}</desc>${drawing}</svg>
<details><summary>${text("sign-ins.chart.table")}</summary>${scrollRegion(label, figures)}</details></figure>`;
}

function legend(id: string, series: readonly Series[]): Markup {
	const items = series.map(
		(each) =>
			html`<li><svg width="18" height="18" aria-hidden="true" focusable="false">${pattern(id, each)}<rect fill="url(#${id}-${each.look})" width="18" height="18" rx="3"></rect></svg>${each.name}</li>`,
	);
	return html`<ul class="legend">${items}</ul>`;
}

function pattern(id: string, { look }: Series): Markup {
	const marks = {
		good: html``,
		plain: html``,
		quiet: html`<circle class="mark" cx="4" cy="4" r="1.6"></circle>`,
		bad: html`<path class="mark" d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6"></path>`,
	};
	return html`<defs><pattern id="${id}-${look}" class="fill ${look}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8"></rect>${marks[look]}</pattern></defs>`;
}

function table(
	[first = "", ...others]: readonly string[],
	rows: readonly (readonly [Markup, ...number[]])[],
	{ language }: Locale,
): Markup {
	const head = others.map((name) => html`<th scope="col" class="number">${name}</th>`);
	const body = rows.map(
		([name, ...counts]) =>
			html`<tr><th scope="row">${name}</th>${counts.map((count) => html`<td class="number">${shownValue(count, language)}</td>`)}</tr>`,
	);
	return html`<table class="figures"><thead><tr><th scope="col">${first}</th>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function percent(value: number): string {
	return `${value.toFixed(2)}%`;
}

function compact(value: number, { text, language }: Locale): string {
	return value >= 1000
		? text("sign-ins.chart.thousands", { count: value / 1000 })
		: shownValue(value, language);
}

/** Keeps a label within the width of a telephone. The table has the whole label. */
function shortened(label: string): string {
	return label.length > 42 ? `${label.slice(0, 40)}…` : label;
}
