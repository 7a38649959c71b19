// Usage: `compare-report.ts RESULTS.json`. Ends with 1 unless each test that the reports after EN 301 549 name has passed in a run of
// all tests, as Vitest's JSON reporter wrote it.
import { readFile } from "node:fs/promises";
import { isTitle, REPORTS, rowsOf } from "./kit/report.ts";

interface Results {
	readonly testResults: readonly {
		readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
	}[];
}

const results: Results = JSON.parse(await readFile(process.argv[2] ?? "", "utf8"));
const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults);
for (const report of REPORTS) {
	for (const row of await rowsOf(report)) {
		for (const quoted of row.tests) {
			const states = tests
				.filter(({ title }) => isTitle(quoted, title))
				.map(({ status }) => status);
			if (states.length === 0 || states.some((status) => status !== "passed")) {
				console.error(
					`${report}, ${row.clause}: “${quoted}” is ${states.join(", ") || "no test of this run"}`,
				);
				process.exitCode = 1;
			}
		}
	}
}
