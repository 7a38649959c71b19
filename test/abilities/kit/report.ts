import { readFile } from "node:fs/promises";

/** The reports after EN 301 549, by the path from the top of the repository. */
export const REPORTS = ["src/plugin/ACCESSIBILITY.md", "src/helpdesk/ACCESSIBILITY.md"] as const;

/** What a report says about one criterion. */
export interface ReportRow {
	/** Of EN 301 549 such as `9.1.1.1`, or of WCAG 2.2 such as `2.5.8`. */
	readonly clause: string;
	readonly result: string;
	/** Titles of tests. `…` stands for a value that a title is made with. */
	readonly tests: readonly string[];
	readonly words: string;
}

/** The rows of the tables of a report, without their heads. */
export async function rowsOf(report: (typeof REPORTS)[number]): Promise<readonly ReportRow[]> {
	const text = await readFile(new URL(`../../../${report}`, import.meta.url), "utf8");
	return text
		.split("\n")
		.filter((line) => /^\| \d/.test(line))
		.map((line) => {
			const [clause = "", , result = "", words = ""] = line
				.split("|")
				.slice(1, -1)
				.map((cell) => cell.trim());
			const tests = [...words.matchAll(/“([^”]+)”/g)].map(([, title = ""]) => title);
			return { clause, result, tests, words };
		});
}

/** Whether a title is the one that a report quotes. */
export function isTitle(quoted: string, title: string): boolean {
	const [begin = "", end] = quoted.split("…");
	return end === undefined ? title === begin : title.startsWith(begin) && title.endsWith(end);
}
