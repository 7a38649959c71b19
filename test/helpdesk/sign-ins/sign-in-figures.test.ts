import fc from "fast-check";
import { Window } from "happy-dom";
import { expect, test } from "vitest";
import type { SignInEntry } from "../../../src/helpdesk/sign-ins/sign-in-entry.ts";
import {
	overTime,
	PERIODS,
	type Period,
	startOf,
	tenthsOf,
	timeAway,
} from "../../../src/helpdesk/sign-ins/sign-in-figures.ts";
import { barChart, columnChart } from "../../../src/helpdesk/web/admin/sign-ins/charts.ts";
import {
	signInCsvHeader,
	signInCsvLines,
} from "../../../src/helpdesk/web/admin/sign-ins/sign-in-csv.ts";
import { signInsPage } from "../../../src/helpdesk/web/admin/sign-ins/sign-ins-page.ts";
import { mockBrand } from "../../../src/testing/mock-host/mock-host.ts";
import { ENGLISH } from "../../kit/helpdesk/said-in-english.ts";
import { processorClock } from "../../kit/processor-clock.ts";

const NOW = Date.UTC(2026, 0, 15, 12, 34);
const HOSTILE = '"><script>alert(1)</script>{x}';

function entry(changes: Partial<SignInEntry> = {}): SignInEntry {
	return {
		at: NOW,
		brandId: "acorn",
		outcome: "came-in",
		code: "signed-in",
		traceCode: "7F3K-9QWD",
		wanted: "log-in",
		durationMs: 21_000,
		awayMs: 20_000,
		calls: 2,
		waitedMs: 400,
		problem: null,
		protocol: null,
		who: null,
		isIndexed: true,
		...changes,
	};
}

test.each(Object.keys(PERIODS) as Period[])(
	"period %s: each entry is in one bar, and the bars follow each other up to now",
	(period) => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: startOf(period, NOW), max: NOW })), (times) => {
				const bars = overTime(
					times.map((at) => entry({ at })),
					period,
					NOW,
				);

				expect(bars.reduce((sum, bar) => sum + bar["came-in"], 0)).toBe(times.length);
				for (const [index, { from, to }] of bars.entries()) {
					expect(bars[index + 1]?.from ?? to).toBe(to);
					const within = times.filter((at) => at >= from && at < to);
					expect(bars[index]?.["came-in"]).toBe(within.length);
				}
				expect(bars.at(-1)?.to).toBeGreaterThan(NOW);
			}),
		);
	},
);

test("the last hour of 24 is the current one, and a clock that is ahead counts in it", () => {
	const bars = overTime([entry(), entry({ at: NOW + 7_200_000 })], "day", NOW);

	expect(bars).toHaveLength(24);
	expect(bars.at(-1)).toMatchObject({ from: Date.UTC(2026, 0, 15, 12), "came-in": 2 });
});

test("time at the provider is grouped by seconds, and the last group has no end", () => {
	const times = [0, 4_999, 5_000, 299_999, 300_000, 9_999_999, null];

	expect(timeAway(times.map((awayMs) => entry({ awayMs }))).map(({ count }) => count)).toEqual([
		2, 1, 0, 0, 0, 0, 1, 2,
	]);
});

test("the median and the ninth tenth exist where there are values", () => {
	expect(tenthsOf([])).toBeUndefined();
	expect(tenthsOf([7])).toEqual({ count: 1, median: 7, ninth: 7 });
	const hundred = Array.from({ length: 101 }, (_, index) => index);
	expect(tenthsOf(hundred)).toEqual({ count: 101, median: 50, ninth: 90 });
});

test("columns are as high as their counts and stand on each other", async () => {
	const columns = [
		{ label: "a", name: "first", tip: "first", values: [10, 0] },
		{ label: "b", name: "second", tip: "second", values: [5, 5] },
		{ label: "c", name: "third", tip: "third", values: [0, 0] },
	];
	const series = [
		{ name: "Good", look: "good" },
		{ name: "Bad", look: "bad" },
	] as const;
	const markup = await columnChart({
		id: "test",
		title: HOSTILE,
		summary: HOSTILE,
		series,
		unit: "Unit",
		columns,
		labelEvery: 1,
		locale: ENGLISH,
	});

	const document = new new Window().DOMParser().parseFromString(String(markup), "text/html");
	const drawn = [...document.querySelectorAll('svg[role="img"] g')].map((group) =>
		[...group.querySelectorAll("rect[fill]")].map((rect) => Number(rect.getAttribute("height"))),
	);
	expect(drawn).toEqual([[160], [80, 80], []]);
	expect(document.querySelectorAll("script")).toHaveLength(0);
	expect(document.querySelector("svg title")?.textContent).toBe(HOSTILE);
	const cells = [...document.querySelectorAll("tbody tr")].map(({ textContent }) => textContent);
	expect(cells).toEqual(["first100", "second55", "third00"]);
});

test("bars are as wide as their counts, and hostile labels stay text", async () => {
	const markup = await barChart({
		id: "test",
		title: "Bars",
		summary: "",
		series: { name: "Count", look: "plain" },
		unit: "Unit",
		labels: "above",
		bars: [
			{ label: HOSTILE, count: 4 },
			{ label: "b".repeat(400), count: 2 },
			{ label: "none", count: 0 },
		],
		locale: ENGLISH,
	});

	const document = new new Window().DOMParser().parseFromString(String(markup), "text/html");
	const widths = [...document.querySelectorAll('svg[role="img"] rect[fill]')].map((rect) =>
		Number.parseFloat(rect.getAttribute("width") ?? ""),
	);
	expect(widths).toEqual([88, 44, 0]);
	expect(document.querySelectorAll("script")).toHaveLength(0);
	expect(document.querySelectorAll("tbody th")[1]?.textContent).toHaveLength(400);
	expect(document.querySelectorAll("text.label")[2]?.textContent).toHaveLength(41);
});

test("markup in brand names, titles and codes is shown as text", async () => {
	const markup = await signInsPage({
		brands: [mockBrand("acorn", { name: HOSTILE })],
		filter: { period: "week", brandId: "acorn", ended: "", userId: "" },
		entries: [entry(), entry({ outcome: "refused", brandId: HOSTILE, code: HOSTILE })],
		reason: undefined,
		reasons: new Map([[HOSTILE, `end:${HOSTILE}`]]),
		titleOf: () => HOSTILE,
		providers: ["X"],
		providerOf: () => "X",
		strays: { count: 0, isWhole: true },
		costs: [],
		after: undefined,
		userName: undefined,
		now: NOW,
		locale: ENGLISH,
	});

	const document = new new Window().DOMParser().parseFromString(String(markup), "text/html");
	expect(document.querySelectorAll("script")).toHaveLength(0);
	expect(document.querySelectorAll("[onload], [onclick], [style]")).toHaveLength(0);
	expect(document.querySelectorAll("td strong")[1]?.textContent).toBe(HOSTILE);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
	"the CSV file keeps %j as text",
	(name) => {
		const csv = signInCsvLines(
			[entry()],
			() => name,
			() => name,
		);

		expect(signInCsvHeader().startsWith("\ufefftime,")).toBe(true);
		expect(csv).toContain(`'${name}`);
		expect(csv).not.toContain(`,${name}`);
	},
);

test("20,000 entries are counted and drawn in well under a second of a processor", async () => {
	const entries = Array.from({ length: 20_000 }, (_, index) => entry({ at: NOW - index * 1000 }));
	const seconds = processorClock();

	const markup = await signInsPage({
		brands: [],
		filter: { period: "quarter", brandId: "", ended: "", userId: "" },
		entries,
		reason: undefined,
		reasons: new Map([["signed-in", "end:x-login/signed-in"]]),
		titleOf: ({ code }) => code,
		providers: ["X"],
		providerOf: () => "X",
		strays: { count: 0, isWhole: true },
		costs: [],
		after: undefined,
		userName: undefined,
		now: NOW,
		locale: ENGLISH,
	});

	expect(seconds()).toBeLessThan(1);
	expect(String(markup).length).toBeLessThan(100_000);
});
