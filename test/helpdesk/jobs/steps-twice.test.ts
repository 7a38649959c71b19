// What each kind of jobs promises: a step that is done twice, because a node was killed before it could say that it is done,
// has its effect once. And no step holds up visitors: its commits and lists are small.
import { expect, test } from "vitest";
import type { StorageKey } from "../../../src/contract/storage.ts";
import { RETIRE_BRAND } from "../../../src/helpdesk/add-ons/jobs/retire-brand.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import {
	KINDS_UNDER_TEST,
	type KindUnderTest,
	openCountedCore,
} from "../../kit/jobs/kinds-under-test.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const MOST_KEYS = 400;
const LONGEST_LIST = 200;
/** Its steps wait until no node serves the brand, so retire-brand.test.ts does them twice. */
const TESTED_APART = [RETIRE_BRAND];

/** Does a job of a kind from start to end. @returns what is stored then, and what it cost. */
async function doneJob({ type, prepare, seen }: KindUnderTest, twice: boolean) {
	const { core, storage, clock } = await openCountedCore();
	const kind = core.runner.kinds().find((each) => each.type === type);
	if (kind === undefined) {
		throw new Error(`the helpdesk knows no kind ${type}`);
	}
	const params = await prepare(core, storage, clock);
	storage.costsSoFar();
	const job = await driveJob(kind, params, { storage, twice });
	const { mostKeys, longestList } = storage.costsSoFar();
	const entries = await allEntries(storage);
	const sorts = entries
		.filter(({ key: [first] }) => first !== "jobs")
		.map(({ key }) => sortOf(key));
	const counts = new Map<string, number>();
	for (const sort of sorts.sort()) {
		counts.set(sort, (counts.get(sort) ?? 0) + 1);
	}
	const stored = { counts: Object.fromEntries(counts), seen: await seen?.(core, storage) };
	return { stored, costs: { mostKeys, longestList }, job };
}

/** In a flat namespace the second part names one entry. */
function sortOf(key: StorageKey): string {
	return key.slice(0, Math.min(2, key.length - 1)).join("/");
}

test.each(KINDS_UNDER_TEST)("$type: each step done twice has its effect once", async (kind) => {
	const [once, twice] = [await doneJob(kind, false), await doneJob(kind, true)];
	expect(twice.stored).toEqual(once.stored);
	expect([once.job.state, twice.job.state]).toEqual(["done", "done"]);
	// What a step finds done already, it may leave out of its progress.
	expect(twice.job.done).toBeGreaterThan(0);
	expect(twice.job.done).toBeLessThanOrEqual(once.job.done);
});

test.each(KINDS_UNDER_TEST)("$type: no commit and no list is large", async (kind) => {
	const { costs } = await doneJob(kind, false);
	// Here a step's commit has two keys of the job. The runner's have up to six: the record, and what leads to it.
	expect(costs.mostKeys).toBeLessThanOrEqual(MOST_KEYS - 4);
	expect(costs.longestList).toBeLessThanOrEqual(LONGEST_LIST);
});

test("every kind that the helpdesk knows is tested here", async () => {
	const { core } = await openCountedCore();
	const known = core.runner.kinds().map(({ type }) => type);
	const tested = new Set([...KINDS_UNDER_TEST.map(({ type }) => type), ...TESTED_APART]);
	expect([...tested].sort()).toEqual([...known].sort());
});
