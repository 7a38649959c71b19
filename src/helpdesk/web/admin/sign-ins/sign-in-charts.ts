import type { Locale, TextKey } from "../../../locale/locale.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import {
	countOutcomes,
	type OutcomeCounts,
	overTime,
	type Period,
	type Tenths,
	tenthsOf,
	timeAway,
} from "../../../sign-ins/sign-in-figures.ts";
import type { Markup } from "../../layout.ts";
import { type Bar, barChart, columnChart } from "./charts.ts";

const MAX_REASONS = 8;
const SERIES = [
	{ outcome: "came-in", look: "good" },
	{ outcome: "cancelled", look: "quiet" },
	{ outcome: "refused", look: "bad" },
] as const;

export const OUTCOME_TEXTS = {
	"came-in": "sign-ins.outcome.came-in",
	cancelled: "sign-ins.outcome.cancelled",
	refused: "sign-ins.outcome.refused",
} as const satisfies Record<SignInEntry["outcome"], TextKey>;

/** The number of attempts in each hour or day, by outcome. */
export function outcomesChart(
	entries: readonly SignInEntry[],
	period: Period,
	now: number,
	locale: Locale,
): Markup {
	const { text } = locale;
	const { unit, labelEvery, label, name } = AXES[period];
	return columnChart({
		id: "outcomes",
		title: text("sign-ins.chart.outcomes.title"),
		summary: text("sign-ins.chart.outcomes.summary", {
			count: entries.length,
			...countsIn(countOutcomes(entries)),
		}),
		series: SERIES.map(({ outcome, look }) => ({ name: text(OUTCOME_TEXTS[outcome]), look })),
		unit: text(unit),
		columns: overTime(entries, period, now).map((bar) => {
			const time = name(bar.from, bar.to, locale);
			return {
				label: label(bar.from, locale),
				name: time,
				tip: text("sign-ins.chart.outcomes.column", { time, ...countsIn(bar) }),
				values: SERIES.map(({ outcome }) => bar[outcome]),
			};
		}),
		labelEvery,
		locale,
	});
}

function countsIn({ "came-in": loggedIn, cancelled, refused: failed }: OutcomeCounts) {
	return { loggedIn, cancelled, failed };
}

interface Axis {
	readonly unit: TextKey;
	readonly labelEvery: number;
	readonly label: (from: number, locale: Locale) => string;
	readonly name: (from: number, to: number, locale: Locale) => string;
}

const AXES: Readonly<Record<Period, Axis>> = {
	day: {
		unit: "sign-ins.chart.outcomes.hour",
		labelEvery: 6,
		label: time,
		name: (from, to, locale) =>
			locale.text("sign-ins.chart.outcomes.hours-of-day", {
				...{ day: day(from, locale), from: time(from), to: time(to) },
			}),
	},
	week: {
		unit: "sign-ins.chart.outcomes.day",
		labelEvery: 1,
		label: day,
		name: (from, _, locale) => day(from, locale),
	},
	month: {
		unit: "sign-ins.chart.outcomes.day",
		labelEvery: 6,
		label: day,
		name: (from, _, locale) => day(from, locale),
	},
	quarter: {
		unit: "sign-ins.chart.outcomes.days",
		labelEvery: 4,
		label: day,
		name: (from, to, locale) =>
			locale.text("sign-ins.chart.outcomes.day-to-day", {
				...{ from: day(from, locale), to: day(to - 1, locale) },
			}),
	},
};

/** The reasons why log-ins failed, most frequent first. */
export function reasonsChart(
	entries: readonly SignInEntry[],
	titleOf: (entry: SignInEntry) => string,
	pathOfReason: (title: string) => string,
	locale: Locale,
): Markup {
	const { text, language } = locale;
	const reasons = new Map<string, number>();
	for (const entry of entries.filter(({ outcome }) => outcome === "refused")) {
		const title = titleOf(entry);
		reasons.set(title, (reasons.get(title) ?? 0) + 1);
	}
	const bars = [...reasons]
		.map(([label, count]): Bar => ({ label, count, href: pathOfReason(label) }))
		.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, language));
	const rest = bars.slice(MAX_REASONS).reduce((sum, { count }) => sum + count, 0);
	const [first] = bars;
	return barChart({
		id: "reasons",
		title: text("sign-ins.chart.reasons.title"),
		summary:
			first === undefined
				? text("sign-ins.chart.reasons.none")
				: text("sign-ins.chart.reasons.summary", {
						...{ reason: first.label, count: first.count },
						all: countOutcomes(entries).refused,
					}),
		series: { name: text("sign-ins.chart.reasons.series"), look: "bad" },
		unit: text("sign-ins.chart.reasons.reason"),
		labels: "above",
		bars: [
			...bars.slice(0, MAX_REASONS),
			...(rest > 0 ? [{ label: text("sign-ins.chart.reasons.others"), count: rest }] : []),
		],
		locale,
	});
}

/** How long visitors stayed on the provider's pages, and how long the helpdesk waited for the provider. */
export function awayChart(
	entries: readonly SignInEntry[],
	provider: string,
	locale: Locale,
): Markup {
	const { text } = locale;
	const away = tenthsOf(entries.flatMap(({ awayMs }) => awayMs ?? []));
	const waited = tenthsOf(entries.filter(({ calls }) => calls > 0).map(({ waitedMs }) => waitedMs));
	const halfAndMost = ({ median, ninth }: Tenths) => ({
		median: seconds(median, locale),
		most: seconds(ninth, locale),
	});
	const visitors =
		away === undefined
			? text("sign-ins.chart.away.none", { provider })
			: text("sign-ins.chart.away.visitors", { provider, ...halfAndMost(away) });
	const helpdesk =
		waited === undefined
			? []
			: [text("sign-ins.chart.away.helpdesk", { provider, ...halfAndMost(waited) })];
	return barChart({
		id: "away",
		title: text("sign-ins.chart.away.title", { provider }),
		summary: [visitors, ...helpdesk].join(" "),
		series: { name: text("sign-ins.chart.away.series"), look: "plain" },
		unit: text("sign-ins.chart.away.unit", { provider }),
		labels: "beside",
		bars:
			away === undefined
				? []
				: timeAway(entries).map(({ fromSeconds, toSeconds, count }) => ({
						label: secondsBetween(fromSeconds, toSeconds, locale),
						count,
					})),
		locale,
	});
}

/** A time in seconds, with a decimal where it is short. */
export function seconds(ms: number, { text, language }: Locale): string {
	const digits = ms < 10_000 ? 1 : 0;
	const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	const written = new Intl.NumberFormat(language, shown).format(ms / 1000);
	return text("sign-ins.duration.seconds", { seconds: written });
}

function secondsBetween(from: number, to: number | undefined, { text }: Locale): string {
	if (to === undefined) {
		return text("sign-ins.chart.away.over-minutes", { from: from / 60 });
	}
	if (from === 0) {
		return text("sign-ins.chart.away.under-seconds", { to });
	}
	return from < 60
		? text("sign-ins.chart.away.seconds", { from, to })
		: text("sign-ins.chart.away.minutes", { from: from / 60, to: to / 60 });
}

function time(at: number): string {
	return new Date(at).toISOString().slice(11, 16);
}

function day(at: number, { tag }: Locale): string {
	return new Date(at).toLocaleDateString(shortDayTag(tag), {
		day: "numeric",
		month: "short",
		...{ timeZone: "UTC", calendar: "gregory" },
	});
}

/** English of no country has the day before the month here, as most countries write it. */
export function shortDayTag(tag: string): string {
	return tag === "en" ? "en-GB" : tag;
}
