// The reports after EN 301 549 have each criterion once, with a result and what shows it.
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { REPORTS, rowsOf } from "./kit/report.ts";

/** The success criteria of WCAG 2.1 on levels A and AA, which chapter 9 of EN 301 549 V3.2.1 has under the same numbers. */
const WCAG_21 =
	"1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.3.1 3.3.2 3.3.3 3.3.4 4.1.1 4.1.2 4.1.3".split(
		" ",
	);
/** What WCAG 2.2 adds on these levels. */
const WCAG_22 = ["2.4.11", "2.5.7", "2.5.8", "3.2.6", "3.3.7", "3.3.8"];
const OTHERS = [
	"4.2",
	"5.2",
	"5.3",
	"5.4",
	"5.5 to 5.9",
	"6, 7, 8, 13",
	"10",
	"11",
	"12.1",
	"12.2",
];
const CLAUSES = [...WCAG_21.map((each) => `9.${each}`), "9.6", ...WCAG_22, ...OTHERS];
const RESULTS = ["Supports", "In part", "Does not apply"];

test.each(REPORTS)("%s has each criterion once, in its order", async (report) => {
	expect((await rowsOf(report)).map(({ clause }) => clause)).toEqual(CLAUSES);
});

test.each(REPORTS)(
	"%s says why each result is what it is, and names tests that exist",
	async (report) => {
		const folder = new URL("../", import.meta.url);
		const files = await readdir(folder, { recursive: true });
		const sources = await Promise.all(
			files
				.filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
				.map((name) => readFile(new URL(name, folder), "utf8")),
		);
		const code = sources.join("\n");
		for (const { clause, result, tests, words } of await rowsOf(report)) {
			expect([clause, RESULTS.includes(result)]).toEqual([clause, true]);
			expect([clause, result === "Does not apply" || words.length > 10]).toEqual([clause, true]);
			const unknown = tests.filter((title) => !code.includes(`"${title.replace("…", "%s")}"`));
			expect([clause, unknown]).toEqual([clause, []]);
		}
	},
);

test.each(REPORTS)(
	"%s has no date, and names what is met in part before the tables",
	async (report) => {
		const text = await readFile(new URL(`../../${report}`, import.meta.url), "utf8");
		const listed = text.slice(0, text.indexOf("| Clause"));
		expect(text).not.toMatch(/\b20[2-9]\d-\d\d|\b(?:January|June|November) 20/);
		for (const { clause, result } of await rowsOf(report)) {
			expect([clause, listed.includes(`- ${clause} `)]).toEqual([clause, result === "In part"]);
		}
	},
);
