import { expect, test } from "vitest";
import { costOf, growthProblems, growthTable } from "./growth-table.ts";

function times(login: number, storage: number) {
	const one = { login, storage };
	const far = { login: login * 100, storage: storage * 100 };
	return { returning: [one, one, far], new: [one, one, far] };
}

test("a storage is flat up to 1.5 times the cost with the fewest accounts", () => {
	const costs = [costOf("sqlite", 1000, times(4, 1)), costOf("sqlite", 1_000_000, times(6, 1.5))];

	expect(growthProblems(costs)).toEqual([]);
	expect(growthTable(costs)).toContain(
		"| sqlite | 1,000,000 | 1.50 (1.50–1.50) | 6.00 (6.00–6.00)",
	);
});

test("each cost that is not flat is reported, whatever the order of the sizes", () => {
	const costs = [
		costOf("redis", 1_000_000, times(4.1, 1.6)),
		costOf("redis", 1000, times(4, 1)),
		costOf("memory", 1000, times(9, 9)),
	];

	expect(growthProblems(costs)).toEqual([
		expect.stringContaining("redis, returning: storage: 1.60 times"),
		expect.stringContaining("redis, new: storage: 1.60 times"),
	]);
});
