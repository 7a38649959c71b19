import type { SoakFigures } from "./run-soak.ts";
import type { Memory } from "./soak-node.ts";

/** The report for people. */
export function soakTable(figures: SoakFigures, problems: readonly string[]): string {
	const { seconds, visits, latencies, errors, nodes, stored, engineBytes, staleStarts } = figures;
	const lines = [
		`${visits} visits in ${seconds.toFixed(0)} s, ${(visits / seconds).toFixed(1)} a second`,
		"",
		"| Visit | Count | p50 ms | p90 ms | p99 ms | max ms |",
		"| --- | ---: | ---: | ---: | ---: | ---: |",
		...Object.entries(latencies).map(([kind, { count, p50, p90, p99, max }]) => {
			const times = [p50, p90, p99, max].map((time) => time.toFixed(0));
			return `| ${[kind, count, ...times].join(" | ")} |`;
		}),
		"",
		"| Node, MiB | Start | End | Maximum |",
		"| --- | ---: | ---: | ---: |",
		...nodes.flatMap(({ start, end, max }, index) =>
			(["rss", "heapUsed", "external"] as const).map((what) => {
				const sizes = [start, end, max].map((memory) => mebibytes(memory, what));
				return `| ${[`${index + 1}: ${what}`, ...sizes].join(" | ")} |`;
			}),
		),
		"",
		"| Stored | Entries at the start | Entries at the end | Bytes at the end |",
		"| --- | ---: | ---: | ---: |",
		...[...stored.end].map(([kind, { entries, bytes }]) => {
			const before = stored.start.get(kind)?.entries ?? 0;
			return `| ${[kind, before, entries, bytes].join(" | ")} |`;
		}),
		"",
		`The engine uses ${engineBytes.start} bytes at the start, ${engineBytes.end} at the end`,
		`Stale starts left: ${staleStarts}`,
		...[...errors].map(([what, count]) => `Error, ${count} times: ${what}`),
		...problems.map((problem) => `Problem: ${problem}`),
		problems.length === 0 ? "No problems." : "",
	];
	return lines.join("\n");
}

/** The report for programs: one line of JSON. */
export function soakLine(figures: SoakFigures, problems: readonly string[]): string {
	return JSON.stringify({ ...figures, problems }, (_, value) =>
		value instanceof Map ? Object.fromEntries(value) : value,
	);
}

function mebibytes(memory: Memory, what: keyof Memory): string {
	return (memory[what] / 2 ** 20).toFixed(1);
}
