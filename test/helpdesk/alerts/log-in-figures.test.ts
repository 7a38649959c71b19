import { expect, test } from "vitest";
import { recentLogIns } from "../../../src/helpdesk/alerts/log-in-figures.ts";

const HOUR = 60 * 60_000;
const NOW = Date.parse("2026-11-10T08:30:00.000Z");

test("the figures of a day and of a week, and the most frequent refusals", () => {
	const hour = (ago: number, ends: Readonly<Record<string, number>>) => ({
		...{ from: Math.floor(NOW / HOUR) * HOUR - ago * HOUR, ends },
		...{ returned: 0, starters: 0 },
	});
	const hours = [
		hour(7 * 24 + 1, { "came-in": 1000 }),
		hour(30, { "came-in": 10, "refused domain-refused": 2 }),
		hour(23, { "came-in": 4, cancelled: 2, "refused x-unavailable timeout": 1 }),
		hour(0, { "came-in": 3, "refused domain-refused": 3, "refused a": 1, "refused b": 1 }),
	];
	expect(recentLogIns({ hours }, NOW)).toEqual({
		day: { cameIn: 7, refused: 6, cancelled: 2 },
		week: { cameIn: 17, refused: 8, cancelled: 2 },
		refusals: [
			{ end: "refused domain-refused", count: 3 },
			{ end: "refused x-unavailable timeout", count: 1 },
			{ end: "refused a", count: 1 },
		],
	});
});
