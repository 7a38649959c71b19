import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { inParallel } from "../../src/helpdesk/in-parallel.ts";

test("items are worked on a few at once, and the results have the items' order", async () => {
	const items = Array.from({ length: 23 }, (_, index) => index);
	let atOnce = 0;
	let mostAtOnce = 0;
	const results = await inParallel(items, 4, async (item) => {
		atOnce += 1;
		mostAtOnce = Math.max(mostAtOnce, atOnce);
		// Later items are done sooner than the ones beside them.
		for (let turn = 0; turn < 4 - (item % 4); turn += 1) {
			await setImmediate();
		}
		atOnce -= 1;
		return `${item}`;
	});

	expect(results).toEqual(items.map(String));
	expect(mostAtOnce).toBe(4);
});

test("no items are no work", async () => {
	expect(await inParallel([], 4, async () => expect.unreachable())).toEqual([]);
});

test("after an error no other item is begun", async () => {
	const begun: number[] = [];
	const work = inParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
		begun.push(item);
		await setImmediate();
		if (item === 2) {
			throw new Error("the second one");
		}
	});

	await expect(work).rejects.toThrow("the second one");
	await setImmediate();
	await setImmediate();
	expect(begun).toEqual([1, 2, 3]);
});
