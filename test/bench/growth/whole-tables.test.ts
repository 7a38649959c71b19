import { expect, test } from "vitest";
import type { JobCost } from "./measured-jobs.ts";
import type { PageCost } from "./measured-pages.ts";
import { type WholeFigures, wholeProblems, wholeTables } from "./whole-tables.ts";

function page(changed: Partial<PageCost> = {}): PageCost {
	return {
		...{ page: "/admin/users", median: 3, most: 9, bytes: 20_000, operations: 30 },
		...{ residentBytes: 20e6, status: 200, isFile: false },
		...changed,
	};
}

function job(changed: Partial<JobCost> = {}): JobCost {
	return {
		...{
			job: "recount",
			duration: 2000,
			steps: 10,
			longestStep: 20,
			commits: 40,
			done: 1000,
			isCut: false,
		},
		waits: { count: 600, p50: 20, p99: 90, failed: 0 },
		residentBytes: 20e6,
		...changed,
	};
}

function figures(changed: Partial<WholeFigures> = {}): WholeFigures {
	const jobs = [job({ job: "nothing" }), job()];
	return {
		...{ storage: "sqlite", people: 1000, pages: [page()], jobs, storedBytes: 5e6 },
		...changed,
	};
}

test("figures within all bounds are no problem, and have a table of pages and one of jobs", () => {
	const all = [figures(), figures({ people: 1_000_000 })];

	expect(wholeProblems(all)).toEqual([]);
	expect(wholeTables(all).join("\n")).toContain("### sqlite, 1,000,000 people, 5 MB stored");
	expect(wholeTables(all).join("\n")).toContain("| /admin/users | 3.0 | 9.0 | 30 | 20.0 | 20 |");
	expect(wholeTables(all).join("\n")).toContain("| recount | 2.0 | 1,000 | 500 |");
});

test.each<[string, Partial<WholeFigures>, string]>([
	["a page over a second", { pages: [page({ most: 1001 })] }, "/admin/users: 1001 ms"],
	["an error", { pages: [page({ status: 500 })] }, "/admin/users: the answer is 500"],
	["memory", { pages: [page({ residentBytes: 301e6 })] }, "301 MB of resident memory"],
	["a page that grows", { pages: [page({ operations: 41 })] }, "41 operations, and 30 with 1000"],
	["a long step", { jobs: [job(), job({ longestStep: 101 })] }, "a step took 101 ms"],
	["a job that failed", { jobs: [job(), job({ problem: "failed: no" })] }, "recount: failed: no"],
	[
		"log-ins beside a job that are slow",
		{ jobs: [job(), job({ waits: { count: 1, p50: 1, p99: 181, failed: 0 } })] },
		"1 of 100 log-ins took over 181 ms, at most 180",
	],
	[
		"log-ins that fail",
		{ jobs: [job({ waits: { count: 1, p50: 1, p99: 1, failed: 2, problem: "gone" } })] },
		"2 log-ins failed: gone",
	],
])("%s is a problem", (_, changed, sentence) => {
	const problems = wholeProblems([figures(), figures({ people: 1_000_000, ...changed })]);

	expect(problems).toEqual([expect.stringContaining(sentence)]);
	expect(problems[0]).toMatch(/^sqlite, 1000000 people, /);
});

test("log-ins may take 100 ms, a search may look at more, and a file has no bound", () => {
	const fast = { count: 600, p50: 1, p99: 2, failed: 0 };
	const jobs = [job({ waits: fast }), job({ waits: { ...fast, p99: 100 } })];
	const many = figures({
		people: 1_000_000,
		jobs,
		pages: [
			page({ page: "users, a common word", operations: 200 }),
			page({ page: "/admin/links.csv", operations: 90_000, most: 60_000, isFile: true }),
		],
	});

	expect(wholeProblems([figures(), many])).toEqual([]);
});

test("time and memory are not judged on storages that are only shown", () => {
	const slow = { pages: [page({ most: 5000, residentBytes: 900e6 })], jobs: [] };

	expect(wholeProblems([figures({ storage: "memory", ...slow })])).toEqual([]);
	expect(wholeProblems([figures({ storage: "redis", ...slow })])).toEqual([]);
	expect(wholeProblems([figures({ storage: "postgres", ...slow })])).toHaveLength(2);
});
