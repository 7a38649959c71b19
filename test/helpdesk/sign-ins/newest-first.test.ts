import { expect, test } from "vitest";
import { mergedNewestFirst, pagesBackwards } from "../../../src/helpdesk/sign-ins/newest-first.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { describeEachEngine } from "../../kit/storage/each-engine.ts";

describeEachEngine((openStorage) => {
	test.each([0, 1, 3, 4, 9, 10])(
		"a list of %i entries is read from its end, three at a time",
		async (count) => {
			const storage = await openStorage(new MockClock());
			const names = Array.from({ length: count }, (_, index) => `2026-0${index}`);
			await storage.commit({
				sets: [...names.map((name) => ["a", name, "x"]), ["b", "other"]].map((key) => ({
					...{ key, value: null },
				})),
			});
			const pages: (string | undefined)[][] = [];

			for await (const page of pagesBackwards(storage, ["a"], 3)) {
				pages.push(page.map(({ key }) => key[1]));
			}

			expect(pages.flat()).toEqual(names.toReversed());
			expect(pages.every((page) => page.length <= 3)).toBe(true);
		},
	);
});

test("between two lists others have their turn, on the way to the end and back", async () => {
	const storage = new MemoryStorage(new MockClock());
	const names = Array.from({ length: 30 }, (_, index) => String(index).padStart(2, "0"));
	await storage.commit({ sets: names.map((name) => ({ key: ["a", name], value: null })) });
	let turns = 0;
	const count = (): void => {
		turns += 1;
		next = setImmediate(count);
	};
	let next = setImmediate(count);
	const turnsAtPages: number[] = [];

	for await (const _ of pagesBackwards(storage, ["a"], 3)) {
		turnsAtPages.push(turns);
	}
	clearImmediate(next);

	expect(turnsAtPages[0]).toBeGreaterThanOrEqual(9);
	expect((turnsAtPages.at(-1) ?? 0) - (turnsAtPages[0] ?? 0)).toBeGreaterThanOrEqual(8);
});

test("several lists are one list, newest first", async () => {
	async function* pages(...times: readonly (readonly number[])[]) {
		yield* times;
	}
	const lists = [pages([9, 7], [], [3]), pages(), pages([8, 3, 1]), pages([])];
	const times: number[] = [];

	for await (const time of mergedNewestFirst(lists, (each) => each)) {
		times.push(time);
	}

	expect(times).toEqual([9, 8, 7, 3, 3, 1]);
});
