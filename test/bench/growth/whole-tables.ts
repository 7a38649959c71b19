import type { StorageName } from "./growth-options.ts";
import type { JobCost } from "./measured-jobs.ts";
import type { PageCost } from "./measured-pages.ts";
import type { MeasuredWhole } from "./measured-whole.ts";

export interface WholeFigures extends MeasuredWhole {
	readonly storage: StorageName;
}

const MOST_PAGE_MS = 1000;
/** With few people a list may be shorter than a page, and background work asks the storage meanwhile. */
const MORE_OPERATIONS = 10;
const MOST_STEP_MS = 100;
const MOST_RESIDENT_BYTES = 300e6;
/** Beside a job, the slowest log-ins may take so many times as long as beside nothing, or so long in any case. */
const MOST_SLOWER = 2;
const MOST_WAIT_MS = 100;
/** Storages that are judged by time and memory. The others are shown. */
const JUDGED: readonly StorageName[] = ["sqlite", "postgres"];

/** A table of pages and one of jobs, for each storage and number of people. */
export function wholeTables(figures: readonly WholeFigures[]): string[] {
	return figures.flatMap(({ storage, people, pages, jobs, storedBytes }) => {
		const stored = storedBytes === undefined ? "" : `, ${megabytes(storedBytes)} MB stored`;
		const title = `### ${storage}, ${people.toLocaleString("en")} people${stored}`;
		return [
			title,
			...(pages.length === 0 ? [] : [table(PAGE_COLUMNS, pages)]),
			...(jobs.length === 0 ? [] : [table(JOB_COLUMNS, jobs)]),
		];
	});
}

/** A sentence for each cost that is too high, or that grows. */
export function wholeProblems(figures: readonly WholeFigures[]): string[] {
	return figures.flatMap((each) => {
		const { storage, people, pages, jobs } = each;
		const fewest = figures
			.filter((other) => other.storage === storage)
			.reduce((least, other) => (other.people < least.people ? other : least));
		const isJudged = JUDGED.includes(storage);
		return [
			...pages.flatMap((page) => pageProblems(page, fewest, isJudged)),
			...jobs.flatMap((job) => jobProblems(job, jobs[0], isJudged)),
		].map((problem) => `${storage}, ${people} people, ${problem}`);
	});
}

function pageProblems(page: PageCost, fewest: MeasuredWhole, isJudged: boolean): string[] {
	const { page: name, most, operations, status, residentBytes, isFile } = page;
	const less = fewest.pages.find((other) => other.page === name)?.operations ?? operations;
	// A search looks at as many as there are, up to its own bound.
	const mayGrow = isFile || name.includes(" word");
	return [
		...(status < 500 ? [] : [`${name}: the answer is ${status}`]),
		...(mayGrow || operations <= less + MORE_OPERATIONS
			? []
			: [`${name}: ${operations} operations, and ${less} with ${fewest.people} people`]),
		...(isJudged && !isFile && most > MOST_PAGE_MS ? [`${name}: ${most.toFixed(0)} ms`] : []),
		...(isJudged ? memoryProblems(name, residentBytes) : []),
	];
}

function jobProblems(job: JobCost, quiet: JobCost | undefined, isJudged: boolean): string[] {
	const { job: name, longestStep, waits, residentBytes, problem } = job;
	const most = Math.max(MOST_SLOWER * (quiet?.waits.p99 ?? 0), MOST_WAIT_MS);
	return [
		...(problem === undefined ? [] : [`${name}: ${problem}`]),
		...(waits.failed === 0 ? [] : [`${name}: ${waits.failed} log-ins failed: ${waits.problem}`]),
		...(isJudged && longestStep > MOST_STEP_MS
			? [`${name}: a step took ${longestStep.toFixed(0)} ms`]
			: []),
		...(isJudged && waits.p99 > most
			? [
					`${name}: 1 of 100 log-ins took over ${waits.p99.toFixed(0)} ms, at most ${most.toFixed(0)}`,
				]
			: []),
		...(isJudged ? memoryProblems(name, residentBytes) : []),
	];
}

function memoryProblems(name: string, bytes: number): string[] {
	return bytes <= MOST_RESIDENT_BYTES
		? []
		: [`${name}: ${megabytes(bytes)} MB of resident memory beyond the start`];
}

type Columns<Row> = Readonly<Record<string, (row: Row) => string>>;

const PAGE_COLUMNS: Columns<PageCost> = {
	Page: ({ page }) => page,
	"Median ms": ({ median }) => median.toFixed(1),
	"Most ms": ({ most }) => most.toFixed(1),
	Operations: ({ operations }) => String(operations),
	kB: ({ bytes }) => (bytes / 1000).toFixed(1),
	"MB beyond the start": ({ residentBytes }) => megabytes(residentBytes),
};

const JOB_COLUMNS: Columns<JobCost> = {
	Job: ({ job }) => job,
	Seconds: ({ duration }) => (duration / 1000).toFixed(1),
	Done: ({ done, isCut }) => `${done.toLocaleString("en")}${isCut ? " (cut off)" : ""}`,
	"A second": ({ done, duration }) => ((done * 1000) / duration).toFixed(0),
	Steps: ({ steps }) => String(steps),
	"Longest step, ms": ({ longestStep }) => longestStep.toFixed(0),
	Commits: ({ commits }) => String(commits),
	"Log-ins": ({ waits }) => String(waits.count),
	"p50, ms": ({ waits }) => waits.p50.toFixed(0),
	"p99, ms": ({ waits }) => waits.p99.toFixed(0),
	"MB beyond the start": ({ residentBytes }) => megabytes(residentBytes),
};

function table<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
	const names = Object.keys(columns);
	const lines = [
		names,
		names.map((_, index) => (index === 0 ? "---" : "---:")),
		...rows.map((row) => Object.values(columns).map((cell) => cell(row))),
	];
	return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function megabytes(bytes: number): string {
	return (bytes / 1e6).toFixed(0);
}
