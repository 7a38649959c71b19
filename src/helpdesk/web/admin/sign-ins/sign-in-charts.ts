import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import {
	countOutcomes,
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
	{ name: "Logged in", look: "good" },
	{ name: "Cancelled", look: "quiet" },
	{ name: "Failed", look: "bad" },
] as const;

/** The number of attempts in each hour or day, by outcome. */
export function outcomesChart(
	entries: readonly SignInEntry[],
	period: Period,
	now: number,
): Markup {
	const counts = countOutcomes(entries);
	const { unit, labelEvery, label, name } = AXES[period];
	return columnChart({
		id: "outcomes",
		title: "Attempts over time",
		summary: `${entries.length} attempts: ${counts["came-in"]} logged in, ${counts.cancelled} cancelled, ${counts.refused} failed.`,
		series: SERIES,
		unit,
		columns: overTime(entries, period, now).map((bar) => ({
			label: label(bar.from),
			name: name(bar.from, bar.to),
			values: [bar["came-in"], bar.cancelled, bar.refused],
		})),
		labelEvery,
	});
}

interface Axis {
	readonly unit: string;
	readonly labelEvery: number;
	readonly label: (from: number) => string;
	readonly name: (from: number, to: number) => string;
}

const AXES: Readonly<Record<Period, Axis>> = {
	day: {
		unit: "Hour (UTC)",
		labelEvery: 6,
		label: time,
		name: (from, to) => `${day(from)}, ${time(from)} to ${time(to)}`,
	},
	week: { unit: "Day (UTC)", labelEvery: 1, label: weekday, name: day },
	month: { unit: "Day (UTC)", labelEvery: 6, label: day, name: day },
	quarter: {
		unit: "Days (UTC)",
		labelEvery: 4,
		label: day,
		name: (from, to) => `${day(from)} to ${day(to - 1)}`,
	},
};

/** The reasons why log-ins failed, most frequent first. */
export function reasonsChart(
	entries: readonly SignInEntry[],
	titleOf: (entry: SignInEntry) => string,
	pathOfReason: (title: string) => string,
): Markup {
	const reasons = new Map<string, number>();
	for (const entry of entries.filter(({ outcome }) => outcome === "refused")) {
		const title = titleOf(entry);
		reasons.set(title, (reasons.get(title) ?? 0) + 1);
	}
	const bars = [...reasons]
		.map(([label, count]): Bar => ({ label, count, href: pathOfReason(label) }))
		.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
	const rest = bars.slice(MAX_REASONS).reduce((sum, { count }) => sum + count, 0);
	const [first] = bars;
	return barChart({
		id: "reasons",
		title: "Failures by reason",
		summary:
			first === undefined
				? "No log-in failed in this period."
				: `Most frequent: ${first.label}, ${first.count} of ${countOutcomes(entries).refused}.`,
		series: { name: "Failures", look: "bad" },
		unit: "Reason",
		labels: "above",
		bars: [
			...bars.slice(0, MAX_REASONS),
			...(rest > 0 ? [{ label: "All other reasons", count: rest }] : []),
		],
	});
}

/** How long visitors stayed on the provider's pages, and how long the helpdesk waited for the provider. */
export function awayChart(entries: readonly SignInEntry[], provider: string): Markup {
	const away = tenthsOf(entries.flatMap(({ awayMs }) => awayMs ?? []));
	const waited = tenthsOf(entries.filter(({ calls }) => calls > 0).map(({ waitedMs }) => waitedMs));
	const visitors =
		away === undefined
			? `Nobody came back from ${provider}'s pages in this period.`
			: `Visitors stayed on ${provider}'s pages ${halfAndMost(away)}.`;
	const helpdesk =
		waited === undefined
			? ""
			: ` An attempt waited for ${provider}'s answers ${halfAndMost(waited)}.`;
	return barChart({
		id: "away",
		title: `Time spent at ${provider}`,
		summary: `${visitors}${helpdesk}`,
		series: { name: "Visitors", look: "plain" },
		unit: `On ${provider}'s pages`,
		labels: "beside",
		bars:
			away === undefined
				? []
				: timeAway(entries).map(({ fromSeconds, toSeconds, count }) => ({
						label: secondsBetween(fromSeconds, toSeconds),
						count,
					})),
	});
}

function halfAndMost({ median, ninth }: Tenths): string {
	return `${seconds(median)} (median), at most ${seconds(ninth)} in nine of ten cases`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function secondsBetween(from: number, to: number | undefined): string {
	if (to === undefined) {
		return `over ${from / 60} min`;
	}
	if (from === 0) {
		return `under ${to} s`;
	}
	return from < 60 ? `${from} to ${to} s` : `${from / 60} to ${to / 60} min`;
}

function time(at: number): string {
	return new Date(at).toISOString().slice(11, 16);
}

function day(at: number): string {
	return new Date(at).toLocaleDateString("en-GB", {
		day: "numeric",
		month: "short",
		timeZone: "UTC",
	});
}

function weekday(at: number): string {
	return new Date(at).toLocaleDateString("en-GB", {
		weekday: "short",
		day: "numeric",
		timeZone: "UTC",
	});
}
