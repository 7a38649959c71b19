// Usage: `npm run soak -- --minutes 5 --rate 10 --storage sqlite|postgres|redis [--json]`. test/with-servers.sh starts servers.
import { runSoak } from "./run-soak.ts";
import { readSoakOptions } from "./soak-options.ts";
import { soakProblems } from "./soak-problems.ts";
import { soakLine, soakTable } from "./soak-report.ts";

const ends: (() => unknown)[] = [];
try {
	const options = readSoakOptions(process.argv.slice(2));
	const figures = await runSoak(options, (end) => ends.push(end));
	const problems = soakProblems(figures);
	console.log((options.json ? soakLine : soakTable)(figures, problems));
	process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
	for (const end of ends.reverse()) {
		await end();
	}
}
