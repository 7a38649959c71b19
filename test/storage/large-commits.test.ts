import { expect, test } from "vitest";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { describeEachEngine } from "../kit/storage/each-engine.ts";

function setsOf(count: number) {
	return Array.from({ length: count }, (_, index) => ({ key: ["many", String(index)], value: 1 }));
}

describeEachEngine((open) => {
	test("a commit of ten thousand sets is applied, and one of more is a TypeError that says the limit", async () => {
		const storage = await open(new MockClock());
		for (const count of [10_001, 50_000]) {
			await expect(storage.commit({ sets: setsOf(count) })).rejects.toThrow(
				expect.objectContaining({
					name: "TypeError",
					message: expect.stringContaining("at most 10000 checks, sets and deletes"),
				}),
			);
		}
		expect((await storage.list([])).entries).toEqual([]);

		expect(await storage.commit({ sets: setsOf(10_000) })).toBe(true);

		expect(await storage.get(["many", "9999"])).toMatchObject({ value: 1 });
	});
});
